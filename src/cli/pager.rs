//! Long text page by page, as other programs of the command line show it.

use std::io::Write as _;
use std::process::{Command, Stdio};

/// Shows a text in a pager, given with its arguments; false if there is none.
pub fn show(text: &str, pager: &str) -> bool {
    let mut words = pager.split_whitespace();
    let Some(program) = words.next() else { return false };
    let mut command = Command::new(program);
    command.args(words);
    if program.ends_with("less") {
        // Colours and links as they are, no screen of its own, and no waiting where it fits after all.
        command.args(["-R", "-F", "-X"]);
    }
    let Ok(mut child) = command.stdin(Stdio::piped()).spawn() else { return false };
    if let Some(mut input) = child.stdin.take() {
        // Who leaves early has seen enough.
        let _ = input.write_all(text.as_bytes());
    }
    child.wait().is_ok()
}

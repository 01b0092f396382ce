//! Commands whose output captures hold, and how their lines are told apart.

use crate::parse::{Claim, Head};
use crate::text::{Line, Text};

use super::Reading;

/// A command whose output is read.
pub trait Command: Sync {
    /// The name that `inspect` shows; also the module's and the sample folder's name.
    fn name(&self) -> &'static str;

    /// How sure it is that a source holds output of this command, judged from the first lines.
    fn recognise(&self, head: &Head) -> Option<Claim>;

    /// Whether what was typed at a prompt prints this: the program's name without `.exe`, and the words after it,
    /// all in lower case.
    fn typed(&self, program: &str, words: &[&str]) -> bool;

    /// Whether a line, given without its margins, begins this command's output whatever stood before it.
    fn begins(&self, line: &str) -> bool;

    /// The bytes with which such a line begins; none where any may. So most commands are not asked of most lines.
    fn initials(&self) -> &'static [u8] {
        &[]
    }

    /// A reader of this command's output, of which a source may hold several runs.
    fn reader<'a>(&self, text: &Text<'a>) -> Box<dyn Output<'a> + 'a>;
}

/// Reads the output of one command, run after run.
pub trait Output<'a> {
    /// A run begins: after a prompt with what was typed there, else with its first line.
    fn begin(&mut self, _typed: Option<&str>) {}

    /// Takes a line that is neither blank nor a prompt.
    fn line(&mut self, line: Line<'a>, reading: &mut Reading);

    /// Takes a blank line, which is counted already.
    fn blank(&mut self, _line: Line<'a>, _reading: &mut Reading) {}

    /// The run ends: a prompt, other output, or the end of the source.
    fn stop(&mut self, reading: &mut Reading);

    /// The source ends, all runs having been stopped.
    fn finish(&mut self, _reading: &mut Reading) {}
}

/// What was typed at a prompt like `C:\WINNT>net share` or `c:>net share`; empty where nothing was.
pub fn prompt(text: &str) -> Option<&str> {
    let text = text.trim();
    let text = text.strip_prefix("PS ").unwrap_or(text);
    let [drive, b':', b'\\' | b'>', ..] = text.as_bytes() else { return None };
    let (folder, typed) = text.split_once('>')?;
    // No folder name holds these, so a line with one of them before the `>` is no prompt.
    let prompts = drive.is_ascii_alphabetic() && !folder.contains(['<', '|', '"', '*', '?']);
    prompts.then_some(typed.trim())
}

/// The program and the words of a typed command, in lower case, without what redirects its output.
pub fn words(typed: &str) -> (String, Vec<String>) {
    let lower = typed.to_ascii_lowercase();
    let own = lower.split(['>', '|']).next().unwrap_or_default();
    let mut words = own.split_whitespace().map(str::to_owned);
    let first = words.next().unwrap_or_default();
    // `dir/s` and `dir\` need no blank.
    let end = first.find(['/']).filter(|at| *at > 0).unwrap_or(first.len());
    let (program, glued) = first.split_at(end);
    let program = program.rsplit('\\').next().unwrap_or(program);
    let program = program.strip_suffix(".exe").unwrap_or(program).to_owned();
    let glued = Some(glued.to_owned()).filter(|glued| !glued.is_empty());
    (program, glued.into_iter().chain(words).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_shows_what_was_typed() {
        assert_eq!(prompt("   C:\\source> dir /x"), Some("dir /x"));
        assert_eq!(prompt("C:\\>"), Some(""));
        assert_eq!(prompt("c:>arp -a"), Some("arp -a"));
        assert_eq!(prompt("PS D:\\Logs> sc.exe query"), Some("sc.exe query"));
        assert_eq!(prompt("C:\\x  <DIR>  >"), None);
        assert_eq!(prompt("09/20/00  10:24a  3 a>b"), None);
    }

    #[test]
    fn words_are_the_command_alone() {
        let check = |typed: &str, program: &str, rest: &[&str]| {
            let (found, words) = words(typed);
            assert_eq!(
                (found.as_str(), words.as_slice()),
                (program, rest.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>().as_slice())
            );
        };
        check("D:\\tools\\SC.EXE query", "sc", &["query"]);
        check("dir/s D:\\ > x.txt", "dir", &["/s", "d:\\"]);
        check("NET SHARE > x.txt", "net", &["share"]);
        check("", "", &[]);
    }
}

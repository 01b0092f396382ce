//! Commands whose output captures hold, and how their lines are told apart.

use crate::parse::{Claim, Head};
use crate::text::{Line, Page, Span, Text};

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

    /// The code pages of the systems that print a line, the most common one first; none where its words do not
    /// tell.
    fn pages(&self, _line: &str) -> &'static [Page] {
        &[]
    }

    /// The bytes with which such a line begins; none where any may. So most commands are not asked of most lines.
    fn initials(&self) -> &'static [u8] {
        &[]
    }

    /// A reader of this command's output, of which a source may hold several runs.
    fn reader<'a>(&self, text: &Text<'a>) -> Box<dyn Output<'a> + 'a>;
}

/// Reads the output of one command, run after run.
pub trait Output<'a> {
    /// A prompt shows the current folder; the run that was typed there begins next.
    fn prompt(&mut self, _folder: &str) {}

    /// A run begins: after a prompt with what was typed there, else with its first line.
    fn begin(&mut self, _typed: Option<&str>) {}

    /// Takes a line that is beyond doubt its own, as it stands in the source; false where it is not. Only lines
    /// that begin with a digit are offered, and none of UTF-16.
    fn take(&mut self, _span: Span<'a>, _reading: &mut Reading) -> bool {
        false
    }

    /// Takes a line that is neither blank nor a prompt.
    fn line(&mut self, line: Line<'a>, reading: &mut Reading);

    /// Takes a blank line, which is counted already.
    fn blank(&mut self, _line: Line<'a>, _reading: &mut Reading) {}

    /// A prompt follows, so the command had printed all that it would. [`Output::stop`] comes next.
    fn prompted(&mut self, _reading: &mut Reading) {}

    /// The run ends: a prompt, other output, or the end of the source.
    fn stop(&mut self, reading: &mut Reading);

    /// The source ends, all runs having been stopped.
    fn finish(&mut self, _reading: &mut Reading) {}
}

/// What was typed at a prompt like `C:\WINNT>net share` or `c:>net share`; empty where nothing was.
pub fn prompt(text: &str) -> Option<&str> {
    folder_and_typed(text).map(|(_, typed)| typed)
}

/// The current folder that a prompt shows, and what was typed there. PowerShell puts `PS ` before the folder,
/// other command processors put it in brackets.
pub fn folder_and_typed(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    let (start, end) = if text.starts_with('[') { ("[", ']') } else { ("", '>') };
    let text = text.strip_prefix(start)?;
    let text = text.strip_prefix("PS ").unwrap_or(text);
    let [drive, b':', rest @ ..] = text.as_bytes() else { return None };
    let rooted = matches!(rest, [b'\\', ..]) || (start.is_empty() && matches!(rest, [b'>', ..]));
    let (folder, typed) = text.split_once(end)?;
    // No folder name holds these, so a line with one of them before the end is no prompt.
    let prompts = drive.is_ascii_alphabetic() && !folder.contains(['<', '|', '"', '*', '?', '>']);
    (rooted && prompts).then_some((folder.trim_end(), typed.trim()))
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
        assert_eq!(folder_and_typed("PS D:\\x> tree /f"), Some(("D:\\x", "tree /f")));
        assert_eq!(folder_and_typed("[C:\\Temp] dir \\Temp"), Some(("C:\\Temp", "dir \\Temp")));
        assert_eq!(prompt("[.]       [..]"), None);
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

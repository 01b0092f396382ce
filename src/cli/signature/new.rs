//! `sitedx signature new`: from log lines to a file that only wants words.

use std::io::{IsTerminal as _, Read as _};
use std::path::PathBuf;

use super::{PackArguments, Status, output};
use crate::bundle::write_new;
use crate::draft::{Wish, draft};

/// More than a few lines are no start of a signature.
const MOST_BYTES: u64 = 1 << 20;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sitedx signature new < line.txt
  sitedx signature new --id widget-full --phase sender -o our-signatures/ < line.txt")]
pub struct Arguments {
    /// The id, which is the file's name too: it names the trouble. Without it, it is guessed.
    #[arg(long)]
    id: Option<String>,
    /// The phase, which is the folder's name too. Without it, that of signatures of the same log.
    #[arg(long)]
    phase: Option<String>,
    /// Writes DIR/PHASE/ID.toml, which must not be there yet; without it, to the standard output.
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
    #[command(flatten)]
    packs: PackArguments,
}

/// Reads lines from the standard input and writes a draft.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let (catalog, sound) = arguments.packs.catalog();
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        output::note(
            "paste the log lines, the most telling one first; end with Ctrl+D (Windows: Ctrl+Z, Enter)",
        );
    }
    let mut input = Vec::new();
    stdin.take(MOST_BYTES).read_to_end(&mut input)?;
    let wish = Wish { id: arguments.id.clone(), phase: arguments.phase.clone() };
    let draft = draft(&input, &wish, catalog)?;
    match &arguments.output {
        None => output::result(&draft.text)?,
        Some(folder) => {
            let path = folder.join(&draft.phase).join(format!("{}.toml", draft.id));
            write_new(&path, &draft.text)?;
            output::result(&format!("{}\n", path.display()))?;
        }
    }
    Ok(if sound { Status::Done } else { Status::Failed })
}

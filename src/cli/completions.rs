//! `sitedx completions`: what a shell proposes while a command is typed.

use clap::CommandFactory as _;
use clap_complete::{Shell, generate};

use super::{Status, output};

/// Writes the completions of a shell, to be put where it looks for them.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sitedx completions bash > /etc/bash_completion.d/sitedx
  sitedx completions powershell >> $PROFILE")]
pub struct Arguments {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

/// Runs the subcommand.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let mut out = Vec::new();
    generate(arguments.shell, &mut super::Arguments::command(), "sitedx", &mut out);
    output::result(&String::from_utf8(out)?)?;
    Ok(Status::Done)
}

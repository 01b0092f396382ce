//! `sitedx man`: the manual page, out of the definitions of the options.

use clap::CommandFactory as _;

use super::{Status, output};

/// Writes the manual page, of the program or of one of its commands.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sitedx man > sitedx.1
  sitedx man analyze > sitedx-analyze.1")]
pub struct Arguments {
    /// The command; without one, the page of the program.
    command: Option<String>,
}

/// Runs the subcommand.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let mut program = super::Arguments::command();
    program.build();
    let page = match &arguments.command {
        None => program,
        Some(name) => {
            let found = program.get_subcommands().find(|it| it.get_name() == name);
            let found =
                found.ok_or_else(|| anyhow::anyhow!("`{name}` is no command; `sitedx help` has all"))?;
            // Pages of commands are known by both names.
            found.clone().display_name(format!("sitedx-{name}"))
        }
    };
    let mut out = Vec::new();
    clap_mangen::Man::new(page).render(&mut out)?;
    output::result(&String::from_utf8(out)?)?;
    Ok(Status::Done)
}

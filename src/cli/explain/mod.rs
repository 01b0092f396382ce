//! `sitedx explain`: what a number, a name or a line of a log means.

mod answer;
mod codes;
mod names;
mod page;

use super::{PackArguments, Status, output};
use crate::catalog::Catalog;
use crate::codes::Components;
use crate::model::json_safe;
use answer::Answer;

/// Explains error codes, components, logs, control files, articles, signatures and lines of logs.
///
/// A number may be written in any way that logs write it. Where it can be several things, all are shown, the
/// likeliest first; a whole line in quotes tells more, because its words say what its numbers are. The number of
/// an article gives the signatures that cite it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sitedx explain 5 2453 0x80070005 -2147024891
  sitedx explain SMS_BOOTSTRAP despool .CT1
  sitedx explain failed-install-residue
  sitedx explain 'Despooler failed to execute the instruction, error code = c0000001'

Exit status: 0 all are known, 2 one is not.")]
pub struct Arguments {
    /// Numbers, names, article numbers, or lines of a log in quotes.
    #[arg(value_name = "WHAT", required = true, allow_negative_numbers = true)]
    what: Vec<String>,
    /// The format.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    packs: PackArguments,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// To read.
    Text,
    /// For other programs.
    Json,
}

/// Runs the subcommand.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let (catalog, sound) = arguments.packs.catalog();
    let components = catalog.components();
    let answers: Vec<Answer> =
        arguments.what.iter().map(|what| explain(what, catalog, &components)).collect();
    match arguments.format {
        Format::Text => output::result(&page::render(&answers, output::width()))?,
        Format::Json => {
            let mut text = serde_json::to_string_pretty(&answers)?;
            text.push('\n');
            output::result(&json_safe(&text))?;
        }
    }
    for unknown in answers.iter().filter(|answer| !answer.known) {
        output::complain(&unknown.complaint());
    }
    let all = answers.iter().all(|answer| answer.known);
    Ok(if sound && all { Status::Done } else { Status::Failed })
}

/// All that is known of what was asked for: several things may go by one name.
fn explain(what: &str, catalog: &Catalog, components: &Components) -> Answer {
    let what = what.trim();
    if !catalog.codes().named(what).is_empty()
        && let Some(answer) = codes::of_number(what, catalog)
    {
        return answer;
    }
    let named = names::look_up(what, catalog, components);
    if named.is_known() {
        return named;
    }
    if what.contains(char::is_whitespace) {
        return codes::of_line(what, catalog, components);
    }
    codes::of_number(what, catalog).unwrap_or_else(|| names::unknown(what, catalog, components))
}

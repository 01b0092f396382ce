//! `sitedx timeline`: what happened on all servers, in the order of time.

use std::path::PathBuf;

use chrono::{NaiveDate, NaiveDateTime};

use super::{LimitArguments, PackArguments, RedactArguments, Status, output};
use crate::bundle;
use crate::custody::Hashes;
use crate::model::report::Moment;
use crate::pipeline;
use crate::report::{TimelineFormat, render_timeline};
use crate::signature::SEVERITIES;

/// Tells what happened on all servers in the order of time: phases, events, findings, errors, silences, clocks.
///
/// Times are UTC where the zone is known. Not every record is a moment: what is told is what says how it went.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sitedx timeline PRI01.zip SEC04.zip
  sitedx timeline case-4711/ --from 2001-05-09T14:00 --to 2001-05-09 --server SEC04
  sitedx timeline case-4711/ --kind phase --kind finding --format csv > story.csv")]
pub struct Arguments {
    /// Folders, files and archives; all are read together.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The format.
    #[arg(long, value_enum, default_value = "text")]
    format: TimelineFormat,
    /// Nothing before this time, such as 2001-05-09 or 2001-05-09T14:02; UTC where the zone is known.
    #[arg(long, value_name = "TIME", value_parser = time)]
    from: Option<String>,
    /// Nothing after this time; a day or a minute is taken as a whole.
    #[arg(long, value_name = "TIME", value_parser = time)]
    to: Option<String>,
    /// Only this server; may be given several times.
    #[arg(long, value_name = "NAME")]
    server: Vec<String>,
    /// Only this component or log, such as SMS_LAN_SENDER or sender; may be given several times.
    #[arg(long, value_name = "NAME")]
    component: Vec<String>,
    /// Only findings of at least this severity.
    #[arg(long, value_name = "SEVERITY", value_parser = super::analyze::severities())]
    severity: Option<String>,
    /// Only this kind of moment; may be given several times.
    #[arg(long, value_name = "KIND", value_parser = ["event", "finding", "phase", "error", "set_back", "silence"])]
    kind: Vec<String>,
    #[command(flatten)]
    packs: PackArguments,
    #[command(flatten)]
    limits: LimitArguments,
    #[command(flatten)]
    redact: RedactArguments,
}

/// A time as far as it is given, in the form in which moments are written.
fn time(text: &str) -> Result<String, String> {
    let text = text.trim().trim_end_matches(['Z', 'z']).replace(' ', "T");
    let filled = format!("{text}{}", "0000-01-01T00:00:00".get(text.len()..).unwrap_or_default());
    let is_day = NaiveDate::parse_from_str(&text, "%Y-%m-%d").is_ok();
    let is_whole = matches!(text.len(), 13 | 16 | 19..);
    let is_time = is_whole && NaiveDateTime::parse_from_str(&filled, "%Y-%m-%dT%H:%M:%S%.f").is_ok();
    let wrong = || "a time is written as 2001-05-09, 2001-05-09T14:02 or 2001-05-09T14:02:11".to_owned();
    if is_day || is_time { Ok(text) } else { Err(wrong()) }
}

/// Runs the subcommand.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let (catalog, sound) = arguments.packs.catalog();
    let opened = bundle::open(&arguments.paths, &arguments.limits.limits())?;
    let bar = output::progress(&opened);
    let mut anonymous = arguments.redact.begin()?;
    let (mut report, names) = pipeline::analyze_named(&opened, catalog, Hashes::Left, |bytes| bar.inc(bytes));
    bar.finish_and_clear();
    let mut moments = std::mem::take(&mut report.timeline);
    moments.retain(|moment| arguments.wants(moment));
    anonymous.learn(names);
    anonymous.apply(&mut moments);
    anonymous.apply(&mut report);
    output::page(&render_timeline(&report, &moments, arguments.format, output::width()))?;
    anonymous.finish()?;
    output::missing(&opened);
    Ok(if sound && opened.missing.is_empty() { Status::Done } else { Status::Failed })
}

impl Arguments {
    fn wants(&self, moment: &Moment) -> bool {
        // Times are written alike, so that their texts are in the order of time.
        let time = moment.time.trim_end_matches('Z');
        let after = self.from.as_ref().is_none_or(|from| from.as_str() <= time);
        let before = self.to.as_ref().is_none_or(|to| time.get(..to.len()).unwrap_or(time) <= to.as_str());
        let one_of = |list: &[String], names: &[Option<&str>]| {
            let is_named = |wanted: &String| names.iter().flatten().any(|it| it.eq_ignore_ascii_case(wanted));
            list.is_empty() || list.iter().any(is_named)
        };
        let rank = |name: &str| SEVERITIES.iter().position(|(known, _)| *known == name);
        let severe = self.severity.as_deref().is_none_or(|least| {
            moment.severity.and_then(rank).zip(rank(least)).is_some_and(|(rank, least)| rank <= least)
        });
        after
            && before
            && severe
            && one_of(&self.server, &[Some(&moment.host)])
            && one_of(&self.component, &[moment.component.as_deref(), moment.log.as_deref()])
            && one_of(&self.kind, &[Some(moment.kind), moment.diagnosis.map(|_| "finding")])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_may_be_given_in_part() {
        assert_eq!(time("2001-05-09").as_deref(), Ok("2001-05-09"));
        assert_eq!(time("2001-05-09 14:02").as_deref(), Ok("2001-05-09T14:02"));
        assert_eq!(time("2001-05-09T14:02:11.310Z").as_deref(), Ok("2001-05-09T14:02:11.310"));
        for wrong in ["", "yesterday", "2001-13-01", "2001-05", "2001-05-09T25", "2001-05-09T14:2"] {
            assert!(time(wrong).is_err(), "{wrong}");
        }
    }
}

//! What the command prints: results to the standard output, everything else to the standard error.

use std::io::{self, Write as _};
use std::sync::OnceLock;

use anstyle::AnsiColor;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::authoring::Mistake;
use crate::bundle::Opened;
use crate::catalog::Flaws;
use crate::model::printable;

/// How output looks.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Output")]
pub struct TerminalArguments {
    /// Colours and links in text.
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN")]
    color: When,
    /// Tells nothing but results and errors: no notes, no progress.
    #[arg(long, short, global = true)]
    quiet: bool,
    /// Tells what is read, and what could not be read, while it goes on.
    #[arg(long, short, global = true, conflicts_with = "quiet")]
    verbose: bool,
    /// What shows text that is longer than the screen.
    #[arg(
        long,
        global = true,
        env = "PAGER",
        default_value = "less",
        value_name = "PROGRAM",
        hide_env_values = true
    )]
    pager: String,
    /// Writes all text at once.
    #[arg(long, global = true)]
    no_pager: bool,
}

/// When something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum When {
    /// On a terminal that can.
    Auto,
    Always,
    Never,
}

/// What was asked for, for the whole of the program.
static ASKED: OnceLock<TerminalArguments> = OnceLock::new();

impl TerminalArguments {
    /// Lets all that is written from now on obey.
    pub fn apply(self) {
        match self.color {
            When::Auto => {}
            When::Always => anstream::ColorChoice::AlwaysAnsi.write_global(),
            When::Never => anstream::ColorChoice::Never.write_global(),
        }
        // It is set once, before anything is written.
        let _ = ASKED.set(self);
    }
}

fn asked(what: fn(&TerminalArguments) -> bool) -> bool {
    ASKED.get().is_some_and(what)
}

/// Whether links to files are understood where the output goes.
pub fn links() -> bool {
    match ASKED.get().map(|it| it.color) {
        Some(When::Never) => false,
        Some(When::Always) => true,
        _ => supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout),
    }
}

/// Writes a text that a person reads: page by page where it is longer than the screen.
///
/// # Errors
/// When the output cannot be written, a closed pipe included.
pub fn page(text: &str) -> anyhow::Result<()> {
    let screen = terminal_size::terminal_size_of(io::stdout());
    let fits = screen.is_none_or(|(_, height)| text.lines().count() < usize::from(height.0));
    match ASKED.get() {
        Some(asked) if !fits && !asked.no_pager && super::pager::show(text, &asked.pager) => Ok(()),
        _ => result(text),
    }
}

/// Tells what is going on, if that was asked for.
pub fn detail(text: &str) {
    if asked(|it| it.verbose) {
        let _ = writeln!(anstream::stderr(), "{}", printable(text));
    }
}

/// Writes a result. Colours are left out where the output is no terminal, or NO_COLOR is set.
///
/// # Errors
/// When the output cannot be written, a closed pipe included.
pub fn result(text: &str) -> anyhow::Result<()> {
    let mut out = anstream::AutoStream::auto(io::stdout());
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// Whether an error only says that nobody reads the output any more.
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let broken = |cause: &(dyn std::error::Error + 'static)| {
        cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
            || cause
                .downcast_ref::<serde_json::Error>()
                .is_some_and(|error| error.io_error_kind() == Some(io::ErrorKind::BrokenPipe))
    };
    error.chain().any(broken)
}

/// Tells what went wrong.
pub fn complain(text: &str) {
    let style = AnsiColor::Red.on_default().bold();
    // Where not even the standard error can be written, there is nobody left to tell.
    let _ = writeln!(anstream::stderr(), "{style}error{style:#}: {}", printable(text));
}

/// Tells what is worth knowing and no error.
pub fn note(text: &str) {
    if asked(|it| it.quiet) {
        return;
    }
    let style = AnsiColor::Yellow.on_default().bold();
    let _ = writeln!(anstream::stderr(), "{style}note{style:#}: {}", printable(text));
}

/// Tells every mistake of the catalog with its place.
pub fn flaws(flaws: &Flaws) {
    for failure in &flaws.failures {
        complain(failure);
    }
    mistakes(&flaws.mistakes);
}

/// Tells mistakes of a file that a person wrote, each with its place.
pub fn mistakes(all: &[Mistake]) {
    for mistake in all {
        let _ = writeln!(anstream::stderr(), "{}\n", mistake.excerpt());
    }
}

/// Tells what of the paths that were asked for could not be opened.
pub fn missing(opened: &Opened) {
    for (path, error) in &opened.missing {
        complain(&format!("{path}: {error}"));
    }
}

/// The number of columns for text: the terminal's, from 60 to 100; 100 where there is none.
pub fn width() -> usize {
    let columns = terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
    columns.map_or(100, |columns| columns.clamp(60, 100))
}

/// A progress bar over the bytes of all sources, if someone watches and it is worth it.
pub fn progress(opened: &Opened) -> ProgressBar {
    let total: u64 = opened.sources.iter().map(|source| source.size()).sum();
    let unwatched = total < 50_000_000 || asked(|it| it.quiet);
    let target = if unwatched { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let style = ProgressStyle::with_template("reading {bar:40} {bytes} of {total_bytes}, {eta} left");
    let bar = ProgressBar::with_draw_target(Some(total), target);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

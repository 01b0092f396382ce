//! Reads a log of any size: run by run, each in pieces side by side, with the result of reading line by line.

use std::io::{self, Read};

use rayon::prelude::*;

use super::LogContext;
use super::collector::Collector;
use super::summary::LogRead;
use crate::grammar::Reader;
use crate::model::SourceId;
use crate::text::{self, Encoding, Piece, Runs, Streamed};

/// Reads a log from start to end. `file` is the file's name, by which its logical log is known.
///
/// # Errors
/// What the reader says; what was read before that is in the log all the same.
pub fn read(
    source: SourceId,
    file: &str,
    reader: &mut dyn Read,
    encoding: Encoding,
    context: LogContext<'_>,
) -> (LogRead, io::Result<()>) {
    read_in(&SIZES, source, file, reader, encoding, context)
}

/// How a log is cut, in bytes. The sizes change nothing but the time that it takes.
#[derive(Clone, Copy, Debug)]
struct Sizes {
    /// What is read at once, at first and at most.
    runs: (usize, usize),
    /// What one thread looks at.
    piece: usize,
    /// From which the grammar of a log shows.
    first: usize,
    /// Within which a line with a frame is looked for.
    search: usize,
}

/// Pieces are large beside what it costs to put them together.
const SIZES: Sizes = Sizes { runs: text::SIZES, piece: 1 << 18, first: 1 << 14, search: 1 << 16 };

fn read_in(
    sizes: &Sizes,
    source: SourceId,
    file: &str,
    reader: &mut dyn Read,
    encoding: Encoding,
    context: LogContext<'_>,
) -> (LogRead, io::Result<()>) {
    let mut state = State {
        records: Reader::new(context.grammars),
        collector: Collector::new(source, file, context),
        done: Streamed::default(),
    };
    let mut runs = Runs::in_sizes(reader, encoding, sizes.runs);
    let mut next = runs.next_run();
    while let Some(run) = next.take() {
        // The next run is read while this one is looked at.
        rayon::in_place_scope(|scope| {
            scope.spawn(|_| state.run(run.piece(), sizes, context));
            next = runs.next_run();
        });
    }
    let State { mut records, mut collector, done } = state;
    records.end(&mut |record| collector.record(record));
    (collector.finish(done), runs.finish())
}

/// How far a log was read, and what came of it.
struct State<'a> {
    records: Reader<'a>,
    collector: Collector<'a>,
    done: Streamed,
}

impl<'a> State<'a> {
    /// Reads the next run.
    ///
    /// All pieces but the first are read as if a record began where they begin. Whether that is so shows when the
    /// piece before was read; if it is not, the piece is read again from there. So threads change nothing.
    fn run(&mut self, mut run: Piece<'_>, sizes: &Sizes, context: LogContext<'a>) {
        if self.records.current().is_none() && sizes.piece < run.bytes.len() {
            let end = run.line_end(sizes.first).unwrap_or(run.bytes.len());
            self.lines(run.part(0, end));
            run = run.part(end, run.bytes.len());
        }
        let current = self.records.current();
        let pieces =
            if rayon::current_num_threads() == 1 { vec![run] } else { cut(run, sizes, context, current) };
        let Some((first, others)) = pieces.split_first() else { return };
        let collector = self.collector.another();
        let read = |piece: &Piece<'_>| {
            let records = Reader::within(context.grammars, current);
            let mut state = State { records, collector: collector.another(), done: Streamed::default() };
            state.lines(*piece);
            state
        };
        let mut states = Vec::new();
        rayon::in_place_scope(|scope| {
            if !others.is_empty() {
                scope.spawn(|_| states = others.par_iter().with_max_len(1).map(read).collect());
            }
            self.lines(*first);
        });
        for (piece, state) in others.iter().zip(states) {
            let Self { records, collector, .. } = self;
            if records.is_as_new(current, &piece.first_line(), &mut |record| collector.record(record)) {
                self.append(state);
            } else {
                self.lines(*piece);
            }
        }
    }

    /// Reads lines that follow.
    fn lines(&mut self, piece: Piece<'_>) {
        let Self { records, collector, done } = self;
        piece.lines(done, &mut |line| records.line(line, &mut |record| collector.record(record)));
    }

    /// Takes over what was read of the lines that follow.
    fn append(&mut self, next: Self) {
        self.collector.append(next.collector, self.done.lines);
        self.records = next.records;
        self.records.move_lines(self.done.lines);
        self.done.add(next.done);
    }
}

/// Cuts a run where a record likely begins.
fn cut<'t>(run: Piece<'t>, sizes: &Sizes, context: LogContext<'_>, current: Option<usize>) -> Vec<Piece<'t>> {
    let Sizes { piece, search, .. } = *sizes;
    let mut records = Reader::within(context.grammars, current);
    let (mut pieces, mut start) = (Vec::new(), 0);
    while start + 2 * piece <= run.bytes.len() {
        let mut at = start + piece;
        // Without such a line any line will do.
        while let Some(end) = run.line_end(at)
            && end < run.bytes.len()
        {
            at = end;
            if start + piece + search < at || records.is_framed(&run.part(at, run.bytes.len()).first_line()) {
                break;
            }
        }
        if at == start + piece {
            break;
        }
        pieces.push(run.part(start, at));
        start = at;
    }
    pieces.push(run.part(start, run.bytes.len()));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::{EventTexts, Grammars, Logs, built_in};
    use crate::parse::log::{Interest, Wanted};
    use crate::pattern::LinePattern;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static GRAMMARS: LazyLock<Grammars> = LazyLock::new(built_in);
    static INTEREST: LazyLock<Interest> = LazyLock::new(|| {
        let patterns =
            ["Cannot connect to {server:host}", "Wrote {count:int} bytes", "Setup failed", "It failed"];
        let wanted = patterns.map(|pattern| {
            let pattern = LinePattern::new(pattern).unwrap();
            Wanted { pattern, logs: Vec::new(), component: None }
        });
        Interest::new(wanted.to_vec())
    });

    /// All that is remembered of a log that is cut in this way.
    fn remembered(text: &[u8], encoding: Encoding, sizes: &Sizes, threads: usize) -> String {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let mut bytes = text;
        let (logs, event_texts) = (Logs::default(), EventTexts::default());
        let context =
            LogContext { grammars: &GRAMMARS, logs: &logs, event_texts: &event_texts, interest: &INTEREST };
        let (log, result) =
            pool.install(|| read_in(sizes, SourceId(0), "sender.log", &mut bytes, encoding, context));
        result.unwrap();
        format!("{log:#?}")
    }

    const TAIL: &str =
        "$$<SMS_LAN_SENDER><Fri Mar 26 10:43:41.547 1999 Eastern Standard Time><thread=281 (0x119)>";
    const CLOSER: &str = "]LOG]!><time=\"06:37:51.201-660\" date=\"11-28-2012\" component=\"execmgr\" context=\"\" type=\"3\" thread=\"2280\" file=\"a.cpp:1\">";

    fn lines() -> impl Strategy<Value = String> {
        prop_oneof![
            8 => Just(format!("Cannot connect to \\\\SRV, error = 53  {TAIL}\n")),
            8 => (0_u32..999).prop_map(|n| format!("Wrote {n} bytes  {TAIL}\r\n")),
            1 => Just(format!("STATMSG: ID=3807 SYS=A SITE=OH1 PID=1 GMTDATE=Fri Mar 26 15:43:41.5 1999 ISTR0=\"\"  {TAIL}\n")),
            1 => Just("a line that is wrapped\n".to_owned()),
            1 => Just("\n".to_owned()),
            4 => Just("<03-26-1999 10:43:42> Setup failed\n".to_owned()),
            2 => Just("  and its second line\n".to_owned()),
            4 => Just(format!("<![LOG[It failed{CLOSER}\n")),
            1 => Just("<![LOG[two\n".to_owned()),
            1 => Just(format!("lines{CLOSER}\n")),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn neither_sizes_nor_threads_change_what_is_remembered(
            kinds in prop::collection::vec((lines(), 1_usize..12), 1..20),
            runs in (1_usize..3000, 1_usize..9000), piece in 1_usize..900, first in 0_usize..300, search in 0_usize..300,
            wide: bool, threads in 1_usize..9,
        ) {
            let text: String = kinds.iter().map(|(line, times)| line.repeat(*times)).collect();
            // More than what lines and units are judged from, so that there are many runs.
            let text = text.repeat(1 + 100_000 / text.len());
            let (bytes, encoding) = match wide {
                true => (text.encode_utf16().flat_map(u16::to_le_bytes).collect(), Encoding::Utf16Le),
                false => (text.into_bytes(), Encoding::Utf8),
            };
            let whole = Sizes { runs: (1 << 20, 1 << 20), piece: 1 << 18, first: 0, search: 0 };
            let expected = remembered(&bytes, encoding, &whole, 1);
            let sizes = Sizes { runs, piece, first, search };
            let found = remembered(&bytes, encoding, &sizes, threads);
            prop_assert!(expected == found, "{sizes:?} {threads}\n{found}\n{expected}");
        }
    }
}

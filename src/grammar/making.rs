//! Records, made of what frames told and where they stand.

use super::record::HeldLine;
use super::told::{Span, Told};
use super::{Framing, Grammars, Record};
use crate::model::Zone;
use crate::text::same;

/// Makes records of what frames told.
#[derive(Debug)]
pub(super) struct Making<'g> {
    grammars: &'g Grammars,
    /// The zone that was named last.
    last_zone: (Vec<u8>, Zone),
}

impl<'g> Making<'g> {
    pub(super) fn new(grammars: &'g Grammars) -> Self {
        Self { grammars, last_zone: (Vec::new(), Zone::Unknown) }
    }

    /// A record that stands in held lines.
    pub(super) fn held<'a>(
        &mut self,
        grammar: usize,
        told: &Told,
        text: &'a [u8],
        message: &'a [u8],
        lines: &[HeldLine],
    ) -> Record<'a> {
        let record = self.record(grammar, told, text, message);
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return record };
        let end = last.offset + u64::from(last.length);
        Record {
            joined: lines.len() > 1,
            line: first.line,
            lines: last.line - first.line + 1,
            offset: first.offset,
            length: u32::try_from(end.saturating_sub(first.offset)).unwrap_or(u32::MAX),
            ..record
        }
    }

    /// A record without its place.
    pub(super) fn record<'a>(
        &mut self,
        grammar: usize,
        told: &Told,
        text: &'a [u8],
        message: &'a [u8],
    ) -> Record<'a> {
        let part = |(from, to): Span| text.get(from..to).unwrap_or_default().trim_ascii();
        let zone = match told.bias {
            // Writers of a bias mean UTC = local + bias; a bias of more than a day means nothing.
            Some(bias) if bias.abs() <= 14 * 60 => Zone::Bias(-bias as i16),
            Some(_) => Zone::Unknown,
            None if told.zone == Span::default() => Zone::Unknown,
            None => self.zone_of(part(told.zone)),
        };
        Record {
            framing: Framing::Grammar(grammar),
            message,
            joined: false,
            component: part(told.component),
            local: told.local(),
            zone,
            thread: told.thread,
            severity: told.severity,
            line: 0,
            lines: 0,
            offset: 0,
            length: 0,
        }
    }

    fn zone_of(&mut self, name: &[u8]) -> Zone {
        if name.is_empty() {
            return Zone::Unknown;
        }
        if !same(&self.last_zone.0, name) {
            let zone = self.grammars.zones.offset(name).map_or(Zone::Unknown, Zone::Named);
            self.last_zone = (name.to_vec(), zone);
        }
        self.last_zone.1
    }
}

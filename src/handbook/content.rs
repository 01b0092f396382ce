//! What a page about a signature tells, and in which order.

use super::words::{applies, asked, question};
use super::{Block, Library, Line, Point};
use crate::authoring::one_line;
use crate::pattern::Template;
use crate::signature::{
    Case, Condition, EXPECTATIONS, Expect, Item, KINDS, RISKS, Remedy, SEVERITIES, Signature, name_of,
};

/// The parts of the page of a signature.
pub fn blocks(it: &Signature, library: Library<'_>) -> Vec<Block> {
    let mut blocks = vec![Block::Facts(facts(it))];
    let mut part = |heading: &str, block: Block| {
        let empty = match &block {
            Block::Points { points, .. } => points.is_empty(),
            Block::Text(text) => text.is_empty(),
            _ => false,
        };
        if !empty {
            blocks.extend([Block::Heading(heading.to_owned()), block]);
        }
    };
    let points = |points: Vec<Point>| Block::Points { numbered: false, points };
    let all = |list: &[Condition]| points(list.iter().map(|it| condition(it, library)).collect());
    part("What it means", Block::Text(one_line(it.means.text())));
    part("How it is recognised", all(&it.needs));
    part("What makes it more likely, or less", all(&it.supports));
    part("What rules it out", all(&it.refutes));
    part("What makes it history", all(&it.resolved));
    part("Checklist", points(it.items.iter().map(|it| item(it, library)).collect()));
    let rivals = it.rivals.iter().map(|rival| Point {
        lead: format!("{}:", rival.signature),
        text: title_of(&rival.signature, library),
        below: vec![Line::Text(format!("what tells: {}", one_line(&rival.tell)))],
    });
    part("Look-alikes", points(rivals.collect()));
    let explained = it.explains.iter().map(|id| Point {
        lead: format!("{id}:"),
        text: title_of(id, library),
        below: Vec::new(),
    });
    part("What it explains", points(explained.collect()));
    let mut steps: Vec<Point> = it.remedies.iter().map(step).collect();
    if let Some(fixed) = &it.fixed {
        let own = fixed.step.as_ref().map(|step| one_line(step.text())).unwrap_or_default();
        let text = if own.is_empty() { format!("Install {} or later.", fixed.version.name) } else { own };
        steps.push(Point { lead: "on {host}:".to_owned(), text, below: Vec::new() });
    }
    part("What to do", Block::Points { numbered: true, points: steps });
    part("How to verify it", points(it.verify.iter().map(plain).collect()));
    let asks = it.asks.iter().map(|ask| Point {
        lead: format!("from {}:", ask.on.text()),
        text: one_line(ask.text.text()),
        below: vec![Line::Text(format!("if `{}` is not known", ask.condition))],
    });
    part("What to collect", points(asks.collect()));
    part("Cases that prove it", points(it.cases.iter().map(case).collect()));
    blocks
}

fn facts(it: &Signature) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("Id", it.id.clone()),
        ("Kind", name_of(KINDS, it.kind).replace('_', " ")),
        ("Severity", name_of(SEVERITIES, it.severity).to_owned()),
        ("Phase", it.phase.clone()),
    ];
    if !it.kb.is_empty() {
        facts.push(("Articles", it.kb.join(", ")));
    }
    if !it.applies.is_empty() {
        facts.push(("Applies where", applies(&it.applies)));
    }
    if let Some(fixed) = &it.fixed {
        facts.push(("Mended in", fixed.version.name.clone()));
    }
    facts.push(("File", it.path.clone()));
    facts
}

fn condition(it: &Condition, library: Library<'_>) -> Point {
    let proof = if it.proves { " (proof)" } else { "" };
    let mut below = asked(it, library);
    if let Some(denies) = &it.denies {
        below.push(Line::Text(format!("if not: {}", one_line(denies.text()))));
    }
    let text = it.says.as_ref().map(|says| one_line(says.text())).unwrap_or_default();
    Point { lead: format!("{}{proof}:", it.name), text, below }
}

fn item(it: &Item, library: Library<'_>) -> Point {
    let mut below: Vec<Line> = Vec::new();
    let asked = |below: &mut Vec<Line>, lead: &str, asked: &crate::signature::Question| {
        below.extend(question(asked, library).into_iter().enumerate().map(|(index, line)| match line {
            Line::Text(text) if index == 0 => Line::Text(format!("{lead} {text}")),
            other => other,
        }));
    };
    for (lead, part) in [("for each:", &it.each), ("only if", &it.only)] {
        if let Some(part) = part {
            asked(&mut below, lead, part);
        }
    }
    if let Some(test) = &it.test {
        asked(&mut below, if it.bad { "a problem if" } else { "ok if" }, test);
    }
    if let Some(remedy) = &it.remedy {
        below.push(Line::Text(format!("else: {}", one_line(remedy.text()))));
    }
    Point { lead: format!("{}:", it.title.text()), text: it.subject.text().to_owned(), below }
}

fn step(it: &Remedy) -> Point {
    let mut below = Vec::new();
    if let Some(run) = &it.run {
        below.push(Line::Code(run.text().to_owned()));
    }
    let source = it.kb.as_ref().map(|kb| format!(", {kb}")).unwrap_or_default();
    let when =
        it.when.as_ref().map(|when| format!(", unless `{when}` is known to be false")).unwrap_or_default();
    below.push(Line::Text(format!("risk: {}{source}{when}", name_of(RISKS, it.risk))));
    Point { lead: format!("on {}:", it.on.text()), text: one_line(it.action.text()), below }
}

fn plain(text: &Template) -> Point {
    Point { text: one_line(text.text()), ..Point::default() }
}

fn case(it: &Case) -> Point {
    let expected = match it.expect {
        Expect::None => "not found".to_owned(),
        other => name_of(EXPECTATIONS, other).replace('_', " "),
    };
    let history = if it.history { ", as history" } else { "" };
    Point { lead: format!("{expected}{history}:"), text: it.name.clone(), below: Vec::new() }
}

fn title_of(id: &str, library: Library<'_>) -> String {
    library.signatures.get(id).map(|it| it.title.text().to_owned()).unwrap_or_default()
}

//! Places of evidence: where they are, what stands there, what its codes mean.

use super::document::fold;
use super::markup::Markup;
use crate::model::report::{CodeReport, Evidence};
use crate::report::codes::meanings;
use crate::report::page::plural;
use crate::report::place::position;

/// Places of one condition that are shown at once; the others open at a click.
const FIRST_PLACES: usize = 3;

/// A place with what its codes mean, in a form that can be copied as one line.
pub fn place(page: &mut Markup, it: &Evidence) {
    place_with(page, it, &it.codes);
}

fn place_with(page: &mut Markup, it: &Evidence, codes: &[CodeReport]) {
    if it.source.is_empty() {
        return;
    }
    page.inside("figure", &[("class", "place"), ("data-copies", "this place")], |page| {
        page.inside("figcaption", &[], |page| {
            page.element("bdi", &[("class", "host"), ("data-copy", "")], &it.host);
            page.raw(" ");
            let path = format!("{}{}", it.source, position(it.line, Some(it.offset)));
            page.element("bdi", &[("class", "path"), ("data-copy", "")], &path);
            if let Some(time) = &it.time {
                page.raw(" ");
                page.element("time", &[("data-copy", "")], time);
            }
        });
        // A line of a stranger has a direction of its own.
        page.element("pre", &[("dir", "auto"), ("data-copy", "")], &it.text);
        meant(page, codes);
    });
}

/// What the codes of a place mean.
fn meant(page: &mut Markup, codes: &[CodeReport]) {
    let lines = meanings(codes);
    if !lines.is_empty() {
        page.inside("ul", &[("class", "codes")], |page| {
            lines.iter().for_each(|line| page.element("li", &[], line));
        });
    }
}

/// Evidence by condition: what it means once, then its places. Points of a checklist are left to the checklist.
pub fn places(page: &mut Markup, title: &str, tone: &'static str, evidence: &[Evidence]) {
    let evidence: Vec<&Evidence> = evidence.iter().filter(|place| place.condition != "item").collect();
    if evidence.is_empty() {
        return;
    }
    page.element("h4", &[], title);
    page.inside("ul", &[("class", tone)], |page| {
        for group in evidence.chunk_by(|a, b| a.condition == b.condition && a.says == b.says) {
            page.inside("li", &[], |page| condition(page, group));
        }
    });
}

fn condition(page: &mut Markup, group: &[&Evidence]) {
    let says = group.first().map(|it| it.says.as_str()).unwrap_or_default();
    page.element("p", &[], says);
    let (first, rest) = group.split_at(group.len().min(FIRST_PLACES));
    let mut explained: &[CodeReport] = &[];
    for it in first {
        // A line that repeats has the same codes: once is enough.
        let codes = if it.codes == explained { &[] } else { it.codes.as_slice() };
        place_with(page, it, codes);
        explained = &it.codes;
    }
    if !rest.is_empty() {
        let title = format!("{} like it", plural(rest.len(), "more place"));
        fold(page, &title, |page| rest.iter().for_each(|it| place(page, it)));
    }
    let more: u64 = group.iter().map(|it| it.more).sum();
    if more != 0 {
        page.element("p", &[("class", "quiet")], &format!("and {more} more like it"));
    }
}

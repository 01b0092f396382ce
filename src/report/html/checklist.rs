//! Checklists: what is a problem and what was not collected first, what is in order folded.

use super::document::{badge, fold, section};
use super::markup::Markup;
use super::place::place;
use crate::model::report::{Checklist, ItemReport};
use crate::report::page::plural;

/// All checklists.
pub fn all(page: &mut Markup, lists: &[Checklist]) {
    if lists.is_empty() {
        return;
    }
    section(page, "checklists", "Checklists", |page| lists.iter().for_each(|list| one(page, list)));
}

fn one(page: &mut Markup, list: &Checklist) {
    let site = list.site.as_ref().map(|site| format!(", site {site}")).unwrap_or_default();
    page.element("h3", &[], &format!("{}{site}: {}", list.host, list.title));
    let of = |state: &str| list.items.iter().filter(|item| item.state == state).collect::<Vec<_>>();
    let (problems, fine, open) = (of("problem"), of("ok"), of("not_collected"));
    let articles = list.kb.iter().map(|kb| format!(" · {kb}")).collect::<String>();
    let counts = format!(
        "{}, {} ok, {} not collected{articles}",
        plural(problems.len(), "problem"),
        fine.len(),
        open.len()
    );
    page.element("p", &[("class", "quiet")], &counts);
    if !problems.is_empty() || !open.is_empty() {
        items(page, problems.into_iter().chain(open));
    }
    if !fine.is_empty() {
        fold(page, &format!("{} ok", plural(fine.len(), "point")), |page| items(page, fine.into_iter()));
    }
}

fn items<'r>(page: &mut Markup, all: impl Iterator<Item = &'r ItemReport>) {
    page.inside("ul", &[("class", "items")], |page| {
        all.for_each(|it| page.inside("li", &[], |page| item(page, it)));
    });
}

fn item(page: &mut Markup, it: &ItemReport) {
    let (tone, word) = match it.state {
        "ok" => ("good", "ok"),
        "problem" => ("bad", "problem"),
        _ => ("warn", "not collected"),
    };
    badge(page, tone, word);
    page.inside("div", &[], |page| {
        page.inside("p", &[], |page| {
            page.element("b", &[], &format!("{}:", it.title));
            page.raw(" ");
            page.element("bdi", &[], &it.subject);
        });
        if it.state == "problem" {
            it.evidence.iter().for_each(|it| place(page, it));
        }
        let advice = match it.state {
            "problem" => it.remediation.as_ref(),
            "not_collected" => it.ask.as_ref(),
            _ => None,
        };
        advice.into_iter().for_each(|advice| page.element("p", &[], advice));
        if it.state != "problem" && !it.why.is_empty() {
            page.element("p", &[("class", "quiet")], &it.why);
        }
    });
}

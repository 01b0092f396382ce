//! Runs the cases of signatures: the proof that each file carries.

mod mutate;
mod unnoticed;

pub use mutate::{Mutation, mutations};
pub use unnoticed::{Mutated, mutate};

use crate::bundle;
use crate::catalog::Catalog;
use crate::custody::Hashes;
use crate::model::report::{LifecycleReport, Report};
use crate::pipeline::gather;
use crate::signature::{Case, EXPECTATIONS, Expect, LifeCase, Lifecycle, RoleCase, Signature, name_of};

/// What is wrong with a case; empty if it holds.
pub fn prove(signature: &Signature, case: &Case, catalog: &Catalog) -> Vec<String> {
    let opened = bundle::in_memory("case", case.files.clone());
    let signatures = &catalog.signatures;
    let gathered = gather(&opened, catalog.log_context(), signatures, Hashes::Left, |_| {});
    wrong(&signature.id, case, &gathered.report_of(&signatures.all, signatures))
}

/// What is wrong with a case of a lifecycle; empty if it holds.
pub fn prove_lifecycle(lifecycle: &Lifecycle, case: &LifeCase, catalog: &Catalog) -> Vec<String> {
    let opened = bundle::in_memory("case", case.files.clone());
    let gathered = gather(&opened, catalog.log_context(), &catalog.signatures, Hashes::Left, |_| {});
    let report = gathered.report(catalog);
    let of_this = |it: &&LifecycleReport| it.lifecycle == lifecycle.id;
    let Some(site) = &case.site else {
        let told = report.lifecycles.iter().find(of_this);
        return told.map(|it| format!("expected nothing, and {:?} is told", it.site)).into_iter().collect();
    };
    let found = report.lifecycles.iter().filter(of_this).find(|it| it.site.as_ref() == Some(site));
    let Some(found) = found else { return vec![format!("nothing is told of {site}")] };
    let mut wrong = Vec::new();
    for (id, state) in &case.phases {
        let Some(phase) = found.phases.iter().find(|phase| phase.id == *id) else { continue };
        if phase.state != state {
            wrong.push(format!("expected {id} to be {state}, and it is {}: {}", phase.state, phase.says));
        }
    }
    let is_said = |text: &&String| found.phases.iter().any(|phase| phase.says.contains(text.as_str()));
    wrong.extend(
        case.says.iter().filter(|text| !is_said(text)).map(|text| format!("nowhere is said `{text}`")),
    );
    wrong
}

/// What is wrong with a case of the roles; empty if exactly the servers are told that it names.
pub fn prove_roles(case: &RoleCase, catalog: &Catalog) -> Vec<String> {
    let opened = bundle::in_memory("case", case.files.clone());
    let gathered = gather(&opened, catalog.log_context(), &catalog.signatures, Hashes::Left, |_| {});
    let report = gathered.report(catalog);
    let here = report
        .hosts
        .iter()
        .flat_map(|host| host.roles.iter().map(|it| format!("{}: {} of {}", host.name, it.role, it.of)));
    let names: Vec<&str> = catalog.signatures.roles.all.iter().map(|role| role.name.as_str()).collect();
    let is_role = |what: &str| names.iter().any(|name| what.starts_with(&format!("{name} of ")));
    let missing = report.mentioned.iter().filter(|it| is_role(&it.what));
    let mut told: Vec<String> = here.chain(missing.map(|it| format!("{}: {}", it.name, it.what))).collect();
    told.sort();
    let mut expected = case.roles.clone();
    expected.sort();
    if told == expected { Vec::new() } else { vec![format!("expected {expected:?}, told was {told:?}")] }
}

/// Where a report is not what a case of the signature expects.
fn wrong(id: &str, case: &Case, report: &Report) -> Vec<String> {
    let mut wrong = Vec::new();
    let found: Vec<_> = report.diagnoses.iter().filter(|it| it.signature == id).collect();
    let wanted = name_of(EXPECTATIONS, case.expect);
    let strongest = strongest(found.iter().map(|it| it.verdict));
    let holds = match case.expect {
        Expect::None => strongest.is_none_or(|verdict| verdict == "ruled_out"),
        _ => strongest == Some(wanted),
    };
    if !holds {
        let reasons: Vec<String> = found
            .iter()
            .flat_map(|it| &it.reasoning)
            .map(|reason| format!("      {} {}: {}", reason.condition, reason.value, reason.why))
            .collect();
        wrong.push(format!(
            "expected {wanted}, got {}\n{}",
            strongest.unwrap_or("nothing"),
            reasons.join("\n")
        ));
    }
    if found.iter().any(|it| it.active == case.history) {
        let (is, not) = if case.history { ("active", "history") } else { ("history", "active") };
        wrong.push(format!("expected it to be {not}, and it is {is}"));
    }
    for ask in &case.asks {
        if !report.asks.iter().any(|it| format!("from {}: {}", it.host, it.collect).contains(ask)) {
            let asked: Vec<String> =
                report.asks.iter().map(|it| format!("from {}: {}", it.host, it.collect)).collect();
            wrong.push(format!("expected to be asked for `{ask}`; asked was {asked:?}"));
        }
    }
    let told = told(report, id);
    wrong.extend(
        case.says
            .iter()
            .filter(|text| !told.contains(text.as_str()))
            .map(|text| format!("nowhere is said `{text}`")),
    );
    wrong.extend(items(case, report, id));
    wrong
}

/// The strongest verdict of a signature on files, looked for alone; `none` where it finds nothing.
pub fn verdict(signature: &Signature, files: Vec<(String, Vec<u8>)>, catalog: &Catalog) -> &'static str {
    let opened = bundle::in_memory("case", files);
    let alone = catalog.with_only(vec![signature.clone()]);
    let gathered = gather(&opened, alone.log_context(), &alone.signatures, Hashes::Left, |_| {});
    let report = gathered.report_of(&alone.signatures.all, &alone.signatures);
    strongest(report.diagnoses.iter().map(|it| it.verdict)).unwrap_or("none")
}

fn strongest(verdicts: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let found: Vec<&str> = verdicts.collect();
    ["confirmed", "probable", "possible", "ruled_out"].into_iter().find(|name| found.contains(name))
}

/// Everything that the findings of a signature tell, as one text.
fn told(report: &Report, id: &str) -> String {
    let found = report.diagnoses.iter().filter(|it| it.signature == id);
    let texts = found.flat_map(|it| {
        let evidence =
            it.evidence.iter().chain(&it.against).flat_map(|place| [place.says.clone(), place.text.clone()]);
        let steps = it.remediation.iter().flat_map(|step| {
            [format!("on {}: {}", step.on, step.action), step.run.clone().unwrap_or_default()]
        });
        [it.title.clone(), it.means.clone()].into_iter().chain(evidence).chain(steps).collect::<Vec<_>>()
    });
    texts.collect::<Vec<_>>().join("\n")
}

fn items(case: &Case, report: &Report, id: &str) -> Vec<String> {
    let all: Vec<_> =
        report.checklists.iter().filter(|list| list.id == id).flat_map(|list| &list.items).collect();
    let mut wrong = Vec::new();
    for (text, state) in &case.items {
        let text = text.to_lowercase();
        let states: Vec<&str> = all
            .iter()
            .filter(|item| format!("{} {}", item.title, item.subject).to_lowercase().contains(&text))
            .map(|item| item.state)
            .collect();
        if !states.contains(&state.as_str()) {
            wrong.push(format!("expected an item with `{text}` to be {state}, got {states:?}"));
        }
    }
    wrong
}

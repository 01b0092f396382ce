//! A report whose every text is hostile stays a page of ours.

use super::{case, run};
use crate::model::report::*;
use crate::model::run::Run;

const HOSTILE: &str = "</script><script>alert(1)</script>\"'&\u{202e}\u{1b}[31m]]>";

/// A hostile text where any is wanted.
fn h<T: From<&'static str>>() -> T {
    T::from(HOSTILE)
}

fn some<T>(it: T) -> Option<T> {
    Some(it)
}

fn evidence() -> Evidence {
    Evidence {
        condition: h(),
        says: h(),
        holds: true,
        kind: h(),
        host: h(),
        bundle: h(),
        source: h(),
        line: Some(5),
        offset: 7,
        length: 9,
        sha256: h(),
        number: None,
        time: some(h()),
        text: h(),
        codes: vec![CodeReport {
            family: h(),
            title: h(),
            number: Some(5),
            written: h(),
            name: some(h()),
            meaning: some(h()),
            open: false,
        }],
        more: 3,
    }
}

fn diagnosis(id: usize, verdict: &'static str, kind: &'static str) -> Diagnosis {
    Diagnosis {
        id,
        signature: h(),
        kb: vec![h()],
        title: h(),
        general_title: h(),
        kind,
        verdict,
        confidence: 90,
        severity: h(),
        phase: h(),
        active: true,
        host: h(),
        site: some(h()),
        bundle: some(h()),
        captures: [(h(), h())].into(),
        first_seen: some(h()),
        last_seen: some("2001-09-18T08:40:12Z".to_owned()),
        time_basis: some(h()),
        means: h(),
        evidence: vec![evidence(); 5],
        against: vec![evidence()],
        unknown: vec![Unknown { condition: h(), why: h(), ask: some(h()) }],
        reasoning: vec![Reason { condition: h(), role: h(), value: h(), points: 3, why: h() }],
        // A ring: each of two findings explains both.
        explains: vec![1, 2],
        explained_by: (id == 2).then_some(1),
        rivals: vec![RivalReport { signature: h(), verdict: h(), tell: h() }],
        remediation: vec![Step { step: 1, on: h(), action: h(), run: some(h()), risk: h(), kb: some(h()) }],
        verification: vec![h()],
        fingerprint: h(),
        fingerprints: [(FLEET, h())].into(),
    }
}

fn host() -> HostReport {
    HostReport {
        name: h(),
        named_by: h(),
        site: some(h()),
        site_from: some(h()),
        role: some(h()),
        parent: some(h()),
        children: vec![h()],
        product: some(h()),
        version: some(h()),
        os: some(h()),
        utc_offset_minutes: Some(60),
        utc_offset_from: some(h()),
        roles: vec![RoleReport {
            role: h(),
            of: h(),
            told_on: h(),
            by: h(),
            source: some(h()),
            line: Some(1),
        }],
        clock: vec![ClockNote { kind: h(), what: h(), source: some(h()), line: Some(1), time: some(h()) }],
        sources: 1,
        logs: vec![LogReport {
            source: h(),
            log: some(h()),
            records: 1,
            unframed_lines: 1,
            first: some(h()),
            last: some(h()),
            time_basis: h(),
        }],
        first_seen: some(h()),
        last_seen: some(h()),
    }
}

fn moment(time: &str, kind: &'static str) -> Moment {
    Moment {
        time: time.to_owned(),
        utc: false,
        host: h(),
        kind,
        severity: some(h()),
        log: some(h()),
        component: some(h()),
        what: h(),
        count: 2,
        last: some(h()),
        source: h(),
        line: 1,
        diagnosis: Some(1),
    }
}

fn lifecycle(state: &'static str, stopped: bool) -> LifecycleReport {
    let phase = PhaseReport {
        id: h(),
        title: h(),
        host: h(),
        state,
        says: h(),
        means: some(h()),
        time: some(h()),
        evidence: vec![evidence()],
        ask: some(h()),
    };
    LifecycleReport {
        lifecycle: h(),
        kb: vec![h()],
        title: h(),
        site: some(h()),
        host: some(h()),
        parent_host: some(h()),
        state,
        last: some(h()),
        stopped: stopped.then(h),
        phases: vec![phase],
    }
}

/// All fields by name, so that one that is added must be thought of here.
fn report(verdict: &'static str) -> Report {
    let item = |state| ItemReport {
        title: h(),
        subject: h(),
        state,
        why: h(),
        evidence: vec![evidence()],
        remediation: some(h()),
        ask: some(h()),
    };
    let pack = PackReport { path: h(), kind: h(), files: 1, sha256: h(), overrides: vec![h()] };
    let catalog =
        CatalogReport { signatures: 1, grammars: 1, sha256: h(), packs: vec![h()], packs_used: vec![pack] };
    let problem =
        |kind| ProblemReport { bundle: h(), source: h(), line: Some(1), offset: Some(1), kind, what: h() };
    Report {
        schema: SCHEMA,
        tool: Tool { name: h(), version: h(), catalog },
        verdict,
        bundles: vec![BundleReport { id: h(), path: h(), sha256: h(), sources: 1, bytes: 1 }],
        hosts: vec![host()],
        mentioned: vec![MentionReport {
            name: h(),
            site: some(h()),
            what: h(),
            host: h(),
            by: h(),
            source: some(h()),
            line: Some(1),
        }],
        contradictions: vec![ContradictionReport { host: h(), what: h(), source: some(h()), line: Some(1) }],
        diagnoses: vec![
            diagnosis(1, "confirmed", "root_cause"),
            diagnosis(2, "possible", "symptom"),
            diagnosis(3, "ruled_out", "root_cause"),
            diagnosis(4, "probable", "benign"),
        ],
        checklists: vec![Checklist {
            id: h(),
            kb: vec![h()],
            title: h(),
            host: h(),
            site: some(h()),
            items: vec![item("ok"), item("problem"), item("not_collected")],
        }],
        lifecycles: vec![lifecycle("failed", true), lifecycle("complete", false)],
        timeline: vec![
            moment("2001-09-18T08:40:12Z", "event"),
            moment("2001-09-19T08:40:12", "error"),
            moment(HOSTILE, "phase"),
            moment("2001-09-19T08:40:12", HOSTILE),
        ],
        unexplained: vec![Unexplained {
            template: h(),
            host: h(),
            count: 2,
            first: some(h()),
            last: some("x".to_owned()),
            example: evidence(),
        }],
        asks: vec![AskReport { host: h(), collect: h(), because: h() }],
        problems: vec![problem("unrecognised"), problem("assumed")],
        left_out: vec![h()],
    }
}

/// No text got out of its place: no other tag, attribute or hidden character than ours.
fn check(page: &str, scripts: usize) {
    assert_eq!(page.matches("<script").count(), scripts);
    assert_eq!(page.matches("</script").count(), scripts);
    assert!(!page.contains("<script>alert"));
    let hidden =
        page.chars().find(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}' || *c == '\u{2028}');
    assert_eq!(hidden, None);
    // Within tags every quotation mark is one of ours, so they come in pairs.
    let markup = page.split("<style>").next().into_iter().chain(page.split("</style>").nth(1));
    for tag in markup.flat_map(|part| part.split('<').skip(1)).filter_map(|part| part.split('>').next()) {
        if !tag.contains('\n') {
            assert!(tag.matches('"').count() % 2 == 0, "{tag}");
        }
        assert!(!tag.starts_with("script src") && !tag.contains(" on"), "{tag}");
    }
}

#[test]
fn a_hostile_report_is_shown_and_obeyed_in_nothing() {
    for verdict in ["problem", "suspect", "clean", "inconclusive"] {
        let page = case(&report(verdict));
        check(&page, 1);
        let shown = page.matches("&lt;script&gt;alert(1)&lt;/script&gt;").count();
        assert!(200 < shown, "only {shown} texts are shown");
    }
}

#[test]
fn a_hostile_run_is_shown_and_obeyed_in_nothing() {
    let mut all = Run::default();
    all.add(HOSTILE, &report("problem"));
    all.fail(HOSTILE, HOSTILE);
    let page = run(&all.finish());
    check(&page, 2);
    let shown = page.matches("&lt;script&gt;alert(1)").count();
    assert!(10 < shown, "only {shown} texts are shown");
}

#[test]
fn what_several_findings_explain_is_told_once() {
    let page = case(&report("problem"));
    for id in 1..=4 {
        assert_eq!(page.matches(&format!("id=\"finding-{id}\"")).count(), 1, "finding {id}");
    }
}

#[test]
fn a_long_chain_of_effects_is_told_to_its_end() {
    let mut report = report("problem");
    let links = (1..=600).map(|id| {
        let mut it = diagnosis(id, "confirmed", "symptom");
        (it.evidence, it.against, it.explains) = (Vec::new(), Vec::new(), vec![id + 1]);
        it.explained_by = (id > 1).then(|| id - 1);
        it
    });
    report.diagnoses = links.collect();
    let page = case(&report);
    assert!(page.contains("id=\"finding-600\""));
    let depth = page.split("<details").skip(1).fold((0_i32, 0), |(now, most), part| {
        let now = now + 1;
        (now - part.matches("</details>").count() as i32, most.max(now))
    });
    assert!(depth.1 < 20, "{} deep", depth.1);
}

//! What authors are told: mistakes at their places, remarks of the linter, conditions that nothing proves.

use sitedx::authoring::Mistake;
use sitedx::catalog::Catalog;
use sitedx::check::between;
use sitedx::lint::{RULES, lint};
use sitedx::prove::mutate;
use sitedx::signature::Signature;

/// A signature in which all is well.
const RIGHT: &str = r#"id       = "one"
kb       = ["Q163379"]
title    = "The widget of {host} is full: {count} of {most}"
kind     = "root_cause"
severity = "high"
phase    = "sender"
means    = """The widget has no room for another frob, so it waits until somebody makes room. Nothing else on the
server looks after it."""
verify   = ["The log of the widget goes on."]

[[needs]]
name  = "full"
log   = ["sender"]
line  = 'Widget frobnication stopped with {count:int} of {most:int}'
where = { most = "> 0" }
says  = "the widget stopped"

[[supports]]
name   = "registry"
value  = { key = 'HKLM\SOFTWARE\Widget', name = "Most", is = "{most}", missing = "unknown" }
proves = true
says   = "the registry says so too"

[[resolved]]
name  = "later"
log   = ["sender"]
line  = 'Widget frobnication goes on'
after = "full"
says  = "it went on after that"

[[remedy]]
on   = "{host}"
do   = "Make room for the widget."
risk = "low"

[[case]]
name   = "full"
expect = "confirmed"
files."SRV/LANSEND.LOG" = '''
Widget frobnication stopped with 5 of 5   $$<SMS_LAN_SENDER><Wed Mar 31 05:39:12 1999~><thread=A4>
'''
files."SRV/a.reg" = '''
REGEDIT4

[HKEY_LOCAL_MACHINE\SOFTWARE\Widget]
"Most"=dword:00000005

'''

[[case]]
name   = "the registry says something else"
expect = "probable"
files."SRV/LANSEND.LOG" = '''
Widget frobnication goes on   $$<SMS_LAN_SENDER><Wed Mar 31 05:39:10 1999~><thread=A4>
Widget frobnication stopped with 5 of 5   $$<SMS_LAN_SENDER><Wed Mar 31 05:39:12 1999~><thread=A4>
'''
files."SRV/a.reg" = '''
REGEDIT4

[HKEY_LOCAL_MACHINE\SOFTWARE\Widget]
"Most"=dword:00000006

'''

[[case]]
name    = "the registry was not collected, and it went on"
expect  = "probable"
history = true
asks    = ["regedit"]
files."SRV/LANSEND.LOG" = '''
Widget frobnication stopped with 5 of 5   $$<SMS_LAN_SENDER><Wed Mar 31 05:39:12 1999~><thread=A4>
Widget frobnication goes on   $$<SMS_LAN_SENDER><Wed Mar 31 05:40:12 1999~><thread=A4>
'''

[[case]]
name   = "near miss: it is switched off"
expect = "none"
files."SRV/LANSEND.LOG" = '''
Widget frobnication stopped with 0 of 0   $$<SMS_LAN_SENDER><Wed Mar 31 05:39:12 1999~><thread=A4>
'''
"#;

fn read(text: &str, catalog: &Catalog) -> Result<Signature, Vec<Mistake>> {
    Signature::read("p/one.toml", text, &catalog.reading())
}

/// Replaces one text by another, each of which must be there.
fn changed(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(RIGHT.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    })
}

/// What is told after a change, as `line:column: what: hint`.
fn check(changes: &[(&str, &str)], expected: &[&str]) {
    let mistakes = read(&changed(changes), &Catalog::built_in()).unwrap_err();
    let told: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    let told: Vec<&str> = told.iter().map(|it| it.strip_prefix("p/one.toml:").unwrap()).collect();
    assert_eq!(told, expected);
}

#[test]
fn names_that_nothing_binds_are_told_at_their_use() {
    check(&[("{count} of", "{cuont} of")], &["3:43: nothing binds `{cuont}`: did you mean `count`?"]);
    check(
        &[("where = { most", "where = { code")],
        &["15:11: nothing binds `{code}`: a need or support must capture it"],
    );
    check(
        &[("room for the widget", "room on {dirve:drive}")],
        &["33:22: nothing binds `{dirve}`: a need or support must capture it"],
    );
}

#[test]
fn names_of_conditions_are_told_at_their_use() {
    check(
        &[("after = \"full\"", "after = \"ful\"")],
        &["28:9: no condition is called `ful`: did you mean `full`?"],
    );
    check(
        &[("name   = \"registry\"", "name = \"full\"")],
        &["19:8: two conditions are called `full`: give each a name of its own"],
    );
    check(
        &[("where = { most = \"> 0\" }", "after = \"later\"")],
        &[
            "15:9: `full` is asked before `later`, so it cannot be held against it: write it behind `later`: needs are \
         asked first, then supports, refutes, resolved",
        ],
    );
}

#[test]
fn parts_of_patterns_are_pointed_at() {
    check(&[("{most:int}", "{most:itn}")], &["14:64: `itn` is no kind of capture: did you mean `int`?"]);
    check(
        &[("Make room", "{host:uper}: make room")],
        &[
            "33:9: `{host:uper}` needs a name, and one of drive, folder, name, upper, lower, bytes if any: did you mean `upper`?",
        ],
    );
    check(&[("says  = \"the widget", "weight = 31\nsays = \"the widget")], &["11:1: `weight` is 0 to 30"]);
}

#[test]
fn cases_stand_last_and_articles_have_numbers() {
    check(&[("Q163379", "KB163379")], &["2:13: an article is a `Q` and five or six digits"]);
    let moved = format!("{RIGHT}\n[[rival]]\nsignature = \"x\"\ntell = \"y\"\n");
    let mistakes = read(&moved, &Catalog::built_in()).unwrap_err();
    assert!(mistakes[0].to_string().contains("`rival` stands behind a [[case]]"), "{}", mistakes[0]);
    assert_eq!(mistakes[0].line, moved.lines().count() - 2);
}

#[test]
fn demanded_cases_are_asked_for_where_cases_stand() {
    check(
        &[("expect = \"none\"", "expect = \"probable\"")],
        &[
            "36:1: no near miss: one case must expect none or ruled_out: the trigger with another code, order or value",
        ],
    );
}

#[test]
fn relatives_that_do_not_exist_are_told() {
    let catalog = Catalog::built_in();
    let text = changed(&[("verify ", "explains = [\"bootstrap-faild\"]\nverify ")]);
    let signature = read(&text, &catalog).unwrap();
    let told = between(&[(signature, text)], &["bootstrap-failed"]);
    assert_eq!(
        told[0].to_string(),
        "p/one.toml:9:13: no signature is called `bootstrap-faild`: did you mean `bootstrap-failed`?"
    );
}

/// The rules that have a remark after a change.
fn remarks(changes: &[(&str, &str)]) -> Vec<&'static str> {
    let text = changed(changes);
    let signature = read(&text, &Catalog::built_in()).unwrap_or_else(|it| panic!("{}", it[0]));
    lint(&[(signature, text)]).iter().map(|it| it.rule).collect()
}

#[test]
fn every_rule_finds_what_it_is_for_and_nothing_else() {
    assert_eq!(remarks(&[]), [""; 0]);
    let long = "The widget is full and waits. ".repeat(30);
    let second =
        |what: &str| format!("[[supports]]\nname = \"second\"\nsays = \"x\"\n{what}\n\n[[resolved]]");
    let of = |what: &str| second(what).leak() as &str;
    let mut seen: Vec<(&str, Vec<(&str, &str)>)> = vec![
        ("todo", vec![("Make room for", "TODO: make room for")]),
        (
            "title",
            vec![(
                "of {most}",
                "of {most}, and it waits and waits and waits and waits and waits and waits and waits for room",
            )],
        ),
        ("title", vec![("of {most}", "of {value}")]),
        ("means", vec![("The widget has no room for another frob", &long)]),
        (
            "means",
            vec![("The widget has no room for another frob, so it waits until somebody makes room.", "")],
        ),
        ("article-in-prose", vec![("Make room", "As in Q163379, make room")]),
        ("severity", vec![("\"root_cause\"", "\"benign\"")]),
        ("says", vec![("says  = \"the widget stopped\"\n", "")]),
        ("no-effect", vec![("after = \"full\"", "after = \"full\"\nproves = true")]),
        (
            "always-true",
            vec![(
                "[[resolved]]",
                of("line = 'Widget frobnication stopped with {:int} of {:int}'\nlog = [\"sender\"]"),
            )],
        ),
        (
            "generic-trigger",
            vec![
                ("Widget frobnication stopped with", "General error with"),
                ("log   = [\"sender\"]\n", ""),
                ("where = { most = \"> 0\" }\n", ""),
                ("near miss: it is", "general error with"),
            ],
        ),
        ("far-near-miss", vec![("Widget frobnication stopped with 0 of 0", "All is well")]),
        (
            "no-remedy",
            vec![(
                "[[remedy]]\non   = \"{host}\"\ndo   = \"Make room for the widget.\"\nrisk = \"low\"\n",
                "",
            )],
        ),
        ("remedy-server", vec![("on   = \"{host}\"", "on = \" \"")]),
        ("remedy-risk", vec![("Make room for the widget", "Delete all widgets")]),
        ("verify", vec![("verify   = [\"The log of the widget goes on.\"]\n", "")]),
    ];
    // A line that is always true must look like the trigger to the letter.
    seen[9].1[0].1 =
        of("line = 'Widget frobnication stopped with {count:int} of {most:int}'\nlog = [\"sender\"]");
    for (rule, changes) in &seen {
        assert_eq!(remarks(changes), [*rule], "{changes:?}");
    }
    let of_several = ["rival-back", "same-trigger"];
    for rule in RULES.iter().filter(|rule| !of_several.contains(&rule.name)) {
        assert!(seen.iter().any(|(name, _)| *name == rule.name), "{} has no example", rule.name);
    }
}

#[test]
fn look_alikes_must_know_each_other() {
    let catalog = Catalog::built_in();
    let of = |text: String, id: &str| {
        let text = text.replacen("\"one\"", &format!("\"{id}\""), 1);
        (Signature::read(&format!("p/{id}.toml"), &text, &catalog.reading()).unwrap(), text)
    };
    let rival = |id: &str| format!("[[rival]]\nsignature = \"{id}\"\ntell = \"x\"\n\n[[remedy]]");
    let rules = |files: &[(Signature, String)]| lint(files).iter().map(|it| it.rule).collect::<Vec<_>>();
    let plain = of(RIGHT.to_owned(), "one");
    let two = of(changed(&[("[[remedy]]", &rival("one"))]), "two");
    let one = of(changed(&[("[[remedy]]", &rival("two"))]), "one");
    assert_eq!(rules(&[plain.clone(), of(RIGHT.to_owned(), "two")]), ["same-trigger", "same-trigger"]);
    assert_eq!(rules(&[plain, two.clone()]), ["rival-back"]);
    assert_eq!(rules(&[one, two]), [""; 0]);
}

/// What no case notices after a change.
fn unnoticed(changes: &[(&str, &str)]) -> Vec<String> {
    let (catalog, text) = (Catalog::built_in(), changed(changes));
    let signature = read(&text, &catalog).unwrap_or_else(|it| panic!("{}", it[0]));
    mutate(&signature, &text, &catalog).unnoticed.iter().map(|it| it.what.clone()).collect()
}

#[test]
fn what_no_case_proves_is_told() {
    let told = |what: &str| vec![format!("no case notices when {what} is dropped")];
    assert_eq!(unnoticed(&[]), [""; 0]);
    assert_eq!(
        unnoticed(&[("stopped with 0 of 0", "halted with 0 of 0")]),
        told("the test of `most` of `full`")
    );
    let no_order =
        ("Widget frobnication goes on   $$<SMS_LAN_SENDER><Wed Mar 31 05:39:10 1999~><thread=A4>\n", "");
    assert_eq!(unnoticed(&[no_order]), told("`after` of `later`"));
    let alternatives =
        ("line  = 'Widget frobnication goes on'", "line = ['Widget frobnication goes on', 'Widget is well']");
    assert_eq!(unnoticed(&[alternatives]), told("alternative 2 of the line of `later`"));
    let same = ("dword:00000006", "dword:00000005");
    assert_eq!(
        unnoticed(&[same, ("expect = \"probable\"", "expect = \"confirmed\"")]),
        told("`is` of `registry`")
    );
    let within = ("after = \"full\"", "after = \"full\"\nwithin = \"2h\"");
    assert_eq!(unnoticed(&[within]), told("`within` of `later`"));
}

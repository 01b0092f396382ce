//! Drafts: whatever the line, what is written passes the checker and its own cases at once.

use sitedx::catalog::{Catalog, Flaws, Packs, signature_packs};
use sitedx::draft::{Draft, Wish, draft};
use sitedx::prove::{mutate, prove};
use sitedx::signature::Signature;

/// Drafts a signature and holds it to what is promised of drafts.
fn check(lines: &str, catalog: &Catalog) -> Result<Draft, String> {
    let drafted = draft(lines.as_bytes(), &Wish::default(), catalog).map_err(|error| error.to_string())?;
    let path = format!("pack/{}/{}.toml", drafted.phase, drafted.id);
    let signature = Signature::read(&path, &drafted.text, &catalog.reading())
        .map_err(|mistakes| format!("{}\n{}", mistakes[0], drafted.text))?;
    let alone = catalog.with_only(vec![signature.clone()]);
    for case in &signature.cases {
        let wrong = prove(&signature, case, &alone);
        if !wrong.is_empty() {
            return Err(format!("{}: {wrong:?}\n{}", case.name, drafted.text));
        }
    }
    Ok(drafted)
}

/// Whether a line has a text to search for at all: four letters in a row that are no capture.
fn has_text(line: &str) -> bool {
    line.split(|c: char| !c.is_ascii_alphabetic()).any(|word| 5 < word.len())
}

#[test]
fn every_sample_of_every_grammar_makes_a_draft() {
    let catalog = Catalog::built_in();
    let mut wrong = Vec::new();
    for grammar in &catalog.grammars.all {
        for sample in &grammar.samples {
            let message = sample.records.iter().any(|record| has_text(&record.message));
            match check(&sample.lines, &catalog) {
                Err(error) if message => wrong.push(format!("{}: {}: {error}", grammar.name, sample.lines)),
                _ => {}
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n\n"));
}

#[test]
fn every_log_line_of_every_case_makes_a_draft() {
    let catalog = Catalog::built_in();
    let packs = signature_packs(&Packs::default(), &mut Flaws::default());
    assert!(packs[0].is_built_in());
    let mut wrong = Vec::new();
    let cases = catalog.signatures.all.iter().flat_map(|signature| &signature.cases);
    let logs = cases.flat_map(|case| &case.files).filter(|(path, _)| path.to_lowercase().ends_with(".log"));
    let mut seen = std::collections::BTreeSet::new();
    for (_, bytes) in logs {
        for line in String::from_utf8_lossy(bytes).lines().filter(|line| has_text(line)) {
            // A few hundred lines differ in their numbers only.
            let shape: String = line.chars().filter(|c| !c.is_ascii_digit()).collect();
            if seen.insert(shape)
                && let Err(error) = check(line, &catalog)
            {
                wrong.push(format!("{line}: {error}"));
            }
        }
    }
    assert!(20 < seen.len() && wrong.is_empty(), "\n{}", wrong.join("\n\n"));
}

#[test]
fn hostile_lines_make_a_draft_or_a_message() {
    let catalog = Catalog::built_in();
    for line in [
        "it's a 'quoted' and \"double\" failure ''' of the widget",
        "braces {of} the {{widget}} failed",
        "the widget \u{1b}[31m failed \u{7} twice",
        "the file C:\\a*b?.txt and \\\\SRV\\share\\x failed",
        "C:\\X and C:\\X and C:\\x are the same path of widgets",
        "code 87 code 87 failed in the widget",
        "error 0x57 in the widget",
        "error -2147024891 in the widget",
        "error 00000000000000000000005 in the widget",
        "site S04 host SRV01 version 2.0.1 role primary domain ACME are named here",
    ] {
        check(line, &catalog).unwrap_or_else(|error| panic!("{line}: {error}"));
    }
    for line in ["Ошибка при открытии виджета 5", "", "   \n\n", "5", "...", "\u{feff}"]
    {
        let error = check(line, &catalog).unwrap_err();
        assert!(error.contains("no log line with a text"), "{error}");
    }
}

#[test]
fn several_lines_become_trigger_and_supports_and_every_one_is_proved() {
    let catalog = Catalog::built_in();
    let lines = "Cannot copy C:\\A.TMP\\x.dll to D:\\SMS\\x.dll, Win32 error = 3\nInstallation of D:\\SMS\\x.dll was given up\n";
    let drafted = check(lines, &catalog).unwrap();
    for part in [
        "line  = 'Cannot copy {source:path} to {target:path}, Win32 error = {code:code}'",
        "where = { code = 3 }",
        "line  = 'Installation of {path:path} was given up'",
        "file    = { absent = '{target}' }",
    ] {
        assert!(drafted.text.contains(part), "{part} in\n{}", drafted.text);
    }
    let signature =
        Signature::read(&format!("p/{}.toml", drafted.id), &drafted.text, &catalog.reading()).unwrap();
    let unnoticed: Vec<String> =
        mutate(&signature, &drafted.text, &catalog).unnoticed.iter().map(ToString::to_string).collect();
    assert!(unnoticed.is_empty(), "{unnoticed:#?}\n{}", drafted.text);
}

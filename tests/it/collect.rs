//! The scripts that collect bundles: they must change nothing and take no secrets.

use std::fs;

/// Scripts in lower case, without comments.
fn scripts() -> Vec<(&'static str, String)> {
    ["samples/collect/collect.cmd", "samples/collect/collect.ps1"]
        .map(|path| {
            let text = fs::read_to_string(path).unwrap().to_lowercase();
            let code = text.lines().filter(|line| !line.starts_with("rem ") && !line.starts_with('#'));
            (path, code.collect::<Vec<_>>().join("\n"))
        })
        .into()
}

#[test]
fn nothing_is_changed() {
    let writes = [
        "reg add",
        "reg delete",
        "reg import",
        "reg save",
        "regedit /s",
        "net stop",
        "sc stop",
        "sc start",
        "sc config",
        "sc delete",
        "set-itemproperty",
        "remove-item",
        "set-service",
        "stop-service",
        "start-service",
        "restart-",
        "taskkill",
    ];
    let starts = ["format ", "attrib ", "rmdir ", "rd ", "move ", "ren ", "erase "];
    for (path, code) in scripts() {
        for word in writes {
            assert!(!code.contains(word), "{path}: {word}");
        }
        let begun = code.lines().find(|line| starts.iter().any(|start| line.trim_start().starts_with(start)));
        assert_eq!(begun, None, "{path}");
        // The only file that is deleted is the script's own, on its way to being filtered.
        let deletes = code.lines().filter(|line| line.trim_start().starts_with("del "));
        assert!(deletes.into_iter().all(|line| line.trim() == "del \"%out%\\%1.tmp\""), "{path}");
    }
}

#[test]
fn no_secrets_are_taken() {
    for (path, code) in scripts() {
        for place in [
            "\\sam",
            "\\security",
            "winlogon",
            "\\lsa",
            "valid",
            "cmdkey",
            "net user /",
            "ntds",
            "%windir%\\repair",
        ] {
            assert!(!code.contains(place), "{path}: {place}");
        }
        // Every export passes through the filter.
        let exports = code.lines().filter(|line| line.contains("reg query") && line.contains("/s"));
        let filtered = exports.filter(|line| line.contains("findstr /v") || line.contains("save-command"));
        let all = code
            .lines()
            .filter(|line| line.contains("reg query") && line.contains("/s") && !line.contains("echo"));
        assert_eq!(filtered.count(), all.count(), "{path}: an export that is not filtered");
    }
}

#[test]
fn old_consoles_can_run_the_batch_file() {
    let bytes = fs::read("samples/collect/collect.cmd").unwrap();
    assert!(bytes.is_ascii());
    // A batch file with line feeds alone loses its labels on old systems.
    assert!(bytes.split(|byte| *byte == b'\n').rev().skip(1).all(|line| line.ends_with(b"\r")));
}

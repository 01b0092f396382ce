//! How output looks, and what is generated from the definitions of the options.

use std::fs;

use assert_cmd::Command;

/// The standard output and the standard error.
fn sitedx(arguments: &[&str]) -> (String, String) {
    let output = Command::cargo_bin("sitedx").unwrap().args(arguments).output().unwrap();
    (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

const CASE: &str = "samples/scenarios/stop-s4/in";

#[test]
fn colours_and_links_are_there_when_they_are_asked_for() {
    let (plain, _) = sitedx(&["analyze", CASE]);
    assert!(!plain.contains('\u{1b}'), "a pipe gets plain text");
    assert_eq!(sitedx(&["analyze", CASE, "--color", "never"]).0, plain);
    let (coloured, _) = sitedx(&["analyze", CASE, "--color", "always"]);
    assert!(coloured.contains("\u{1b}[1m") && coloured.contains("\u{1b}]8;;file:///"));
    assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain, "nothing but colours and links");
    // Anonymous reports must not tell by their links what the text hides.
    assert!(!sitedx(&["analyze", CASE, "--color", "always", "--redact"]).0.contains("SECNT04"));
}

#[test]
fn quiet_and_verbose_speak_of_the_same_run() {
    let damaged = "samples/bundles/damaged-and-foreign/in";
    let (json, note) = sitedx(&["analyze", damaged, "--format", "json"]);
    assert!(note.contains("could not be read"), "{note}");
    let (quiet, nothing) = sitedx(&["analyze", damaged, "--format", "json", "--quiet"]);
    assert_eq!((quiet, nothing.as_str()), (json.clone(), ""));
    let (verbose, told) = sitedx(&["analyze", damaged, "--format", "json", "-v"]);
    assert_eq!(verbose, json);
    assert!(told.contains("files of 1 bundle") && told.contains("not read: "), "{told}");
}

#[test]
fn completions_and_manual_pages_know_every_command() {
    let commands =
        ["analyze", "timeline", "verify", "diff", "why", "explain", "inspect", "dump", "signature", "schema"];
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (text, _) = sitedx(&["completions", shell]);
        for command in commands {
            assert!(text.contains(command), "{shell} does not know {command}");
        }
    }
    let (page, _) = sitedx(&["man"]);
    for command in commands {
        assert!(page.contains(&format!("sitedx\\-{command}(1)")), "{command} is not on the page");
        let (own, told) = sitedx(&["man", command]);
        assert!(own.contains(&format!("sitedx\\-{command} ")), "{command}: {told}");
    }
    assert!(sitedx(&["man", "nothing"]).1.contains("`nothing` is no command"));
}

#[test]
fn text_of_any_script_breaks_no_line() {
    let folder = tempfile::tempdir().unwrap();
    let server = folder.path().join("SRV01");
    fs::create_dir_all(&server).unwrap();
    let text = "エラー: ディスクに十分な空き領域がありません。 שגיאה: אין מספיק מקום בדיסק \u{202e}gnihton\u{202c} error 112";
    let line = format!(
        "ERROR: {text}  $$<SMS_BOOTSTRAP><Fri Mar 26 10:43:41.547 1999 Tokyo Standard Time><thread=281 (0x119)>\r\n"
    );
    fs::write(server.join("SMSBootstrap.log"), line).unwrap();
    for width in ["text", "markdown", "csv", "sarif", "json"] {
        let (out, _) = sitedx(&["analyze", folder.path().to_str().unwrap(), "--format", width]);
        assert!(out.contains("ディスク") && out.contains("אין"), "{width}: {out}");
        assert!(!out.contains('\u{202e}'), "{width}: what turns text round is made visible");
    }
}

//! What knowledge costs: loading the catalog, and reading logs with a thousand signatures more.

use std::fmt::Write as _;

use divan::Bencher;
use divan::counter::BytesCount;
use sitedx::bundle::in_memory;
use sitedx::catalog::{Cases, Catalog, Packs};
use sitedx::custody::Hashes;
use sitedx::pipeline::analyze;
use sitedx::signature::Signature;

fn main() {
    divan::main();
}

#[divan::bench(args = [Cases::Skipped, Cases::Read])]
fn load(cases: Cases) -> usize {
    Catalog::load(&Packs::default(), cases).0.signatures.all.len()
}

/// The built-in catalog with as many signatures more, whose lines are made of the words of the built-in ones.
fn with_more(more: usize) -> Catalog {
    let catalog = Catalog::load(&Packs::default(), Cases::Skipped).0;
    let words: Vec<String> = catalog
        .signatures
        .all
        .iter()
        .flat_map(|it| it.means.text().split_whitespace())
        .filter(|word| 4 <= word.len() && word.bytes().all(|byte| byte.is_ascii_alphabetic()))
        .map(str::to_lowercase)
        .collect();
    let logs = ["ddm", "hman", "sched", "sender", "distmgr", "sitecomp", "setup"];
    let generated = (0..more).map(|number| {
        let mut text = format!(
            "id = 'generated-{number}'\ntitle = 'Trouble {number} on {{host}}'\nkind = 'root_cause'\nseverity = 'high'\n\
             phase = 'services'\nmeans = 'Generated.'\n"
        );
        for (part, kind) in ["needs", "supports", "refutes"].into_iter().enumerate() {
            // A step that shares no factor with the number of words, so that lines differ.
            let line: Vec<&str> =
                (0..5).map(|word| words[(number * 7919 + part * 104_729 + word * 31) % words.len()].as_str()).collect();
            let log = logs[number % logs.len()];
            let _ = write!(
                text,
                "[[{kind}]]\nname = 'part_{part}'\nlog = ['{log}']\nline = '{}, error {{code{part}:code}}'\n",
                line.join(" ")
            );
        }
        Signature::read_without_cases(&format!("generated-{number}.toml"), &text, &catalog.reading())
            .expect("what is generated has no mistakes")
    });
    let all = catalog.signatures.all.iter().cloned().chain(generated).collect();
    catalog.with_only(all)
}

/// Logs of many components, in which a line in a hundred tells of an error.
fn logs(lines: usize) -> Vec<(String, Vec<u8>)> {
    let components = [
        ("ddm.log", "SMS_DISCOVERY_DATA_MANAGER", "Processing file D:\\SMS\\inboxes\\ddm.box\\{n}.DDR"),
        ("hman.log", "SMS_HIERARCHY_MANAGER", "Successfully processed file {n}.ct1 of the hierarchy"),
        ("sched.log", "SMS_SCHEDULER", "Scheduler wakes up, and finds {n} send requests that wait"),
        ("sender.log", "SMS_LAN_SENDER", "Attempt to write 1024 bytes to 1_{n}.PCK at position {n}"),
        (
            "sitecomp.log",
            "SMS_SITE_COMPONENT_MANAGER",
            "Polling multisite component server SRV{n}, no change",
        ),
    ];
    let one = |(file, component, message): &(&str, &str, &str)| {
        let mut text = String::new();
        for number in 0..lines {
            let message = match number % 100 {
                0 => format!("Cannot open the file {number}.tmp, Win32 error = 5"),
                _ => message.replace("{n}", &number.to_string()),
            };
            let (minute, second) = (number / 60 % 60, number % 60);
            let _ = write!(
                text,
                "{message}  $$<{component}><Fri Mar 26 10:{minute:02}:{second:02}.000 1999 Eastern Standard Time><thread=281 (0x119)>\r\n"
            );
        }
        (format!("SRV1/{file}"), text.into_bytes())
    };
    components.iter().map(one).collect()
}

/// The whole analysis of logs, with the built-in signatures alone and with a thousand more.
#[divan::bench(args = [0, 1000])]
fn analysis_with_more_signatures(bencher: Bencher<'_, '_>, more: usize) {
    let catalog = with_more(more);
    let files = logs(20_000);
    let size: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    bencher.counter(BytesCount::new(size)).bench(|| {
        let opened = in_memory("logs", files.clone());
        analyze(&opened, &catalog, Hashes::Left, |_| {}).diagnoses.len()
    });
}

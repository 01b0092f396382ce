//! Speed of reading a registry hive of 50 MB, made in memory.

#[path = "../tests/support/hive.rs"]
mod build;

use divan::Bencher;
use divan::counter::BytesCount;
use sitedx::model::SourceId;
use sitedx::parse::PARSERS;

use build::{Key, hive};

fn main() {
    divan::main();
}

/// Classes and products as a `SOFTWARE` hive has them: many small keys with a few texts and numbers.
fn software(classes: usize) -> Key {
    let mut all = Key::new("Classes");
    for number in 0..classes {
        let id = format!("{{{number:08X}-0000-11D2-9D0C-00C04F8EDC1E}}");
        let server = Key::new("InprocServer32")
            .text("", &format!("C:\\WINNT\\System32\\library{number}.dll"))
            .text("ThreadingModel", "Both");
        let prog_id = Key::new("ProgID").text("", &format!("Library.Object{number}.1"));
        let version = Key::new("Version").text("", "1.0").dword("Flags", number as u32);
        let class = Key::new(&id).text("", "Object of a library").key(server).key(prog_id).key(version);
        all = all.key(class);
    }
    let profiles = Key::new("ProfileList");
    let windows = Key::new("Windows NT").key(Key::new("CurrentVersion").key(profiles));
    Key::new("$$$PROTO.HIV").key(all).key(Key::new("Microsoft").key(windows))
}

/// A system hive, most of which is read twice: as the control set and as the current one.
fn system(services: usize) -> Key {
    let mut all = Key::new("Services");
    for number in 0..services {
        let service = Key::new(&format!("Service{number}"))
            .dword("Start", 2)
            .dword("Type", 16)
            .text("ImagePath", &format!("%SystemRoot%\\System32\\service{number}.exe"))
            .text("ObjectName", "LocalSystem")
            .key(Key::new("Parameters").value("Data", 3, &[7; 200]));
        all = all.key(service);
    }
    Key::new("SYSTEM").key(Key::new("ControlSet001").key(all)).key(Key::new("Select").dword("Current", 1))
}

#[divan::bench(args = ["software", "system"])]
fn read(bencher: Bencher<'_, '_>, kind: &str) {
    let root = if kind == "software" { software(64_000) } else { system(69_000) };
    let bytes = hive(3, "", &root);
    let parser =
        PARSERS.iter().find(|parser| parser.name() == "registry_hive").expect("a parser of this name");
    // What was read is given back, so that throwing it away is not counted.
    bencher.counter(BytesCount::new(bytes.len())).bench(|| parser.parse(SourceId(0), "hive", &bytes));
}

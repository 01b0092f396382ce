//! Speed of the readers of registry text, over captures of 200 MB made in memory.

use std::fmt::Write as _;

use divan::Bencher;
use divan::counter::BytesCount;
use sitedx::model::SourceId;
use sitedx::parse::PARSERS;

fn main() {
    divan::main();
}

/// Bytes of each capture.
const SIZE: usize = 200_000_000;

/// Services with values of the usual types, until the text has `length` bytes.
fn export(header: &str, wide: bool, length: usize) -> String {
    let mut text = format!("{header}\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM]\r\n\r\n");
    let path: String = r"D:\SMS\bin\i386".bytes().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x},{}", if wide { "00," } else { "" });
        hex
    });
    let end = if wide { "00,00" } else { "00" };
    let mut number = 0_u32;
    while text.len() < length {
        number += 1;
        let key = format!(r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\SMS_THREAD_{number:06}");
        let _ = write!(
            text,
            "[{key}]\r\n\"Type\"=dword:00000010\r\n\"Start\"=dword:00000002\r\n\"ErrorControl\"=dword:{number:08x}\r\n\
             \"DisplayName\"=\"SMS thread component {number}\"\r\n\"ObjectName\"=\"LocalSystem\"\r\n\
             \"Directory\"=\"D:\\\\SMS\\\\inboxes\\\\thread.box\\\\{number:08}\"\r\n\"ImagePath\"=hex(2):{path}\\\r\n  {end}\r\n\r\n\
             [{key}\\Security]\r\n\"Security\"=hex:01,00,14,80,c0,00,00,00,cc,00,00,00,14,00,00,00,34,00,00,00,02,\\\r\n"
        );
        for _ in 0..5 {
            text += "  00,20,00,01,00,00,00,02,80,18,00,ff,01,0f,00,01,01,00,00,00,00,00,01,00,00,\\\r\n";
        }
        text += "  00,00,00\r\n\r\n";
    }
    text
}

/// The bytes of a capture, as the tool of the time wrote it.
fn capture(kind: &str) -> Vec<u8> {
    match kind {
        "version5" => {
            let text = export("\u{feff}Windows Registry Editor Version 5.00", true, SIZE / 2);
            text.encode_utf16().flat_map(u16::to_le_bytes).collect()
        }
        _ => export("REGEDIT4", false, SIZE).into_bytes(),
    }
}

#[divan::bench(args = ["regedit4", "version5"], sample_count = 3)]
fn registry_text(bencher: Bencher<'_, '_>, kind: &str) {
    let bytes = capture(kind);
    let parser = PARSERS.iter().find(|parser| parser.name() == "registry_text").expect("the parser");
    // What was read is given back, so that to free it is not timed.
    bencher.counter(BytesCount::of_slice(&bytes)).bench(|| {
        let parsed = parser.parse(SourceId(0), "capture.reg", &bytes);
        assert!(parsed.problems.is_empty() && parsed.coverage.len() == 1);
        parsed
    });
}

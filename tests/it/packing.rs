//! A bundle gives the same analysis whatever it is packed in.

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};

use flate2::{Compress, Compression, FlushCompress};
use serde_json::Value;
use sitedx::bundle::{self, Limits};
use sitedx::catalog::Catalog;
use sitedx::custody::Hashes;
use sitedx::pipeline::analyze;
use sitedx::report::{Format, Options, render};

use crate::files::{Files, tree};

fn zip(files: &Files) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (index, (name, bytes)) in files.iter().enumerate() {
        let deflated = index % 2 == 0;
        let method = if deflated { zip::CompressionMethod::Deflated } else { zip::CompressionMethod::Stored };
        writer.start_file(name, options.compression_method(method)).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn tar(files: &Files) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, format!("./{name}"), &bytes[..]).unwrap();
    }
    builder.into_inner().unwrap()
}

fn tar_gz(files: &Files) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&tar(files)).unwrap();
    encoder.finish().unwrap()
}

/// A solid 7z archive.
fn seven_zip(files: &Files) -> Vec<u8> {
    let mut writer = sevenz_rust2::ArchiveWriter::new(Cursor::new(Vec::new())).unwrap();
    let entries = files.iter().map(|(name, _)| sevenz_rust2::ArchiveEntry::new_file(name)).collect();
    let readers = files.iter().map(|(_, bytes)| sevenz_rust2::SourceReader::new(&bytes[..])).collect();
    writer.push_archive_entries(entries, readers).unwrap();
    writer.finish().unwrap().into_inner()
}

/// A cabinet with one MSZIP folder. Each block is packed by itself, which the format allows.
fn cabinet(files: &Files) -> Vec<u8> {
    let content: Vec<u8> = files.iter().flat_map(|(_, bytes)| bytes.clone()).collect();
    let mut data = Vec::new();
    let blocks = content.chunks(32 << 10);
    let count = blocks.len() as u16;
    for block in blocks {
        let mut packed = b"CK".to_vec();
        packed.reserve(block.len() + 64);
        let mut compress = Compress::new(Compression::fast(), false);
        compress.compress_vec(block, &mut packed, FlushCompress::Finish).unwrap();
        data.extend([0; 4]);
        data.extend((packed.len() as u16).to_le_bytes());
        data.extend((block.len() as u16).to_le_bytes());
        data.extend(packed);
    }
    let (mut list, mut offset) = (Vec::new(), 0_u32);
    for (name, bytes) in files {
        list.extend((bytes.len() as u32).to_le_bytes());
        list.extend(offset.to_le_bytes());
        // The first folder, no date, the archive attribute and that of a name in UTF-8.
        list.extend([0, 0, 0, 0, 0, 0, 0xA0, 0]);
        list.extend(name.replace('/', "\\").as_bytes());
        list.push(0);
        offset += bytes.len() as u32;
    }
    let mut cabinet = b"MSCF\0\0\0\0".to_vec();
    cabinet.extend((44 + (list.len() + data.len()) as u32).to_le_bytes());
    cabinet.extend([0, 0, 0, 0, 44, 0, 0, 0, 0, 0, 0, 0, 3, 1, 1, 0]);
    cabinet.extend((files.len() as u16).to_le_bytes());
    cabinet.extend([0; 6]);
    cabinet.extend((44 + list.len() as u32).to_le_bytes());
    cabinet.extend(count.to_le_bytes());
    cabinet.extend(1_u16.to_le_bytes());
    [cabinet, list, data].concat()
}

/// The ending of an archive, and what packs files into one.
type Packer = (&'static str, fn(&Files) -> Vec<u8>);

const PACKERS: &[Packer] =
    &[("zip", zip), ("tar", tar), ("tar.gz", tar_gz), ("7z", seven_zip), ("cab", cabinet)];

/// The text and the JSON report, without where the bundle lies.
fn reports(path: &Path, catalog: &Catalog) -> (String, Value) {
    let opened = bundle::open(&[path], &Limits::default()).unwrap();
    let report = analyze(&opened, catalog, Hashes::Told, |_| {});
    let hide = |text: &str| text.replace(path.to_str().unwrap(), "<bundle>");
    let text = anstream::adapter::strip_str(&render(&report, Format::Text, &Options::default())).to_string();
    let json = hide(&render(&report, Format::Json, &Options::default()).replace("\\\\", "/"));
    (hide(&text), serde_json::from_str(&json).unwrap())
}

fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

#[test]
fn every_archive_of_a_bundle_is_analyzed_like_its_folder() {
    let catalog = Catalog::built_in();
    let out = folder("packed");
    let mut cases = 0;
    for case in fs::read_dir("samples/bundles").unwrap() {
        let root = case.unwrap().path().join("in");
        let mut files = tree(&root);
        // Archives need not be in the order in which folders are walked.
        files.reverse();
        let (text, json) = reports(&root, &catalog);
        for (ending, pack) in PACKERS {
            let path = out.join(format!("in.{ending}"));
            fs::write(&path, pack(&files)).unwrap();
            let (packed_text, packed_json) = reports(&path, &catalog);
            assert_eq!(text, packed_text, "{} as {ending}", root.display());
            assert_eq!(json, packed_json, "{} as {ending}", root.display());
            cases += 1;
        }
    }
    assert!(cases >= 50, "samples/bundles has lost its cases");
}

#[test]
fn an_archive_of_each_server_is_like_a_folder_of_each_server() {
    let catalog = Catalog::built_in();
    let root = Path::new("samples/bundles/pending-child-bootstrap-failed/in");
    let report = |path: &Path| {
        let opened = bundle::open(&[path], &Limits::default()).unwrap();
        analyze(&opened, &catalog, Hashes::Told, |_| {})
    };
    let plain = report(root);
    let out = folder("server-archives");
    for (server, (ending, pack)) in fs::read_dir(root).unwrap().zip(PACKERS.iter().skip(2)) {
        let server = server.unwrap().path();
        let name = format!("{}.{ending}", server.file_name().unwrap().to_str().unwrap());
        fs::write(out.join(name), pack(&tree(&server))).unwrap();
    }
    let packed = report(&out);
    let hosts = |report: &sitedx::model::report::Report| -> Vec<(String, usize)> {
        report.hosts.iter().map(|host| (host.name.clone(), host.sources)).collect()
    };
    let findings = |report: &sitedx::model::report::Report| -> Vec<(String, String, u8)> {
        report.diagnoses.iter().map(|it| (it.signature.clone(), it.host.clone(), it.confidence)).collect()
    };
    assert!(plain.hosts.len() > 1 && !plain.diagnoses.is_empty());
    assert_eq!(hosts(&plain), hosts(&packed));
    assert_eq!(findings(&plain), findings(&packed));
}

#[test]
fn a_flat_cabinet_of_several_servers_is_like_a_folder_of_each() {
    let catalog = Catalog::built_in();
    let root = Path::new("samples/bundles/pending-child-bootstrap-failed/in");
    let flat = |(path, bytes): (String, Vec<u8>)| {
        let server = path.split('/').next().unwrap();
        (format!("{server}_{}", path.rsplit('/').next().unwrap()), bytes)
    };
    let files: Files = tree(root).into_iter().map(flat).collect();
    let path = folder("flat").join("MPSReports.CAB");
    fs::write(&path, cabinet(&files)).unwrap();
    let summary = |path: &Path| -> Vec<String> {
        let opened = bundle::open(&[path], &Limits::default()).unwrap();
        let report = analyze(&opened, &catalog, Hashes::Told, |_| {});
        let hosts = report.hosts.iter().map(|host| format!("{} {}", host.name, host.sources));
        let findings =
            report.diagnoses.iter().map(|it| format!("{} {} {}", it.signature, it.host, it.confidence));
        hosts.chain(findings).collect()
    };
    assert_eq!(summary(&path), summary(root));
}

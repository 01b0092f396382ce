//! Lists the files of grammars/, signatures/ and codes/, so that the program carries them.

#![expect(clippy::disallowed_methods, reason = "a build script reads files and the environment of cargo")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("set by cargo"));
    let mut out = String::new();
    for (folder, name) in [("grammars", "GRAMMARS"), ("signatures", "SIGNATURES"), ("codes", "CODES")] {
        println!("cargo::rerun-if-changed={folder}");
        let mut files = Vec::new();
        collect(&root.join(folder), &mut files);
        files.sort();
        let _ = writeln!(out, "pub const {name}: &[(&str, &str)] = &[");
        for file in files {
            let relative = file.strip_prefix(&root).expect("found below it");
            let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
            let _ =
                writeln!(out, "    ({:?}, include_str!({:?})),", parts.join("/"), file.display().to_string());
        }
        out.push_str("];\n");
    }
    let target = PathBuf::from(env::var("OUT_DIR").expect("set by cargo")).join("knowledge.rs");
    fs::write(target, out).expect("the output folder of the build can be written");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "toml") {
            files.push(path);
        }
    }
}

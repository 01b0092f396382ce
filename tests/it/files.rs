//! The files of a folder, for tests that give them another form.

use std::fs;
use std::path::Path;

/// Files with their paths, which may lie in folders.
pub type Files = Vec<(String, Vec<u8>)>;

/// All files below a folder, in the order of their paths.
pub fn tree(root: &Path) -> Files {
    let (mut files, mut folders) = (Vec::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            files.push((name, fs::read(&path).unwrap()));
        }
    }
    files.sort();
    files
}

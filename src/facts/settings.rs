//! Named values of documents: INI files, site control files, reports.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{Located, Origin};

/// Values by document, section and name, none of which counts letter case.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    values: BTreeMap<(String, String, String), Vec<Located<Setting>>>,
}

/// One value as the document spells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    pub document: Arc<str>,
    pub section: Arc<str>,
    pub name: Box<str>,
    pub value: Box<str>,
}

impl Settings {
    /// Adds a value; of several of one name all are kept, in their order.
    pub fn add(&mut self, setting: Setting, origin: Origin) {
        let key =
            (setting.document.to_lowercase(), setting.section.to_lowercase(), setting.name.to_lowercase());
        self.values.entry(key).or_default().push(Located { value: setting, origin });
    }

    /// All values, in the order of their documents, sections and names.
    pub fn iter(&self) -> impl Iterator<Item = &Located<Setting>> {
        self.values.values().flatten()
    }

    /// The first value of a name, which is the one that counts in an INI file.
    pub fn get(&self, document: &str, section: &str, name: &str) -> Option<&Located<Setting>> {
        self.all(document, section, name).first()
    }

    /// All values of a name, in their order.
    pub fn all(&self, document: &str, section: &str, name: &str) -> &[Located<Setting>] {
        let key = (document.to_lowercase(), section.to_lowercase(), name.to_lowercase());
        self.values.get(&key).map(Vec::as_slice).unwrap_or_default()
    }
}

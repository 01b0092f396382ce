//! Settings of what a command prints: its labels and values, under the command's name.

use std::sync::Arc;

use super::Reading;
use crate::model::{Fact, Origin};

/// The settings of one command's output. Sections are shared by their settings.
pub struct Document {
    name: Arc<str>,
    section: Arc<str>,
}

impl Document {
    pub fn new(name: &str) -> Self {
        Self { name: name.into(), section: "".into() }
    }

    /// Begins a section; parts are divided by `/`.
    pub fn section(&mut self, section: &str) {
        if *self.section != *section {
            self.section = section.into();
        }
    }

    /// Keeps a setting of the section that goes on.
    pub fn set(&self, name: &str, value: &str, origin: Origin, reading: &mut Reading) {
        let (document, section) = (self.name.clone(), self.section.clone());
        let (name, value) = (name.into(), value.into());
        reading.parsed.fact(Fact::Setting { document, section, name, value }, origin);
    }
}

/// Whether a text can be the name of a computer: the first label of a DNS name, or a NetBIOS name.
pub fn is_computer(name: &str) -> bool {
    (1..=63).contains(&name.len())
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '$' | '&' | '#'))
        && name.chars().any(char::is_alphanumeric)
}

/// The computer's name in a DNS name such as `sites02.corp.example`.
pub fn computer(name: &str) -> Option<&str> {
    let first = name.split('.').next()?;
    // An address is no name.
    let address = name.contains('.') && first.bytes().all(|byte| byte.is_ascii_digit());
    (is_computer(first) && !address).then_some(first)
}

/// The name of a system without its maker and marks: `Windows Server 2003, Standard Edition`.
pub fn system_name(printed: &str) -> String {
    let mut name = printed.to_owned();
    for mark in ["(R)", "(TM)", "(r)", "(tm)", "\u{ae}", "\u{2122}"] {
        name = name.replace(mark, "");
    }
    let words: Vec<&str> = name.split_whitespace().skip_while(|word| *word == "Microsoft").collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_systems_and_computers() {
        assert_eq!(
            system_name("Microsoft(R) Windows(R) Server 2003, Standard Edition"),
            "Windows Server 2003, Standard Edition"
        );
        assert_eq!(system_name("Microsoft (R) Windows NT (TM) Server"), "Windows NT Server");
        assert_eq!(computer("sites02.corp.example"), Some("sites02"));
        assert_eq!(computer("10.0.0.1"), None);
        assert_eq!(computer("two words"), None);
        assert_eq!(computer(""), None);
    }
}

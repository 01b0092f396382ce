//! Services, threads, control files and shares of SMS by their names.

use crate::authoring::{Mistake, Sheet, nearest};

/// What a component can be.
pub const KINDS: &[&str] = &["service", "thread", "program", "control file", "share", "account"];

/// The versions that are told apart.
const VERSIONS: &[&str] = &["1.x", "2.0", "2003"];

/// Something that logs and folders name.
#[derive(Clone, Debug)]
pub struct Component {
    pub name: String,
    /// Other names of the same.
    pub also: Vec<String>,
    pub kind: String,
    pub versions: Vec<String>,
    pub does: String,
    /// The files it writes to.
    pub logs: Vec<String>,
    pub kb: Vec<String>,
}

/// All components, as read from `components.toml`.
#[derive(Clone, Debug, Default)]
pub struct Components(pub Vec<Component>);

impl Components {
    /// Reads the file.
    ///
    /// # Errors
    /// All mistakes of the file.
    pub fn read(path: &str, text: &str) -> Result<Self, Vec<Mistake>> {
        Sheet::read(path, text, |table| {
            table.need("component");
            let mut all: Vec<Component> = Vec::new();
            for mut entry in table.tables("component") {
                let word = entry.need_text("name");
                let texts = |words: Vec<crate::authoring::Word>| {
                    words.into_iter().map(|word| word.text).collect::<Vec<String>>()
                };
                let also = texts(entry.texts("also"));
                for name in std::iter::once(&word.text).chain(&also) {
                    if all.iter().any(|known| known.names().any(|known| known.eq_ignore_ascii_case(name))) {
                        entry.mistake(&word.span, format!("`{name}` stands twice"));
                    }
                }
                let kind = entry.need_text("kind");
                if !KINDS.contains(&kind.text.as_str()) {
                    let what = format!("no kind is called `{}`", kind.text);
                    entry.sheet.mistake(kind.span.clone(), what, nearest(&kind.text, KINDS));
                }
                entry.need("versions");
                let versions = entry.texts("versions");
                for version in versions.iter().filter(|version| !VERSIONS.contains(&version.text.as_str())) {
                    let what = format!("no version is called `{}`", version.text);
                    entry.sheet.mistake(version.span.clone(), what, Some(VERSIONS.join(", ")));
                }
                let does = entry.need_text("does").text;
                let logs = texts(entry.texts("logs"));
                entry.need("kb");
                let kb = texts(entry.texts("kb"));
                entry.finish();
                let component = Component {
                    name: word.text,
                    also,
                    kind: kind.text,
                    versions: texts(versions),
                    does,
                    logs,
                    kb,
                };
                all.push(component);
            }
            Self(all)
        })
    }

    /// Those that go by a name, in either case; `ct1`, `.ct1` and `x.ct1` are all one.
    pub fn named(&self, name: &str) -> Vec<&Component> {
        let exact: Vec<&Component> = self.0.iter().filter(|it| it.is_called(name)).collect();
        if !exact.is_empty() {
            return exact;
        }
        let ending = name.rsplit('.').next().map(|ending| format!(".{ending}")).unwrap_or_default();
        let kind = |it: &&Component| it.kind == "control file" && it.is_called(&ending);
        self.0.iter().filter(kind).collect()
    }
}

impl Component {
    /// All its names.
    pub fn names(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.name).chain(&self.also)
    }

    fn is_called(&self, name: &str) -> bool {
        self.names().any(|known| match known.strip_suffix('*') {
            // `.P*` would take in too much: a place holder stands behind three letters at least.
            Some(start) if start.len() > 2 => {
                name.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start))
            }
            _ => known.eq_ignore_ascii_case(name),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "
[[component]]
name = 'SMS_HIERARCHY_MANAGER'
also = 'HMAN'
kind = 'thread'
versions = '2.0'
does = 'x'
kb = 'Q1'
[[component]]
name = '.CT1'
kind = 'control file'
versions = ['1.x', '2.0']
does = 'y'
kb = 'Q1'
[[component]]
name = 'CAP_*'
kind = 'share'
versions = '2.0'
does = 'z'
kb = 'Q1'
";

    #[test]
    fn a_component_is_found_by_any_of_its_names() {
        let components = Components::read("components.toml", TEXT).unwrap();
        for (name, found) in [
            ("hman", Some("SMS_HIERARCHY_MANAGER")),
            ("ct1", Some(".CT1")),
            (".CT1", Some(".CT1")),
            ("8B4NFYM5.CT1", Some(".CT1")),
            ("cap_p01", Some("CAP_*")),
            ("sms", None),
            ("", None),
        ] {
            let names: Vec<&str> = components.named(name).iter().map(|it| it.name.as_str()).collect();
            assert_eq!(names.first().copied(), found, "{name}");
        }
    }

    #[test]
    fn mistakes_are_told() {
        let text = TEXT.replace("'share'", "'shar'").replace("'CAP_*'", "'.ct1'");
        let mistakes = Components::read("components.toml", &text).unwrap_err();
        let shown: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            [
                "components.toml:16:9: `.ct1` stands twice",
                "components.toml:17:8: no kind is called `shar`: did you mean `share`?"
            ]
        );
    }
}

//! Makes reports anonymous: each name of a customer's thing becomes a pseudonym, the same one in all reports of a run.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

use crate::model::{NameKind, Names, Texts};

/// Names that mean the same everywhere, and words that a site code may be by chance: they tell nothing of a customer.
const KEPT: &[&str] = &[
    "administrator",
    "administrators",
    "admin",
    "guest",
    "guests",
    "system",
    "localsystem",
    "users",
    "everyone",
    "domain admins",
    "domain users",
    "domain guests",
    "domain computers",
    "domain controllers",
    "enterprise admins",
    "schema admins",
    "power users",
    "backup operators",
    "account operators",
    "print operators",
    "server operators",
    "replicator",
    "interactive",
    "network",
    "service",
    "batch",
    "authenticated users",
    "creator owner",
    "anonymous",
    "nt authority",
    "builtin",
    "localservice",
    "networkservice",
    "local service",
    "network service",
    "workgroup",
    "localhost",
    "sa",
    "sms",
    "cap",
    "nal",
    "sql",
    "lan",
    "ras",
    "sna",
    "log",
    "exe",
    "dll",
    "dir",
    "reg",
    "net",
    "and",
    "the",
    "for",
    "not",
    "all",
    "new",
    "old",
    "has",
    "was",
    "are",
    "can",
    "may",
    "see",
    "set",
    "get",
    "run",
    "use",
    "key",
    "job",
    "site",
    "server",
];

/// A private list of who is who.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct NameMap {
    /// Pseudonyms by what they stand for, in the form in which it is compared: lower case.
    #[serde(flatten)]
    pub pseudonyms: BTreeMap<String, String>,
}

/// Replaces names by pseudonyms.
#[derive(Clone, Debug, Default)]
pub struct Redactor {
    map: NameMap,
    taken: BTreeSet<String>,
    /// Known names by their first letter, longest first. A whole word would not do: lower case may have other letters.
    by_letter: HashMap<char, Vec<Known>>,
    counts: BTreeMap<NameKind, usize>,
}

/// A name that is replaced.
#[derive(Clone, Debug)]
struct Known {
    lower: String,
    pseudonym: String,
}

impl Redactor {
    /// A redactor that goes on with the pseudonyms of earlier runs, and replaces the names of a list too.
    pub fn new(map: NameMap, listed: &[String]) -> Self {
        let mut redactor = Self::default();
        for (lower, pseudonym) in map.pseudonyms {
            redactor.keep(lower, pseudonym);
        }
        let mut names = Names::default();
        listed.iter().for_each(|name| names.add(NameKind::Listed, name));
        redactor.learn(&names);
        redactor
    }

    /// Who is who.
    pub fn map(&self) -> &NameMap {
        &self.map
    }

    /// Takes up the names of a case.
    pub fn learn(&mut self, names: &Names) {
        for (kind, all) in &names.all {
            for name in all {
                let lower = lower_case(name);
                let long = lower.chars().filter(|c| c.is_alphanumeric()).count() > 1;
                let listed = *kind == NameKind::Listed;
                if listed || long && !KEPT.contains(&lower.as_str()) && !lower.starts_with('(') {
                    self.pseudonym(*kind, lower);
                }
            }
        }
    }

    /// Replaces all names in a report.
    pub fn apply(&mut self, report: &mut impl Texts) {
        // Accounts that nothing lists show where their domain is written before them.
        report.texts(&mut |text| self.learn_accounts(text));
        report.texts(&mut |text| *text = self.redacted(text));
    }

    /// The pseudonym of a name, a new one if it is not known.
    fn pseudonym(&mut self, kind: NameKind, lower: String) -> String {
        if let Some(known) = self.map.pseudonyms.get(&lower) {
            return known.clone();
        }
        let count = self.counts.entry(kind).or_default();
        let pseudonym = loop {
            *count += 1;
            let pseudonym = format!("{}{count}", kind.stem());
            // A server may really be called HOST1.
            if !self.taken.contains(&pseudonym.to_lowercase())
                && !self.map.pseudonyms.contains_key(&pseudonym.to_lowercase())
            {
                break pseudonym;
            }
        };
        self.keep(lower, pseudonym.clone());
        pseudonym
    }

    fn keep(&mut self, lower: String, pseudonym: String) {
        self.taken.insert(pseudonym.to_lowercase());
        // What stands before the first word, as in `/cases/one`, stays.
        if let Some(own) = words(&lower).next().map(|word| lower[word.start..].to_owned())
            && let Some(letter) = own.chars().next()
        {
            let known = self.by_letter.entry(letter).or_default();
            known.push(Known { lower: own, pseudonym: pseudonym.clone() });
            known.sort_by_key(|it| std::cmp::Reverse(it.lower.len()));
        }
        self.map.pseudonyms.insert(lower, pseudonym);
    }

    fn learn_accounts(&mut self, text: &str) {
        static ACCOUNT: OnceLock<Regex> = OnceLock::new();
        let account = constant(&ACCOUNT, r"([\w.-]+)\\+([\w.$-]+)");
        for found in account.captures_iter(text) {
            let (domain, user) = (lower_case(&found[1]), lower_case(&found[2]));
            let is_domain =
                self.map.pseudonyms.get(&domain).is_some_and(|it| it.starts_with(NameKind::Domain.stem()));
            // What follows a server is a share, which tells nothing, or what follows a drive a folder.
            if is_domain && !KEPT.contains(&user.as_str()) {
                self.pseudonym(NameKind::Account, user);
            }
        }
    }

    /// The text with every name replaced.
    fn redacted(&mut self, text: &str) -> String {
        let text = self.replace_names(text);
        self.replace_shapes(text)
    }

    /// Replaces known names that stand between other than letters and digits.
    fn replace_names(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        // Lower case may have another length, so places are compared in the text itself.
        for word in words(text) {
            if word.start < done {
                continue;
            }
            let letter = text[word.start..].chars().next().and_then(|c| c.to_lowercase().next());
            let Some(known) = letter.and_then(|letter| self.by_letter.get(&letter)) else { continue };
            let found = known.iter().find_map(|it| Some((it, end_of(&it.lower, text, word.start)?)));
            if let Some((it, end)) = found {
                out.push_str(&text[done..word.start]);
                out.push_str(&it.pseudonym);
                done = end;
            }
        }
        out.push_str(&text[done..]);
        out
    }

    /// Replaces what is known by its shape.
    fn replace_shapes(&mut self, mut text: String) -> String {
        for (kind, shape) in shapes() {
            if !shape.is_match(&text) {
                continue;
            }
            let mut out = String::with_capacity(text.len());
            let mut done = 0;
            for found in shape.find_iter(&text) {
                let is_it = *kind != NameKind::Address || is_address(found.as_str());
                if is_it {
                    out.push_str(&text[done..found.start()]);
                    out.push_str(&self.pseudonym(*kind, lower_case(found.as_str())));
                    done = found.end();
                }
            }
            out.push_str(&text[done..]);
            text = out;
        }
        text
    }
}

/// Lower case letter by letter, so that what is compared does not depend on what stands beside it.
fn lower_case(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// The words of a text: runs of letters and digits.
fn words(text: &str) -> impl Iterator<Item = std::ops::Range<usize>> {
    let mut rest = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, _) = rest.find(|(_, c)| c.is_alphanumeric())?;
        let mut end = start + text[start..].chars().next().map_or(1, char::len_utf8);
        while let Some((at, c)) = rest.next_if(|(_, c)| c.is_alphanumeric()) {
            end = at + c.len_utf8();
        }
        Some(start..end)
    })
}

/// Where a name ends that begins at a place of a text, if it stands there as a whole.
fn end_of(lower: &str, text: &str, start: usize) -> Option<usize> {
    let mut rest = text[start..].char_indices();
    let mut wanted = lower.chars();
    let mut end = start;
    while let Some(first) = wanted.next() {
        let (at, c) = rest.next()?;
        let mut given = c.to_lowercase();
        if given.next() != Some(first) {
            return None;
        }
        for more in given {
            if wanted.next() != Some(more) {
                return None;
            }
        }
        end = start + at + c.len_utf8();
    }
    let goes_on = text[end..].chars().next().is_some_and(char::is_alphanumeric);
    (!goes_on).then_some(end)
}

/// What names things of a customer by its shape alone.
fn shapes() -> &'static [(NameKind, Regex)] {
    static SHAPES: OnceLock<Vec<(NameKind, Regex)>> = OnceLock::new();
    SHAPES.get_or_init(|| {
        let texts = [
            (NameKind::Sid, r"\bS-1-\d+(?:-\d+)+\b"),
            // Product IDs of Windows, network cards, and volumes.
            (NameKind::Serial, r"\b\d{5}-(?:\d{3}|OEM)-\d{7}-\d{5}\b"),
            (NameKind::Serial, r"\b(?:[0-9A-F]{2}[-:]){5}[0-9A-F]{2}\b"),
            (NameKind::Serial, r"\b[0-9A-F]{4}-[0-9A-F]{4}\b"),
            (NameKind::Serial, r"\{?\b[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}\b\}?"),
            (NameKind::Address, r"\b\d{1,3}(?:\.\d{1,3}){3}\b"),
            (NameKind::Address, r"\b(?:[0-9A-F]{1,4}:){3,7}[0-9A-F]{0,4}(?::[0-9A-F]{1,4})*\b|\b[0-9A-F]{1,4}::(?:[0-9A-F]{1,4}:?)+\b"),
        ];
        let compiled = texts.into_iter().map(|(kind, text)| {
            let built = RegexBuilder::new(text).case_insensitive(true).build();
            (kind, built.expect("the pattern is constant"))
        });
        compiled.collect()
    })
}

/// Whether four numbers are an address: each fits into a byte. Versions have greater ones, as `2.00.1493.2010`.
fn is_address(text: &str) -> bool {
    text.contains(':')
        || text
            .split('.')
            .all(|part| part.parse::<u8>().is_ok() && (part.len() == 1 || !part.starts_with('0')))
}

fn constant(cell: &'static OnceLock<Regex>, text: &str) -> &'static Regex {
    cell.get_or_init(|| Regex::new(text).expect("the pattern is constant"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redactor() -> Redactor {
        let mut names = Names::default();
        for (kind, name) in [
            (NameKind::Host, "PRI00"),
            (NameKind::Host, "SEC-NT04"),
            (NameKind::Host, "HOST2"),
            (NameKind::Domain, "CORP"),
            (NameKind::Domain, "corp.example"),
            (NameKind::Account, "SMSService"),
            (NameKind::Account, "Administrator"),
            (NameKind::SiteCode, "S04"),
            (NameKind::SiteName, "Dublin North"),
        ] {
            names.add(kind, name);
        }
        let mut redactor = Redactor::new(NameMap::default(), &["Contoso".to_owned()]);
        redactor.learn(&names);
        redactor
    }

    #[test]
    fn names_become_pseudonyms_wherever_they_stand() {
        let mut redactor = redactor();
        let mut check = |text: &str, expected: &str| {
            let mut texts = vec![text.to_owned()];
            redactor.apply(&mut texts);
            assert_eq!(texts, [expected], "{text}");
        };
        check(r"\\PRI00\SMS_S04 of pri00.corp.example", r"\\HOST3\SMS_SITE1 of HOST3.DOMAIN2");
        check("PRI00_hman.log, SEC-NT04: PRI001", "HOST3_hman.log, HOST4: PRI001");
        check(
            r"CORP\SMSService and CORP\jdoe; jdoe again",
            r"DOMAIN1\ACCOUNT1 and DOMAIN1\ACCOUNT2; ACCOUNT2 again",
        );
        check(r"CORP\Administrator, Contoso, dublin north", r"DOMAIN1\Administrator, NAME1, SITENAME1");
        check("HOST2 is a real name", "HOST1 is a real name");
        check(
            "from 10.1.2.3, not 2.00.1493.2010 or 4.0.1381.6",
            "from ADDRESS1, not 2.00.1493.2010 or 4.0.1381.6",
        );
        check("S-1-5-21-1-2-3-500 with 00-50-56-AB-CD-EF", "SID1 with SERIAL1");
        check("fe80::1:2ff:fe3 at 09:12:45", "ADDRESS2 at 09:12:45");
        check("SMS_EXECUTIVE at D:\\SMS", "SMS_EXECUTIVE at D:\\SMS");
    }

    #[test]
    fn a_kept_map_gives_the_same_pseudonyms_again() {
        let mut first = redactor();
        let mut texts = vec![r"CORP\jdoe on PRI00".to_owned()];
        first.apply(&mut texts);
        let kept = serde_json::to_string(first.map()).unwrap();
        let mut again = Redactor::new(serde_json::from_str(&kept).unwrap(), &[]);
        let mut other = Names::default();
        other.add(NameKind::Host, "AAA");
        again.learn(&other);
        let mut more = vec![r"CORP\jdoe on PRI00 and AAA".to_owned()];
        again.apply(&mut more);
        assert_eq!(more[0], format!("{} and HOST{}", texts[0], 5));
    }

    proptest::proptest! {
        #[test]
        fn a_name_never_survives_and_no_text_panics(
            name in "[a-zA-Z0-9ÄİßΣ]{2}[a-zA-Z0-9ÄİßΣ._-]{1,7}",
            before in "[ -~ÄİßΣ\n]{0,12}",
            after in "[ -~ÄİßΣ\n]{0,12}",
        ) {
            let mut redactor = Redactor::default();
            let mut names = Names::default();
            names.add(NameKind::Host, &name);
            redactor.learn(&names);
            let mut texts = vec![format!("{before} {name} {after}")];
            redactor.apply(&mut texts);
            let is_kept = KEPT.contains(&name.to_lowercase().as_str());
            proptest::prop_assert!(is_kept || !texts[0].contains(&format!(" {name} ")), "{}", texts[0]);
        }
    }
}

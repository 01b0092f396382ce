//! Reads a signature file, and tells all that is wrong with it.

use super::scope::Slip;
use crate::authoring::{Mistake, Places, Sheet, Table, Word, nearest};
use crate::pattern::Template;

use super::fields::{Reading, duration, own_tests, template};
use super::{
    Ask, Condition, Fixed, Item, KINDS, Kind, Order, RISKS, Remedy, Risk, Rival, SEVERITIES, Severity, Side,
    Signature, case, question, scope,
};

/// The fields of a signature that are no lists of tables.
const ABOVE: &[&str] = &[
    "id", "kb", "title", "kind", "severity", "phase", "applies", "site", "identity", "means", "explains",
    "verify", "fixed",
];

impl Signature {
    /// Reads a signature file.
    ///
    /// # Errors
    /// All mistakes of the file.
    pub fn read(path: &str, text: &str, reading: &Reading<'_>) -> Result<Self, Vec<Mistake>> {
        let found = Sheet::read(path, text, |table| {
            if let Some((key, span)) = table.behind("case") {
                let hint = "move it up: where no cases are run, reading ends with the first of them";
                let what = format!("`{key}` stands behind a [[case]], and cases stand last");
                table.sheet.mistake(span, what, Some(hint.to_owned()));
            }
            table.need("case");
            let cases = table.tables("case").into_iter().filter_map(case::read).collect();
            let read = Signature { cases, ..signature(path, table, reading)? };
            tell(scope::cases(&read), table.sheet);
            Some(read)
        })?;
        // A file without mistakes has everything that is needed.
        found.ok_or_else(Vec::new)
    }

    /// Reads a signature file without its cases, which are most of it and stand at its end.
    ///
    /// # Errors
    /// All mistakes of what is read.
    pub fn read_without_cases(path: &str, text: &str, reading: &Reading<'_>) -> Result<Self, Vec<Mistake>> {
        let end = text.find("\n[[case]]").map_or(text.len(), |end| end + 1);
        // What stands behind the cases would be lost unseen; as a whole, the file is told to be wrong.
        if text[end..].match_indices("\n[[").any(|(at, _)| !text[end + at..].starts_with("\n[[case]]")) {
            return Self::read(path, text, reading);
        }
        let found = Sheet::read(path, &text[..end], |table| signature(path, table, reading))?;
        found.ok_or_else(Vec::new)
    }
}

fn signature(path: &str, table: &mut Table<'_, '_>, reading: &Reading<'_>) -> Option<Signature> {
    let id = table.need_text("id");
    let stem = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".toml");
    if !id.text.is_empty() && id.text != stem {
        table.mistake(&id.span, format!("the id must be the file's name: `{stem}`"));
    }
    let kb: Vec<String> = table.texts("kb").iter().map(|word| article(table, word)).collect();
    let title = need_template(table, "title");
    let kind = need_one_of(table, "kind", KINDS).unwrap_or(Kind::Symptom);
    let severity = need_one_of(table, "severity", SEVERITIES).unwrap_or(Severity::Info);
    let phase = table.need_text("phase").text;
    let applies = table.table("applies").map(|table| own_tests(table, reading)).unwrap_or_default();
    let site = table.text("site").unwrap_or(Word { text: "{site}".to_owned(), span: 0..0 });
    let site = template(table, &site);
    let identity = table.texts("identity").iter().filter_map(|word| template(table, word)).collect();
    let means = need_template(table, "means");
    let fixed = table.text("fixed").and_then(|word| fixed(table, &word, reading));
    table.need("needs");
    let before = table.sheet.mistakes();
    let needs = conditions(table, "needs", reading);
    let supports = conditions(table, "supports", reading);
    let refutes = conditions(table, "refutes", reading);
    let resolved = conditions(table, "resolved", reading);
    let sound = before == table.sheet.mistakes();
    let explains = table.texts("explains").into_iter().map(|word| word.text).collect();
    let rivals = table.tables("rival").into_iter().map(rival).collect();
    let remedies = table.tables("remedy").into_iter().filter_map(remedy).collect();
    let verify = table.texts("verify").iter().filter_map(|word| template(table, word)).collect();
    let asks = table.tables("ask").into_iter().filter_map(ask).collect();
    let items = table.tables("item").into_iter().filter_map(|table| item(table, reading)).collect();
    let signature = Signature {
        id: id.text,
        kb,
        title: title?,
        kind,
        severity,
        phase,
        applies,
        site: site?,
        identity,
        means: means?,
        fixed,
        needs,
        supports,
        refutes,
        resolved,
        explains,
        rivals,
        remedies,
        verify,
        asks,
        items,
        cases: Vec::new(),
        path: path.to_owned(),
    };
    // What a condition with a mistake would bind is not known.
    if sound {
        tell(scope::mistakes(&signature), table.sheet);
    }
    Some(signature)
}

/// Records what is wrong with a file as a whole; places are looked for only then, which is seldom.
fn tell(slips: Vec<Slip>, sheet: &Sheet<'_>) {
    if slips.is_empty() {
        return;
    }
    let places = Places::read(sheet.path, sheet.text);
    for Slip { what, hint, place } in slips {
        sheet.mistake(place.find(&places), what, hint);
    }
}

fn conditions(table: &mut Table<'_, '_>, key: &'static str, reading: &Reading<'_>) -> Vec<Condition> {
    table.tables(key).into_iter().filter_map(|table| condition(table, reading)).collect()
}

fn condition(mut table: Table<'_, '_>, reading: &Reading<'_>) -> Option<Condition> {
    let name = table.need_text("name").text;
    let says = table.text("says").and_then(|word| template(&table, &word));
    let denies = table.text("denies").and_then(|word| template(&table, &word));
    let proves = table.flag("proves");
    let weight = table.integer("weight").unwrap_or(10);
    if !(0..=30).contains(&weight) {
        table.mistake(&(table.span.start..table.span.start), "`weight` is 0 to 30");
    }
    let weight = weight.clamp(0, 30) as i32;
    let order = order(&mut table);
    let question = question::read(&mut table, reading);
    table.finish_below(ABOVE);
    Some(Condition { name, question: question?, says, denies, proves, weight, order })
}

fn order(table: &mut Table<'_, '_>) -> Option<Order> {
    let span = table.span.clone();
    let within = table.text("within").and_then(|word| duration(table, &word));
    let (after, before) = (table.text("after"), table.text("before"));
    match (after, before) {
        (Some(other), None) => Some(Order { other: other.text, side: Side::After, within }),
        (None, Some(other)) => Some(Order { other: other.text, side: Side::Before, within }),
        (None, None) => {
            if within.is_some() {
                table.mistake(
                    &span,
                    "`within` says how far apart `after` or `before` may be: write one of them",
                );
            }
            None
        }
        (Some(_), Some(other)) => {
            table.mistake(&other.span, "a condition has `after` or `before`, not both");
            None
        }
    }
}

fn fixed(table: &Table<'_, '_>, word: &Word, reading: &Reading<'_>) -> Option<Fixed> {
    let Some(version) = reading.versions.get(word.text.trim()) else {
        reading.versions.unknown(table, word);
        return None;
    };
    Some(Fixed { version: version.clone(), step: reading.versions.step.clone() })
}

fn rival(mut table: Table<'_, '_>) -> Rival {
    let rival = Rival { signature: table.need_text("signature").text, tell: table.need_text("tell").text };
    table.finish_below(ABOVE);
    rival
}

fn remedy(mut table: Table<'_, '_>) -> Option<Remedy> {
    let on = need_template(&mut table, "on");
    let action = need_template(&mut table, "do");
    let run = table.text("run").and_then(|word| template(&table, &word));
    let risk = need_one_of(&mut table, "risk", RISKS);
    let kb = table.text("kb").map(|word| article(&table, &word));
    let when = table.text("when").map(|word| word.text);
    table.finish_below(ABOVE);
    Some(Remedy { on: on?, action: action?, run, risk: risk.unwrap_or(Risk::High), kb, when })
}

fn ask(mut table: Table<'_, '_>) -> Option<Ask> {
    let condition = table.need_text("unknown").text;
    let on = table.text("on").unwrap_or(Word { text: "{host}".to_owned(), span: 0..0 });
    let on = template(&table, &on);
    let text = need_template(&mut table, "text");
    table.finish_below(ABOVE);
    Some(Ask { condition, on: on?, text: text? })
}

fn item(mut table: Table<'_, '_>, reading: &Reading<'_>) -> Option<Item> {
    let title = need_template(&mut table, "title");
    let subject = need_template(&mut table, "subject");
    let remedy = table.text("remedy").and_then(|word| template(&table, &word));
    let ask = table.text("ask").and_then(|word| template(&table, &word));
    let mut inner = |key: &'static str| {
        let mut table = table.table(key)?;
        let question = question::read(&mut table, reading);
        table.finish();
        question
    };
    let (each, only, ok, problem) = (inner("each"), inner("only"), inner("ok"), inner("problem"));
    if ok.is_some() && problem.is_some() {
        table.mistake(&table.span.clone(), "an item has `ok` or `problem`, not both");
    }
    if each.is_none() && ok.is_none() && problem.is_none() {
        table.mistake(&table.span.clone(), "an item needs `ok`, `problem` or `each`");
    }
    table.finish_below(ABOVE);
    let bad = problem.is_some();
    Some(Item { title: title?, subject: subject?, each, only, test: ok.or(problem), bad, remedy, ask })
}

/// The number of an article.
fn article(table: &Table<'_, '_>, word: &Word) -> String {
    let digits = word.text.strip_prefix('Q').unwrap_or_default();
    if !(5..=6).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        table.mistake(&word.span, "an article is a `Q` and five or six digits");
    }
    word.text.clone()
}

fn need_template(table: &mut Table<'_, '_>, key: &'static str) -> Option<Template> {
    let word = table.need_text(key);
    template(table, &word)
}

fn need_one_of<T: Copy>(
    table: &mut Table<'_, '_>,
    key: &'static str,
    known: &[(&'static str, T)],
) -> Option<T> {
    let word = table.need_text(key);
    let found = known.iter().find(|(name, _)| *name == word.text).map(|(_, value)| *value);
    if found.is_none() && !word.text.is_empty() {
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        let hint = nearest(&word.text, &names).or_else(|| Some(format!("known: {}", names.join(", "))));
        table.sheet.mistake(word.span, format!("`{}` is no {key}", word.text), hint);
    }
    found
}

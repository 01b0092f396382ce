//! One line of a site control file: a block's begin or end, or words and fields.

/// What a line is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line<'a> {
    /// Blank.
    Nothing,
    /// `SITE CONTROL FILE [build][syntax version]`; the part in brackets.
    Header(&'a str),
    /// `BEGIN_x`: the x.
    Begin(&'a str),
    /// `END_x`: the x.
    End(&'a str),
    /// Words, which may be none, and fields.
    Row(Row),
    /// Anything else.
    Other,
}

/// Words and fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// `PROPERTY`, or nothing for fields by themselves.
    pub words: String,
    pub fields: Vec<String>,
    /// The last field has no end yet.
    pub open: bool,
    /// What is wrong with it, where it can be read all the same.
    pub damage: Option<String>,
}

impl Row {
    /// Whether it is a `PROPERTY`, in either case of letters.
    pub fn is_property(&self) -> bool {
        self.words.eq_ignore_ascii_case("PROPERTY")
    }

    /// Whether more of it should stand on the next line.
    pub fn wants_more(&self) -> bool {
        self.open || (self.is_property() && self.fields.len() < 4)
    }
}

/// Reads a line.
pub fn line(text: &str) -> Line<'_> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{1a}');
    if text.is_empty() {
        return Line::Nothing;
    }
    if let Some(rest) = text.strip_prefix("SITE CONTROL FILE") {
        let rest = rest.trim();
        return if rest.starts_with('[') { Line::Header(rest) } else { Line::Other };
    }
    if let Some(name) = block(text, "BEGIN_") {
        return Line::Begin(name);
    }
    if let Some(name) = block(text, "END_") {
        return Line::End(name);
    }
    row(text).map_or(Line::Other, Line::Row)
}

/// The block that a line of this one word begins or ends.
fn block<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    let name = text.strip_prefix(start)?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then_some(name)
}

/// Words and fields; `None` where the text is neither.
fn row(text: &str) -> Option<Row> {
    /// Longer words are sentences that quote a field.
    const MOST_WORDS: usize = 3;
    let (words, mut rest) = text.split_at(text.find('<')?);
    let words = words.split_whitespace().collect::<Vec<_>>();
    let is_word =
        |word: &&str| word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'@');
    if words.len() > MOST_WORDS || !words.iter().all(is_word) {
        return None;
    }
    let mut row = Row { words: words.join(" "), fields: Vec::new(), open: false, damage: None };
    loop {
        rest = rest.trim_start();
        if let Some(behind) = rest.strip_prefix('<') {
            let Some((field, behind)) = behind.split_once('>') else {
                row.fields.push(behind.to_owned());
                row.open = true;
                return Some(row);
            };
            row.fields.push(field.to_owned());
            rest = behind;
        } else if let Some(behind) = rest.strip_prefix('>') {
            row.fields.push(String::new());
            row.damage = Some("found `>` without `<`, expected a field: read as an empty one".to_owned());
            rest = behind;
        } else {
            if !rest.is_empty() {
                row.damage =
                    Some(format!("found `{rest}` behind the fields, expected `<` or the end of the line"));
            }
            return Some(row);
        }
    }
}

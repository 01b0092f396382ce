//! Markup in the making. Text of a report can only get in through one place, which makes it harmless.
//!
//! Names of tags and attributes, and markup as it is, are `&'static str`: a text out of a report has no such type by
//! accident. Whatever else is written is made visible (`model::printable`) and then escaped.

use crate::model::printable;

/// Attributes of a tag: our names with any values.
pub type Attributes<'a> = &'a [(&'static str, &'a str)];

/// Markup in the making.
#[derive(Default)]
pub struct Markup {
    out: String,
}

impl Markup {
    /// The markup as text.
    pub fn finish(self) -> String {
        self.out
    }

    /// Markup as it is, which can only be ours.
    pub fn raw(&mut self, markup: &'static str) {
        self.out.push_str(markup);
    }

    /// Data for a script, as the content of its tag.
    pub fn json(&mut self, data: &Json) {
        self.out.push_str(&data.0);
    }

    /// Any text.
    pub fn text(&mut self, text: &str) {
        escape(&mut self.out, text);
    }

    /// A tag with all that is within it.
    pub fn inside(&mut self, tag: &'static str, attributes: Attributes<'_>, content: impl FnOnce(&mut Self)) {
        self.start(tag, attributes);
        content(self);
        self.out.push_str("</");
        self.out.push_str(tag);
        self.out.push('>');
        if is_block(tag) {
            self.out.push('\n');
        }
    }

    /// A tag around a text.
    pub fn element(&mut self, tag: &'static str, attributes: Attributes<'_>, text: &str) {
        self.inside(tag, attributes, |page| page.text(text));
    }

    /// A tag that holds nothing and is not closed.
    pub fn start(&mut self, tag: &'static str, attributes: Attributes<'_>) {
        self.out.push('<');
        self.out.push_str(tag);
        for (name, value) in attributes {
            debug_assert!(is_harmless(name, value), "{name}={value:?} could run or fetch something");
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            escape(&mut self.out, value);
            self.out.push('"');
        }
        self.out.push('>');
    }
}

/// Tags behind which a line ends, so that a page can be compared line by line.
fn is_block(tag: &str) -> bool {
    !matches!(
        tag,
        "a" | "b" | "bdi" | "code" | "span" | "td" | "th" | "time" | "label" | "dt" | "title" | "button"
    )
}

/// No attribute runs a script or has a style, and none leads out of the page.
fn is_harmless(name: &str, value: &str) -> bool {
    let leads_out = matches!(name, "href" | "src" | "action" | "data" | "xlink:href");
    !name.starts_with("on") && name != "style" && (!leads_out || value.starts_with('#'))
}

/// Text that is safe between tags and between quotation marks.
fn escape(out: &mut String, text: &str) {
    for c in printable(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
}

/// JSON that cannot end the tag it stands in, and shows no hidden characters.
pub struct Json(String);

impl Json {
    /// Of data, all texts of which are made visible by those who show them.
    pub fn of(data: &serde_json::Value) -> Self {
        let mut out = String::new();
        for c in crate::model::json_safe(&data.to_string()).chars() {
            match c {
                '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", c as u32)),
                c => out.push(c),
            }
        }
        Self(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "</script><script>alert(1)</script>\"'&\u{202e}\u{1b}[31m\u{2028}]]>";

    #[test]
    fn text_stays_text() {
        let mut page = Markup::default();
        page.element("p", &[("title", HOSTILE)], HOSTILE);
        let found = page.finish();
        assert_eq!(found.matches('<').count(), 2, "{found}");
        assert_eq!(found.matches('"').count(), 2, "{found}");
        assert!(!found.contains(['\'', '\u{202e}', '\u{1b}']), "{found}");
        assert!(found.contains("&amp;\\u{202e}\\u{1b}[31m"), "{found}");
    }

    #[test]
    fn data_stays_data_and_means_the_same() {
        let data = serde_json::json!({ "text": HOSTILE });
        let Json(found) = Json::of(&data);
        assert!(!found.contains(['<', '>', '&', '\u{202e}', '\u{2028}']), "{found}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&found).unwrap(), data);
    }

    #[test]
    #[should_panic(expected = "could run or fetch something")]
    fn no_link_leads_out() {
        Markup::default().start("a", &[("href", "javascript:alert(1)")]);
    }
}

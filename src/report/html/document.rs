//! What is around every page: head, rules for the browser, our style and scripts.

use sha2::{Digest, Sha256};

use super::markup::{Json, Markup};
use crate::report::verdict::Tone;

const STYLE: &str = include_str!("page.css");
/// What both pages use, before what each has of its own.
const COMMON: &str = include_str!("common.js");

/// A script of ours, with the data that it reads.
pub struct Script {
    pub text: &'static str,
    pub data: Option<Json>,
}

/// A page with its title, around what `content` writes into its body.
pub fn document(title: &str, script: Script, content: impl FnOnce(&mut Markup)) -> String {
    let mut page = Markup::default();
    page.raw("<!DOCTYPE html>\n");
    page.inside("html", &[("lang", "en")], |page| {
        page.inside("head", &[], |page| head(page, title, script.text));
        page.inside("body", &[], |page| {
            page.raw("<a class=\"skip\" href=\"#main\">Skip to the findings</a>\n");
            content(page);
            if let Some(data) = &script.data {
                page.raw("<script type=\"application/json\" id=\"data\">");
                page.json(data);
                page.raw("</script>\n");
            }
            page.raw("<script>");
            page.raw(COMMON);
            page.raw(script.text);
            page.raw("</script>\n");
        });
    });
    page.finish()
}

fn head(page: &mut Markup, title: &str, script: &str) {
    page.raw("<meta charset=\"utf-8\">\n");
    page.start("meta", &[("http-equiv", "Content-Security-Policy"), ("content", &policy(script))]);
    page.raw(
        "\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <link rel=\"icon\" href=\"data:,\">\n",
    );
    page.element("title", &[], title);
    page.raw("\n<style>");
    page.raw(STYLE);
    page.raw("</style>\n");
}

/// Nothing is fetched, and nothing runs but the very style and script that this program holds. Scripts cannot turn text
/// into markup at all.
fn policy(script: &str) -> String {
    format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; img-src data:; base-uri 'none'; form-action 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'",
        source(&[STYLE]),
        source(&[COMMON, script]),
    )
}

/// The hash by which a policy names a text.
fn source(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    format!("sha256-{}", base64(&hash.finalize()))
}

/// Base64 as in RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let bits =
            chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place) & 63) as usize];
            out.push(if place <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    out
}

/// A part of a page under a heading, which links can lead to.
pub fn section(page: &mut Markup, id: &'static str, title: &str, content: impl FnOnce(&mut Markup)) {
    let heading = format!("{id}-title");
    page.inside("section", &[("id", id), ("aria-labelledby", &heading)], |page| {
        page.element("h2", &[("id", &heading)], title);
        content(page);
    });
}

/// Something that opens at a click.
pub fn fold(page: &mut Markup, summary: &str, content: impl FnOnce(&mut Markup)) {
    page.inside("details", &[("class", "fold")], |page| {
        page.element("summary", &[], summary);
        content(page);
    });
}

/// What may be wider than a phone and is moved by itself, also by keyboard.
pub fn wide(page: &mut Markup, label: &str, content: impl FnOnce(&mut Markup)) {
    let attributes = [("class", "wide"), ("role", "group"), ("tabindex", "0"), ("aria-label", label)];
    page.inside("div", &attributes, content);
}

/// A word with a colour.
pub fn badge(page: &mut Markup, tone: &'static str, word: &str) {
    let class = format!("badge {tone}");
    page.element("span", &[("class", &class)], word);
}

/// The class of a tone.
pub fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Bad => "bad",
        Tone::Warn => "warn",
        Tone::Good => "good",
    }
}

/// The row of column titles of a table.
pub fn header(page: &mut Markup, titles: &[&str]) {
    page.inside("thead", &[], |page| {
        page.inside("tr", &[], |page| {
            titles.iter().for_each(|title| page.element("th", &[("scope", "col")], title));
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        for (bytes, text) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn scripts_make_no_markup_and_fetch_nothing() {
        let scripts = [COMMON, include_str!("page.js"), include_str!("run.js")];
        for word in ["innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "fetch(", "http"]
        {
            assert!(scripts.iter().all(|script| !script.contains(word)), "{word}");
        }
        // What stands in a tag must not end it.
        assert!(scripts.iter().all(|script| !script.contains("</")) && !STYLE.contains("</"));
        assert!(!STYLE.contains("url(") && !STYLE.contains("@import"));
    }
}

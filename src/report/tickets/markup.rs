//! Blocks of text in the markup of each system. What strangers wrote is nothing but text in each.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::content::Block;
use crate::model::printable;

/// Text without any markup.
pub fn plain(blocks: &[Block]) -> String {
    let mut out = String::new();
    for block in blocks {
        match block {
            Block::Heading(text) => {
                let text = printable(text);
                let _ = write!(out, "{}\n{}\n", text, "-".repeat(text.chars().count().min(72)));
            }
            Block::Text(text) => _ = write!(out, "{}\n\n", printable(text)),
            Block::List(items) => {
                items.iter().for_each(|item| _ = writeln!(out, "- {}", printable(item)));
                out.push('\n');
            }
            Block::Steps(items) => {
                for (index, item) in items.iter().enumerate() {
                    let _ = writeln!(out, "{}. {}", index + 1, printable(item));
                }
                out.push('\n');
            }
            Block::Code(text) => {
                text.lines().for_each(|line| _ = writeln!(out, "    {}", printable(line)));
                out.push('\n');
            }
        }
    }
    out.trim_end().to_owned()
}

/// The Atlassian Document Format, which Jira Cloud wants.
pub fn adf(blocks: &[Block]) -> Value {
    let text = |text: &str| match printable(text) {
        // A text node must not be empty.
        blank if blank.is_empty() => json!([]),
        text => json!([{ "type": "text", "text": text }]),
    };
    let paragraph = |it: &str| json!({ "type": "paragraph", "content": text(it) });
    let list = |kind: &str, items: &[String]| {
        let items: Vec<Value> =
            items.iter().map(|item| json!({ "type": "listItem", "content": [paragraph(item)] })).collect();
        json!({ "type": kind, "content": items })
    };
    let content: Vec<Value> = blocks
        .iter()
        .map(|block| match block {
            Block::Heading(it) => json!({ "type": "heading", "attrs": { "level": 3 }, "content": text(it) }),
            Block::Text(it) => paragraph(it),
            Block::List(items) => list("bulletList", items),
            Block::Steps(items) => list("orderedList", items),
            Block::Code(it) => {
                let lines: Vec<String> = it.lines().map(printable).collect();
                json!({ "type": "codeBlock", "content": [{ "type": "text", "text": lines.join("\n") }] })
            }
        })
        .collect();
    json!({ "type": "doc", "version": 1, "content": content })
}

/// The wiki markup of Jira Data Center.
pub fn wiki(blocks: &[Block]) -> String {
    let mut out = String::new();
    for block in blocks {
        match block {
            Block::Heading(text) => _ = write!(out, "h3. {}\n\n", wiki_text(text)),
            Block::Text(text) => _ = write!(out, "{}\n\n", wiki_text(text)),
            Block::List(items) => {
                items.iter().for_each(|item| _ = writeln!(out, "* {}", wiki_text(item)));
                out.push('\n');
            }
            Block::Steps(items) => {
                items.iter().for_each(|item| _ = writeln!(out, "# {}", wiki_text(item)));
                out.push('\n');
            }
            Block::Code(text) => {
                let lines: Vec<String> = text.lines().map(printable).collect();
                // The end of the block must not stand within it.
                let text = lines.join("\n").replace("{noformat}", "{ noformat }");
                let _ = write!(out, "{{noformat}}\n{text}\n{{noformat}}\n\n");
            }
        }
    }
    out.trim_end().to_owned()
}

fn wiki_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in printable(text).chars() {
        if matches!(
            c,
            '\\' | '{' | '}' | '[' | ']' | '*' | '_' | '-' | '+' | '^' | '~' | '|' | '!' | '#' | '?'
        ) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Markdown as GitHub reads it.
pub fn markdown(blocks: &[Block]) -> String {
    let text = |text: &str| silent(&super::super::markdown::escaped(text));
    let mut out = String::new();
    for block in blocks {
        match block {
            Block::Heading(it) => _ = write!(out, "### {}\n\n", text(it)),
            Block::Text(it) => _ = write!(out, "{}\n\n", text(it)),
            Block::List(items) => {
                items.iter().for_each(|item| _ = writeln!(out, "- {}", text(item)));
                out.push('\n');
            }
            Block::Steps(items) => {
                for (index, item) in items.iter().enumerate() {
                    let _ = writeln!(out, "{}. {}", index + 1, text(item));
                }
                out.push('\n');
            }
            Block::Code(it) => {
                let longest = it.split(|c| c != '`').map(str::len).max().unwrap_or_default();
                let fence = "`".repeat(longest.max(2) + 1);
                let lines: Vec<String> = it.lines().map(printable).collect();
                let _ = write!(out, "{fence}text\n{}\n{fence}\n\n", lines.join("\n"));
            }
        }
    }
    out.trim_end().to_owned()
}

/// A log that says `@someone` must call nobody.
fn silent(text: &str) -> String {
    text.replace('@', "@<!-- -->")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hostile() -> Vec<Block> {
        vec![
            Block::Heading("*bold* @team".to_owned()),
            Block::Text("<script> {code} [x|y] \u{1b}[31m".to_owned()),
            Block::Code("{noformat}``` end".to_owned()),
            Block::Steps(vec!["one".to_owned()]),
        ]
    }

    #[test]
    fn markup_of_strangers_is_text() {
        let wiki = wiki(&hostile());
        assert!(wiki.starts_with(r"h3. \*bold\* @team"), "{wiki}");
        assert_eq!(wiki.matches("{noformat}").count(), 2, "{wiki}");
        let markdown = markdown(&hostile());
        assert!(markdown.starts_with(r"### \*bold\* @<!-- -->team"), "{markdown}");
        assert!(markdown.contains("````text\n{noformat}``` end\n````"), "{markdown}");
        assert!(!markdown.contains("\n<script>"), "{markdown}");
        let all = format!("{wiki}{markdown}{}{}", plain(&hostile()), adf(&hostile()));
        assert!(!all.contains('\u{1b}'), "{all}");
        assert_eq!(adf(&[Block::Text(String::new())])["content"][0]["content"], json!([]));
    }
}

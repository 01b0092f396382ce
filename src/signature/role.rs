//! Roles: what shows which server does what for a site, beside the site server.

use super::fields::{Reading, template};
use super::{Question, question};
use crate::authoring::{Mistake, Sheet, Table};
use crate::pattern::Template;

/// The name by which a sign tells the server; a sign that binds none speaks of the server on which it stands.
pub const SERVER: &str = "server";
/// The name by which a sign tells the site, where that is not the site of the server on which it stands.
pub const OF: &str = "of";

/// What a server may do for a site, such as `SQL server`.
#[derive(Clone, Debug)]
pub struct Role {
    pub name: String,
    /// Each shows a server that does it.
    pub signs: Vec<RoleSign>,
}

/// A question that shows a server of a role.
#[derive(Clone, Debug)]
pub struct RoleSign {
    /// How it is known, such as `registry`.
    pub by: Template,
    pub question: Question,
}

/// A small bundle, and all servers that must be told of it, such as `SQL01: SQL server of S04`.
#[derive(Clone, Debug)]
pub struct RoleCase {
    pub name: String,
    pub roles: Vec<String>,
    /// Files by their path in the bundle.
    pub files: Vec<(String, Vec<u8>)>,
}

/// All roles, as read from `roles.toml`.
#[derive(Clone, Debug, Default)]
pub struct Roles {
    pub all: Vec<Role>,
    pub cases: Vec<RoleCase>,
    /// The file they were read from.
    pub path: String,
}

impl Roles {
    /// Reads the file.
    ///
    /// # Errors
    /// All mistakes of the file.
    pub fn read(path: &str, text: &str, reading: &Reading<'_>) -> Result<Self, Vec<Mistake>> {
        Sheet::read(path, text, |table| {
            table.need("role");
            let all = table.tables("role").into_iter().map(|table| role(table, reading)).collect();
            table.need("case");
            let cases = table.tables("case").into_iter().map(case).collect();
            Self { all, cases, path: path.to_owned() }
        })
    }

    /// All their questions.
    pub fn questions_mut(&mut self) -> impl Iterator<Item = &mut Question> {
        self.all.iter_mut().flat_map(|role| &mut role.signs).map(|sign| &mut sign.question)
    }
}

fn role(mut table: Table<'_, '_>, reading: &Reading<'_>) -> Role {
    let name = table.need_text("name").text;
    table.need("sign");
    let signs = table.tables("sign").into_iter().filter_map(|mut table| {
        let word = table.need_text("by");
        let by = template(&table, &word);
        let question = question::read(&mut table, reading);
        table.finish();
        Some(RoleSign { by: by?, question: question? })
    });
    let signs = signs.collect();
    table.finish();
    Role { name, signs }
}

fn case(mut table: Table<'_, '_>) -> RoleCase {
    let name = table.need_text("name").text;
    let roles = table.texts("roles").into_iter().map(|word| word.text).collect();
    let files = super::case::files(&mut table);
    table.finish();
    RoleCase { name, roles, files }
}

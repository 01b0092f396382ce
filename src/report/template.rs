//! Reports by a template of the user's own, for systems that sitedx does not know.

use anyhow::anyhow;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, context};

use crate::model::json_safe;
use crate::model::report::Report;

/// Fills a template of Jinja syntax. It sees `report`, as in JSON, and `causes`, the claimed roots of it.
///
/// With a name that ends in `.html`, values are escaped for HTML; the filter `tojson` writes any value as JSON.
///
/// # Errors
/// What is wrong in the template, and at which line.
pub fn render(name: &str, source: &str, report: &Report) -> anyhow::Result<String> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|name| {
        if name.ends_with(".html") { AutoEscape::Html } else { AutoEscape::None }
    });
    let told = |error: minijinja::Error| {
        let line = error.line().map(|line| format!(":{line}")).unwrap_or_default();
        let detail = error.detail().map(|detail| format!(": {detail}")).unwrap_or_default();
        anyhow!("{name}{line}: {}{detail}", error.kind())
    };
    environment.add_template(name, source).map_err(told)?;
    let causes: Vec<_> =
        report.diagnoses.iter().filter(|it| it.is_claimed() && it.explained_by.is_none()).collect();
    let template = environment.get_template(name).map_err(told)?;
    let (report, causes) = (Value::from(Serde(report)), Value::from(Serde(&causes)));
    let mut text = template.render(context! { report, causes }).map_err(told)?;
    // The last line end of a template is left out.
    if source.ends_with('\n') && !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(json_safe(&text))
}

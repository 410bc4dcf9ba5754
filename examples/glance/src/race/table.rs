//! What became of the scenarios, as a table for people.

use super::Finding;
use comfy_table::{LineStyle, Table, TableStyle};

const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// A line for each scenario and statement.
#[must_use]
pub fn table(findings: &[Finding]) -> String {
    let mut table = Table::new();
    table.load_style(STYLE).set_header(["", "scenario", "both survive", "statements"]);
    for (index, Finding { what, both, a, b }) in findings.iter().enumerate() {
        let statements = [said("A", a), said("B", b)].concat().join("\n");
        let (number, both) = ((index + 1).to_string(), if *both { "yes" } else { "NO" });
        table.add_row([number.as_str(), what, both, &statements]);
    }
    table.trim_fmt() + "\n"
}

fn said(who: &str, statements: &Result<Vec<String>, String>) -> Vec<String> {
    match statements {
        Ok(statements) => statements.iter().map(|statement| format!("{who}  {statement}")).collect(),
        Err(error) => vec![format!("{who}  failed: {error}")],
    }
}

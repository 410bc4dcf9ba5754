//! A report as a table for people: columns aligned, numbers to the right.

use crate::reports::{Field, Report};
use comfy_table::{CellAlignment, LineStyle, Table, TableStyle};

const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// The report as a table, with a header.
#[must_use]
pub fn table(report: &Report) -> String {
    let mut table = Table::new();
    table.load_style(STYLE).set_header(report.columns);
    table.add_rows(report.rows.iter().map(|row| row.iter().map(|field| field.as_str().unwrap_or_default())));
    // What one row holds a number in, all do, and the header goes with them.
    for (column, field) in table.column_iter_mut().zip(report.rows.first().into_iter().flatten()) {
        if matches!(field, Field::Number(_)) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.trim_fmt() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_whatever_the_script() {
        let row = |name: &str, n: &str| vec![Field::Text(name.into()), Field::Number(n.into())];
        let report = Report { columns: &["Name", "n"], rows: vec![row("Antônio", "7"), row("東京", "12345")] };
        assert_eq!(table(&report), " Name          n\n─────────────────\n Antônio       7\n 東京      12345\n");
    }
}

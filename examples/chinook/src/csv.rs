//! CSV, byte for byte as `sqlite3 -csv -header` writes it, so that the two can be compared.
//!
//! The rule is SQLite's own, wider than CSV needs, which is why no CSV library is used here: a field is quoted when it
//! is empty or holds a control character, a space, a quote of either kind, a comma, or anything beyond ASCII. Nothing at
//! all stands for NULL. Lines end in a line feed.

use crate::reports::{Field, Report};

/// The report as CSV, with a header line.
#[must_use]
pub fn csv(report: &Report) -> String {
    let mut out = String::new();
    line(&mut out, report.columns.iter().map(|column| Some(*column)));
    for row in &report.rows {
        line(&mut out, row.iter().map(Field::as_str));
    }
    out
}

fn line<'f>(out: &mut String, fields: impl Iterator<Item = Option<&'f str>>) {
    for (index, field) in fields.enumerate() {
        if index > 0 {
            out.push(',');
        }
        match field {
            Some(field) if is_quoted(field) => {
                out.push('"');
                out.push_str(&field.replace('"', "\"\""));
                out.push('"');
            }
            Some(field) => out.push_str(field),
            None => {}
        }
    }
    out.push('\n');
}

fn is_quoted(field: &str) -> bool {
    let special = |byte| matches!(byte, 0..=b' ' | b'"' | b'\'' | b',' | 0x7f..);
    field.is_empty() || field.bytes().any(special)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_as_sqlite3_quotes_them() {
        for plain in ["AC/DC", "a-b", "-1.50", "a;b", "a|b", "a\\b", "[a]", "a`b", "~", "!"] {
            assert!(!is_quoted(plain), "{plain:?}");
        }
        for special in ["", "a b", "a,b", "a\"b", "d'Or", "a\tb", "a\r\nb", "\u{1}", "\u{7f}", "Antônio", "東京"] {
            assert!(is_quoted(special), "{special:?}");
        }
    }

    #[test]
    fn nothing_and_empty_text_are_two_things() {
        let row = vec![Field::Nothing, Field::Text(String::new()), Field::Text("say \"hi\"".into())];
        let report = Report { columns: &["a", "b b", "c"], rows: vec![row] };
        assert_eq!(csv(&report), "a,\"b b\",c\n,\"\",\"say \"\"hi\"\"\"\n");
    }
}

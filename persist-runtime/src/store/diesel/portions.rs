//! How much one statement is given: so many rows, and so many bytes of values.

use super::batch::Change;
use crate::edit::Test;
use crate::entity::Value;

/// What one statement may be given at most. One row it is always given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    pub(super) rows: usize,
    pub(super) bytes: usize,
}

impl Limit {
    /// `rows`, cut into what each statement is given.
    pub(super) fn portions<'r, T>(
        self,
        rows: &'r [T],
        weight: impl Fn(&T) -> usize,
    ) -> Portions<'r, T, impl Fn(&T) -> usize> {
        Portions { limit: self, left: rows, weight }
    }
}

/// See [`Limit::portions`].
pub(super) struct Portions<'r, T, W> {
    limit: Limit,
    left: &'r [T],
    weight: W,
}

impl<'r, T, W: Fn(&T) -> usize> Iterator for Portions<'r, T, W> {
    type Item = &'r [T];

    fn next(&mut self) -> Option<&'r [T]> {
        if self.left.is_empty() {
            return None;
        }
        let mut rows = self.limit.rows.clamp(1, self.left.len());
        if self.limit.bytes < usize::MAX {
            let mut bytes = 0_usize;
            let fit = self.left[..rows].iter().take_while(|row| {
                bytes = bytes.saturating_add((self.weight)(row));
                bytes <= self.limit.bytes
            });
            rows = fit.count().max(1);
        }
        let (portion, left) = self.left.split_at(rows);
        self.left = left;
        Some(portion)
    }
}

/// How many bytes values are in a statement, at most: bound one by one, or as a part of a document.
pub(super) fn weight<'v>(values: impl IntoIterator<Item = &'v Value>) -> usize {
    values.into_iter().map(weight_of).sum()
}

fn weight_of(value: &Value) -> usize {
    // What a document makes of a character of these: `\"`, or `\u0000`.
    let longer = |byte: u8| match byte {
        b'"' | b'\\' => 1,
        0..=0x1F => 5,
        _ => 0,
    };
    match value {
        Value::Text(text) | Value::Json(text) => text.len() + text.bytes().map(longer).sum::<usize>() + 16,
        // As hexadecimal digits.
        Value::Bytes(bytes) => 2 * bytes.len() + 16,
        Value::Null => 8,
        _ => 48,
    }
}

impl Change<'_> {
    /// How many bytes the row is in a statement with so many values for each.
    pub(super) fn weight(&self, values: usize) -> usize {
        let sets = self.sets.iter().flat_map(|set| (0..).map_while(|nth| set.to.value(nth)));
        let checks = self.checks.iter().flat_map(|check| match &check.test {
            Test::Is(value) => [Some(value), None],
            Test::Within(least, most) => [Some(least), Some(most)],
        });
        // What the row has nothing of is NULL.
        weight(self.key) + weight(sets) + weight(checks.flatten()) + 8 * values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(rows: usize, bytes: usize, weights: &[usize]) -> Vec<usize> {
        Limit { rows, bytes }.portions(weights, |weight| *weight).map(<[usize]>::len).collect()
    }

    #[test]
    fn portions_are_as_large_as_may_be() {
        assert_eq!(cut(2, usize::MAX, &[9, 9, 9]), [2, 1]);
        assert_eq!(cut(9, 10, &[5, 5, 1, 10, 2, 2]), [2, 1, 1, 2]);
        assert_eq!(cut(9, 10, &[11, 1, usize::MAX, usize::MAX]), [1, 1, 1, 1], "one row is always given");
        assert_eq!(cut(0, 0, &[1, 1]), [1, 1]);
        assert_eq!(cut(1, 1, &[]), [0; 0]);
    }

    #[test]
    fn what_a_document_escapes_weighs_more() {
        let text = |text: &str| weight([&Value::Text(text.repeat(100))]);
        assert!(text("\u{1}") >= 600 && text("\"") >= 200 && (100..200).contains(&text("a")));
    }
}

//! The rows of a collection in hand as data, each compared where it stands with what it was read as, and made anew only if
//! it differs.

use super::editable::EditPart;
use crate::entity::{Field, Key, Out, Value};
use crate::view::{Graph, shows};
use std::sync::Arc;

/// A row of a collection in hand.
pub(super) trait Element {
    /// Shows the cells that make it an entry; none where its own key tells it from others.
    fn show_entry(&self, _: &mut Out<'_>) {}

    /// Shows the other cells.
    fn show_row(&self, out: &mut Out<'_>);

    /// The rows below it, for each of its relations.
    fn below(&self, _read: &[Vec<Graph>]) -> Vec<Vec<Graph>> {
        Vec::new()
    }
}

/// One of a list.
pub(super) struct Row<'v, V>(pub(super) &'v V);

/// One of a map, by its key.
pub(super) struct Entry<'v, K, V>(pub(super) &'v K, pub(super) &'v V);

/// What one column of it holds, by its key.
pub(super) struct Pair<'v, K, S>(pub(super) &'v K, pub(super) &'v S);

/// What one column of it holds, in a set.
pub(super) struct Only<'v, S>(pub(super) &'v S);

impl<V: EditPart> Element for Row<'_, V> {
    fn show_row(&self, out: &mut Out<'_>) {
        self.0.push_cells(out);
    }

    fn below(&self, read: &[Vec<Graph>]) -> Vec<Vec<Graph>> {
        self.0.below(read)
    }
}

impl<K: Key, V: EditPart> Element for Entry<'_, K, V> {
    fn show_entry(&self, out: &mut Out<'_>) {
        self.0.show_parts(out);
    }

    fn show_row(&self, out: &mut Out<'_>) {
        self.1.push_cells(out);
    }

    fn below(&self, read: &[Vec<Graph>]) -> Vec<Vec<Graph>> {
        self.1.below(read)
    }
}

impl<K: Key, S: Field> Element for Pair<'_, K, S> {
    fn show_entry(&self, out: &mut Out<'_>) {
        self.0.show_parts(out);
    }

    fn show_row(&self, out: &mut Out<'_>) {
        self.1.show_field(out);
    }
}

impl<S: Field> Element for Only<'_, S> {
    fn show_entry(&self, out: &mut Out<'_>) {
        self.0.show_field(out);
    }

    fn show_row(&self, _: &mut Out<'_>) {}
}

/// The rows of a collection so far.
pub(super) struct Rendered<'r> {
    read: &'r [Graph],
    /// Where the next row is expected to stand among those.
    next: usize,
    rows: Vec<Graph>,
    /// The cells of the row at hand; kept to save the allocation.
    cells: Vec<Value>,
    /// Where the last row stands among those, if it is one of them.
    last: Option<usize>,
    /// Whether no row so far comes before the one ahead of it, in the order of entries.
    ascending: bool,
}

impl<'r> Rendered<'r> {
    /// None yet, of a collection that was read as these.
    pub(super) const fn beside(read: &'r [Graph]) -> Self {
        Self { read, next: 0, rows: Vec::new(), cells: Vec::new(), last: None, ascending: true }
    }

    /// All rows, in the order of a list.
    pub(super) fn all(mut self, rows: impl ExactSizeIterator<Item = impl Element>) -> Vec<Graph> {
        self.rows.reserve_exact(rows.len());
        rows.for_each(|row| self.push(&row));
        self.rows
    }

    /// All entries, in an order of their own: two equal maps may give them in different orders.
    pub(super) fn entries(mut self, rows: impl ExactSizeIterator<Item = impl Element>) -> Vec<Graph> {
        self.rows.reserve_exact(rows.len());
        for row in rows {
            let ahead = std::mem::take(&mut self.last);
            self.push(&row);
            self.ascending &= match (ahead, self.last, self.rows.as_slice()) {
                // As they were read they ascend.
                (Some(ahead), Some(last), _) => ahead < last,
                (.., [.., ahead, last]) => ahead.cells < last.cells,
                _ => true,
            };
        }
        if !self.ascending {
            self.rows.sort_by(|one, other| one.cells.cmp(&other.cells));
        }
        self.rows
    }

    fn push(&mut self, row: &dyn Element) {
        let is_at = |at: &usize| self.read.get(*at).is_some_and(|read| is(row, read));
        // Where it is expected, behind one that is gone, or before one that is new.
        let near = [self.next, self.next + 1, self.next.wrapping_sub(1)];
        let near = if self.read.is_empty() { None } else { near.into_iter().find(is_at) };
        let (read, cells) = match near {
            Some(at) => self.share(at),
            None => self.render(row),
        };
        let below = row.below(read.map_or(&[], |read| &read.below));
        self.rows.push(Graph { cells, below });
    }

    /// The row is what was read at this place.
    fn share(&mut self, at: usize) -> (Option<&'r Graph>, Arc<[Value]>) {
        (self.next, self.last) = (at + 1, Some(at));
        (Some(&self.read[at]), Arc::clone(&self.read[at].cells))
    }

    /// The cells of a row that does not stand where it is expected, and what it was read as if that is known.
    fn render(&mut self, row: &dyn Element) -> (Option<&'r Graph>, Arc<[Value]>) {
        row.show_entry(&mut |cell| self.cells.push(cell.value()));
        let entry = self.cells.len();
        // Entries stand in the order of their keys; of a list, the row that stood there may be the one that was changed.
        let at = match entry {
            0 => Some(self.next),
            _ => self.read.binary_search_by(|read| read.cells.iter().take(entry).cmp(&self.cells)).ok(),
        };
        let read = at.and_then(|at| self.read.get(at));
        self.next = at.map_or(self.next, |at| at + 1);
        if let (Some(at), true) = (at, entry > 0 && read.is_some_and(|read| is(row, read))) {
            self.cells.clear();
            return self.share(at);
        }
        row.show_row(&mut |cell| self.cells.push(cell.value()));
        (read, self.cells.drain(..).collect())
    }
}

/// Whether a row is just what was read, apart from those below it.
fn is(row: &dyn Element, read: &Graph) -> bool {
    let show = |out: &mut Out<'_>| {
        row.show_entry(out);
        row.show_row(out);
    };
    shows(show, &read.cells)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, HashMap};

    /// A row of two columns.
    struct Two(i32, &'static str);

    impl Element for Two {
        fn show_row(&self, out: &mut Out<'_>) {
            out(&self.0);
            out(&self.1.to_owned());
        }
    }

    fn list(read: &[Graph], rows: &[(i32, &'static str)]) -> Vec<Graph> {
        Rendered::beside(read).all(rows.iter().map(|(id, text)| Two(*id, text)))
    }

    fn map<'m>(read: &[Graph], map: impl ExactSizeIterator<Item = (&'m i32, &'m String)>) -> Vec<Graph> {
        Rendered::beside(read).entries(map.map(|(key, value)| Pair(key, value)))
    }

    /// For each row, where it stands among those that were read, if it is one of them.
    fn shared(read: &[Graph], now: &[Graph]) -> Vec<Option<usize>> {
        let of = |row: &Graph| read.iter().position(|read| Arc::ptr_eq(&read.cells, &row.cells));
        now.iter().map(of).collect()
    }

    #[test]
    fn rows_of_a_list_that_are_as_they_were_read_are_shared() {
        let read = list(&[], &[(1, "a"), (2, "b"), (3, "c"), (4, "d")]);
        let shared = |rows: &[(i32, &'static str)]| {
            let now = list(&read, rows);
            assert_eq!(now, list(&[], rows));
            shared(&read, &now)
        };
        assert_eq!(shared(&[(1, "a"), (2, "b"), (3, "c"), (4, "d")]), [Some(0), Some(1), Some(2), Some(3)]);
        assert_eq!(shared(&[(1, "a"), (2, "x"), (3, "c"), (4, "d")]), [Some(0), None, Some(2), Some(3)]);
        assert_eq!(shared(&[(1, "a"), (3, "c"), (4, "d")]), [Some(0), Some(2), Some(3)]);
        assert_eq!(shared(&[(1, "a"), (9, "n"), (2, "b"), (3, "c")]), [Some(0), None, Some(1), Some(2)]);
    }

    #[test]
    fn entries_are_shared_and_ascend_whatever_order_they_come_in() {
        let mut all: BTreeMap<i32, String> = (0..50).map(|key| (10 * key, key.to_string())).collect();
        let read = map(&[], all.iter());
        all.remove(&20);
        all.insert(30, "x".to_owned());
        all.insert(35, "new".to_owned());
        all.insert(-1, "first".to_owned());
        let fresh = map(&[], all.iter());
        let (sorted, hashed) = (map(&read, all.iter()), all.clone().into_iter().collect::<HashMap<_, _>>());
        let hashed = map(&read, hashed.iter());
        for now in [sorted, hashed] {
            assert_eq!(now, fresh);
            let shared = shared(&read, &now);
            assert_eq!(shared.iter().flatten().count(), 48);
            assert!(now.iter().is_sorted_by(|one, next| one.cells < next.cells));
            assert_eq!(&shared[..5], [None, Some(0), Some(1), None, None]);
        }
    }
}

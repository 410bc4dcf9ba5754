//! What can be edited: [`Editable`].

use crate::engine::{Failed, Problem, RowError, RowErrors};
use crate::entity::{CellError, ColumnDef, Entity, Out, Value};
use crate::view::{Below, Graph, Node, Unread, View, not_insertable, shows};
use std::borrow::Cow;
use std::sync::Arc;

/// A view that an [`Edit`](super::Edit) can hold: all its fields are columns, or rows of its own, and the key is one of them.
///
/// Every entity is one. A smaller view of it is one if it says so: `#[view(of = Bug, edit)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be edited",
    label = "not an entity, nor a view that says `edit`",
    note = "a view whose fields are all columns, the key among them, is editable if it says so: `#[view(of = .., edit)]`",
    note = "to change columns that are not in hand, write `Changes` of them: `context.apply::<SomeEntity>(key, changes)`"
)]
pub trait Editable: EditPart {
    /// The columns of the view, in order.
    #[doc(hidden)]
    fn columns() -> Cow<'static, [ColumnDef]> {
        Self::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF.columns().into()
    }
}

/// A view whose fields are all columns, or rows of its own: what an [`Editable`] one may flatten. Every entity is one.
///
/// ```
#[doc = tracker!()]
/// #[derive(View)]
/// #[view(of = Bug, edit = part)]
/// struct Title {
///     title: String,                                                  // and no key: not to be edited by itself
/// }
///
/// #[derive(View)]
/// #[view(of = Bug, edit)]
/// struct Line {
///     id: i32,
///     #[view(flatten)]
///     title: Title,
/// }
/// let mut line = context.edit::<Line>(7)?;
/// line.title.title = "Crash".into();
/// context.save(&mut line)?;
/// assert_eq!(context.realise(Bugs::from_keys([7]))?[0].title, "Crash");
/// # Ok::<(), persist::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a part of what is edited",
    label = "not a view that says `edit`",
    note = "say `#[view(of = .., edit = part)]` on it; all its fields are columns then. If it holds the key too it is `edit`"
)]
pub trait EditPart: View {
    /// Shows what its columns hold, cell by cell.
    #[doc(hidden)]
    fn push_cells(&self, out: &mut Out<'_>);

    /// What its columns hold.
    #[doc(hidden)]
    fn cells(&self) -> Vec<Value> {
        let mut cells = Vec::new();
        self.push_cells(&mut |cell| cells.push(cell.value()));
        cells
    }

    /// The rows that are edited with it, for each of its relations; those that are just what is in `read` are shared.
    #[doc(hidden)]
    fn below(&self, read: &[Vec<Graph>]) -> Vec<Vec<Graph>> {
        let mut below = Below::beside(read);
        self.push_below(&mut below);
        below.into_rows()
    }

    /// All that it holds, as data; what is just as it was read is shared.
    #[doc(hidden)]
    fn graph(&self, read: &Graph) -> Graph {
        let same = shows(|out| self.push_cells(out), &read.cells);
        let cells = if same { Arc::clone(&read.cells) } else { self.cells().into() };
        Graph { cells, below: self.below(&read.below) }
    }

    /// Takes over what is not stored from the value that this one replaces.
    #[doc(hidden)]
    fn keep_transient(&mut self, _from: &mut Self) {}
}

#[diagnostic::do_not_recommend]
impl<E: Entity + View<Of = E>> EditPart for E {
    fn push_cells(&self, out: &mut Out<'_>) {
        self.push_values(out);
    }

    fn cells(&self) -> Vec<Value> {
        self.values()
    }

    fn keep_transient(&mut self, from: &mut Self) {
        Entity::keep_transient(self, from);
    }
}

#[diagnostic::do_not_recommend]
impl<E: Entity + View<Of = E>> Editable for E {
    fn columns() -> Cow<'static, [ColumnDef]> {
        Cow::Borrowed(E::TABLE.columns)
    }
}

/// Refuses, at compile time, a view that does not hold all that a new row needs.
#[allow(clippy::panic, reason = "the compiler says it")]
pub(crate) const fn assert_insertable<V: Editable>() {
    if let Some(message) = not_insertable(V::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF) {
        panic!("{}", message.as_str());
    }
}

/// The view of what is stored.
pub(crate) fn read<V: View>(stored: &Graph) -> Result<V, Failed> {
    stored.read().map_err(|unread| match unread {
        Unread::Cells(node, cells, error) => Failed::Rows(unfit(node, &cells, error)),
        Unread::Rows => Failed::Broken,
    })
}

/// What is stored does not fit the view.
#[cold]
fn unfit(node: &'static Node, stored: &[Value], error: CellError) -> RowErrors {
    let (place, why) = error.into_parts();
    let shown = node.shown();
    // What makes a row an entry of a map stands ahead of its own columns.
    let ahead = stored.len().saturating_sub(shown.len());
    let (stored, place) = (&stored[ahead..], place.checked_sub(ahead));
    let key = |column: &ColumnDef| {
        let place = shown.iter().position(|shown| shown.column == *column)?;
        stored.get(place).cloned()
    };
    let key = node.table.key.iter().filter_map(key).collect();
    let (field, part, column) = match place.and_then(|place| shown.get(place)) {
        Some(shown) => (shown.field, shown.part.clone(), Some(shown.column.name)),
        None => ("", None, None),
    };
    let problem = Problem::Unfit(why);
    RowError { entity: node.table.entity, view: node.view, field, part, column, key, problem }.into()
}

//! Enums of views: a row of a mixed group is a kind and a key, and refers to a row of that kind.

use super::rows::Supplies;
use super::{Ask, View};
use crate::entity::{CellError, Reader, read_field};
use crate::group::{Kinds, Mixed};
use std::sync::Arc;

/// What a variant of an enum of views may hold: a view `V` that is `Clone`, or `Arc<V>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a view",
    label = "a variant holds a view",
    note = "a variant of an enum that derives `View` holds a view `V`, or `Arc<V>`; an entity is a view of itself"
)]
pub trait OneKind {
    /// The view.
    type View: View;
}

impl<V: View> OneKind for V {
    type View = V;
}

impl<V: View> OneKind for Arc<V> {
    type View = V;
}

/// Reads which kind a row is of. Emitted by the derive.
///
/// # Errors
/// When the cell is no number.
#[doc(hidden)]
pub fn read_kind(reader: &mut Reader<'_>) -> Result<i64, CellError> {
    read_field(reader)
}

impl Supplies {
    /// Passes over the relations before the one of this kind. Emitted by the derive.
    #[doc(hidden)]
    pub const fn of_kind(&mut self, kind: usize) -> &mut Self {
        self.pass(kind);
        self
    }
}

impl<M: Kinds + View> Mixed<M> {
    /// Asks for the rows, as a generated group does by itself.
    #[doc(hidden)]
    pub fn ask(&self) -> Ask<M> {
        Ask::of(Arc::clone(self.select()))
    }
}

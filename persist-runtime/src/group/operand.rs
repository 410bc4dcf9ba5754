//! What columns are compared with: values, and other columns of the same entity.

use crate::entity::{Column, ColumnDef, Field, Scalar, Value};

/// What a column of `E` whose field is an `F` can be compared with: its own type, a reference to it, `&str` for text, an
/// `Option` where the column is nullable, and another column of `E` that holds the same type.
///
/// A nullable column is compared with a bare value as well: `bug::assignee_id.eq(2)`. A newtype is compared with
/// itself, not with what it wraps. Of two columns, either may be nullable.
#[diagnostic::on_unimplemented(
    message = "a column of type `{F}` cannot be compared with a `{Self}`",
    label = "not comparable with this column of `{E}`"
)]
pub trait Operand<E, F> {
    /// The neutral form.
    #[doc(hidden)]
    fn operand(self) -> Compared;
}

/// What a column is compared with, apart from types.
#[doc(hidden)]
#[derive(Debug, Clone, PartialEq)]
pub enum Compared {
    /// A value that is not NULL.
    Value(Value),
    /// NULL.
    Null,
    /// Another column of the same row.
    Column(ColumnDef),
}

fn given<T: Scalar>(value: &T) -> Compared {
    Compared::Value(value.to_value())
}

impl<E, T: Scalar> Operand<E, T> for T {
    fn operand(self) -> Compared {
        given(&self)
    }
}

impl<E, T: Scalar> Operand<E, T> for &T {
    fn operand(self) -> Compared {
        given(self)
    }
}

impl<E, T: Scalar> Operand<E, Option<T>> for T {
    fn operand(self) -> Compared {
        given(&self)
    }
}

impl<E, T: Scalar> Operand<E, Option<T>> for &T {
    fn operand(self) -> Compared {
        given(self)
    }
}

impl<E, T: Scalar> Operand<E, Option<T>> for Option<T> {
    fn operand(self) -> Compared {
        self.as_ref().map_or(Compared::Null, given)
    }
}

impl<E> Operand<E, String> for &str {
    fn operand(self) -> Compared {
        Compared::Value(self.into())
    }
}

impl<E> Operand<E, Option<String>> for &str {
    fn operand(self) -> Compared {
        Compared::Value(self.into())
    }
}

impl<E, F: Field, G: Field<Base = F::Base>> Operand<E, F> for Column<E, G> {
    fn operand(self) -> Compared {
        Compared::Column(self.def())
    }
}

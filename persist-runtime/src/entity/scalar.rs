//! Scalars: the types that a column may hold.
//!
//! [`Scalar`] says how a Rust type is read and written; [`StoredAs`] says which SQL types of a `table!` it fits, so that
//! a field is checked against its column by the compiler; [`Field`] is a scalar or an `Option` of one.

use super::cells::Row;
use super::raw::{Raw, Unfit};
use super::value::{ColumnType, Value};
use crate::entity::cardinality::{Maybe, One};
use diesel::sql_types::{Nullable, SqlType, is_nullable};

/// A type that one column can hold, on every store.
///
/// Implemented for `bool`, `i16`, `i32`, `i64`, `f32`, `f64`, `String` and `Vec<u8>`; for the types of chrono, uuid,
/// rust_decimal and serde_json behind the features `chrono`, `uuid`, `decimal` and `json`; and by
/// [`#[derive(Scalar)]`](derive@crate::Scalar) for newtypes and for enums without data.
///
/// # By hand
///
/// For a type that checks what it reads, or is stored in a form of its own. `read` takes the cell in one of [`Raw`]'s
/// ways, `to_value` gives what `read` reads, and [`StoredAs`] says which columns of a `table!` it fits. For the fields
/// of views, not only of entities, implement [`Slot`](crate::view::Slot) too.
///
/// ```
/// use persist::{ColumnType, Raw, Scalar, StoredAs, Unfit, Value};
///
/// #[derive(Debug, Clone, Copy, PartialEq)]
/// pub struct Percent(u8);
///
/// impl Scalar for Percent {
///     fn read(raw: Raw<'_>) -> Result<Self, Unfit> {
///         match raw.integer()? {
///             percent @ 0..=100 => Ok(Self(percent as u8)),
///             other => Err(Unfit::value("a percentage", other)),
///         }
///     }
///
///     fn to_value(&self) -> Value {
///         Value::Int(self.0.into())
///     }
/// }
///
/// impl StoredAs<diesel::sql_types::SmallInt> for Percent {
///     const TYPE: ColumnType = ColumnType::SmallInt;
/// }
///
/// assert_eq!(Percent::read(Raw::of(&Percent(50).to_value())), Ok(Percent(50)));
/// assert!(Percent::read(Raw::of(&Value::Int(101))).is_err());
/// ```
///
/// Two values that are equal have equal neutral forms: predicates and keys compare those.
#[diagnostic::on_unimplemented(
    message = "a column cannot hold a `{Self}`",
    label = "not a column type",
    note = "derive `Scalar` on a newtype or an enum of your own; the types of chrono, uuid, rust_decimal and serde_json \
            need the feature `chrono`, `uuid`, `decimal` or `json` of persist",
    note = "a JSON column holds a struct as `persist::Json<..>`, with the feature `json`",
    note = "a field that is not stored is marked `#[entity(transient)]`",
    note = "rows of another table are held by a field with the name of their relation, which the struct declares: \
            `#[entity(has_many(..))]`"
)]
pub trait Scalar: Sized + Clone + Send + Sync + 'static {
    /// Reads a cell that is not NULL.
    ///
    /// # Errors
    /// When the cell holds something that this type cannot; [`Unfit::value`] says what was expected.
    fn read(raw: Raw<'_>) -> Result<Self, Unfit>;

    /// The neutral form; never [`Value::Null`].
    fn to_value(&self) -> Value;

    /// Whether it is just what is read from `value`; one that says no may be for all that.
    #[doc(hidden)]
    fn holds(&self, _value: &Value) -> bool {
        false
    }

    /// The neutral form, of what is not needed any more.
    #[doc(hidden)]
    fn into_value(self) -> Value {
        self.to_value()
    }

    /// Reads the cell at `place`, or NULL.
    ///
    /// # Errors
    /// When the cell holds something that this type cannot.
    #[doc(hidden)]
    #[inline(always)]
    fn read_at(row: Row<'_>, place: usize) -> Result<Option<Self>, Unfit> {
        row.cell(place, |raw| if raw.is_null() { Ok(None) } else { Self::read(raw).map(Some) })
    }
}

/// `Self` fits a column that `table!` declares as `ST`, a type of `diesel::sql_types`.
///
/// One scalar may fit several. Newtypes fit what they wrap fits ([`Newtype`]), and an `Option` of a scalar the
/// `Nullable<..>` of its columns, without an impl of their own. An example is at [`Scalar`].
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` does not fit this column, which the `table!` declares as `{ST}`",
    label = "does not fit the column",
    note = "`Nullable<..>` columns need an `Option<..>`, others must not have one; `Integer` is `i32`, `BigInt` is `i64`, \
            `Text` is `String`",
    note = "a newtype or an enum of your own derives `Scalar`; a field that is not stored is marked `#[entity(transient)]`",
    note = "rows of another table are held by a field with the name of their relation, which the struct declares: \
            `#[entity(has_many(..))]`"
)]
pub trait StoredAs<ST>: Field {
    /// How values of the column are bound and compared. It must be the neutral name of `ST`.
    const TYPE: ColumnType;
}

/// A field whose column has a type where no `table!` says one: what an entity with `#[entity(table = "bugs")]` is made of.
///
/// A newtype has that of what it wraps, an `Option` that of its scalar, JSON is [`ColumnType::Jsonb`]. A scalar by hand
/// says its own:
///
/// ```
/// # use persist::{ColumnType, Raw, Scalar, Unfit, Value};
/// # #[derive(Debug, Clone, Copy, PartialEq)]
/// # pub struct Percent(u8);
/// # impl Scalar for Percent {
/// #     fn read(raw: Raw<'_>) -> Result<Self, Unfit> {
/// #         Ok(Self(raw.integer()? as u8))
/// #     }
/// #     fn to_value(&self) -> Value {
/// #         Value::Int(self.0.into())
/// #     }
/// # }
/// impl persist::Typed for Percent {
///     const TYPE: ColumnType = ColumnType::SmallInt;
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "no type of column is known for `{Self}`",
    label = "not a column type",
    note = "columns hold `bool`, `i16`, `i32`, `i64`, `f32`, `f64`, `String`, `Vec<u8>`, the types of chrono, uuid, rust_decimal \
            and serde_json with the feature `chrono`, `uuid`, `decimal` or `json` of persist, a struct as `persist::Json<..>`, and \
            an `Option` of each",
    note = "derive `Scalar` on a newtype or an enum of your own; a scalar by hand implements `persist::Typed`, or its entity \
            names a `table!`",
    note = "several columns are one field with `#[entity(embed(..))]`; a field that is not stored is marked \
            `#[entity(transient)]`"
)]
pub trait Typed: Field {
    /// How values of the column are bound and compared.
    const TYPE: ColumnType;
}

#[diagnostic::do_not_recommend]
impl<T: Scalar + Typed> Typed for Option<T> {
    const TYPE: ColumnType = T::TYPE;
}

/// What a stored field may be: a [`Scalar`], or an `Option` of one for a nullable column. Implemented here for all of
/// them, and by nobody else.
pub trait Field: Clone + Send + Sync + 'static {
    /// The scalar, without the `Option`.
    type Base: Scalar;
    /// What a `belongs_to` over this field leads to: exactly [`One`], or [`Maybe`] one.
    type Cardinality;
    /// Whether NULL is a value of this field.
    const NULLABLE: bool;

    /// Reads the cell at `place`.
    ///
    /// # Errors
    /// When the cell holds something that this type cannot.
    #[doc(hidden)]
    fn read_at(row: Row<'_>, place: usize) -> Result<Self, Unfit>;

    /// The neutral form; [`Value::Null`] for `None`.
    fn field_value(&self) -> Value;

    /// Whether it is just what is read from `value`; one that says no may be for all that.
    #[doc(hidden)]
    fn field_holds(&self, value: &Value) -> bool;

    /// Shows it as a cell.
    #[doc(hidden)]
    fn show_field(&self, out: &mut Out<'_>) {
        out(self);
    }
}

/// A field as the cell that is stored of it, whatever its type.
#[doc(hidden)]
pub trait Shown {
    /// What is stored.
    fn value(&self) -> Value;

    /// Whether `value` is stored, and would be read as just this; one that says no may be for all that.
    fn holds(&self, value: &Value) -> bool;
}

/// Who looks at the cells of a row in hand, one after the other.
#[doc(hidden)]
pub type Out<'o> = dyn FnMut(&dyn Shown) + 'o;

impl<F: Field> Shown for F {
    fn value(&self) -> Value {
        self.field_value()
    }

    fn holds(&self, value: &Value) -> bool {
        self.field_holds(value)
    }
}

impl Shown for Value {
    fn value(&self) -> Value {
        self.clone()
    }

    /// What field it is of, and how that reads it, is not known.
    fn holds(&self, _: &Value) -> bool {
        false
    }
}

impl<T: Scalar> Field for T {
    type Base = T;
    type Cardinality = One;
    const NULLABLE: bool = false;

    #[inline(always)]
    fn read_at(row: Row<'_>, place: usize) -> Result<Self, Unfit> {
        match <T as Scalar>::read_at(row, place) {
            Ok(Some(value)) => Ok(value),
            Ok(None) => Err(Unfit::Null),
            Err(unfit) => Err(unfit),
        }
    }

    fn field_value(&self) -> Value {
        self.to_value()
    }

    fn field_holds(&self, value: &Value) -> bool {
        self.holds(value)
    }
}

impl<T: Scalar> Field for Option<T> {
    type Base = T;
    type Cardinality = Maybe;
    const NULLABLE: bool = true;

    #[inline(always)]
    fn read_at(row: Row<'_>, place: usize) -> Result<Self, Unfit> {
        <T as Scalar>::read_at(row, place)
    }

    fn field_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, Scalar::to_value)
    }

    fn field_holds(&self, value: &Value) -> bool {
        self.as_ref().map_or(value.is_null(), |scalar| scalar.holds(value))
    }
}

impl<T, ST> StoredAs<Nullable<ST>> for Option<T>
where
    T: Scalar + StoredAs<ST>,
    ST: SqlType<IsNull = is_nullable::NotNull>,
{
    const TYPE: ColumnType = T::TYPE;
}

/// Implements [`Scalar`] and [`StoredAs`] for a type that one of [`Raw`]'s readers gives. The first column is its own.
macro_rules! scalar {
    ($rust:ty: $own_sql:path => $own:ident $(, $sql:path => $kind:ident)*; read $read:expr; write $write:expr $(; holds $holds:expr)?) => {
        #[diagnostic::do_not_recommend]
        impl $crate::entity::Scalar for $rust {
            #[inline(always)]
            fn read(raw: $crate::entity::Raw<'_>) -> Result<Self, $crate::entity::Unfit> {
                let read: fn($crate::entity::Raw<'_>) -> Result<Self, $crate::entity::Unfit> = $read;
                read(raw)
            }

            fn to_value(&self) -> $crate::entity::Value {
                let write: fn(&Self) -> $crate::entity::Value = $write;
                write(self)
            }
            $(
            fn holds(&self, value: &$crate::entity::Value) -> bool {
                let holds: fn(&Self, &$crate::entity::Value) -> bool = $holds;
                holds(self, value)
            })?
        }
        #[diagnostic::do_not_recommend]
        impl $crate::entity::Typed for $rust {
            const TYPE: $crate::entity::ColumnType = $crate::entity::ColumnType::$own;
        }
        #[diagnostic::do_not_recommend]
        impl $crate::entity::StoredAs<$own_sql> for $rust {
            const TYPE: $crate::entity::ColumnType = $crate::entity::ColumnType::$own;
        }
        $(#[diagnostic::do_not_recommend]
        impl $crate::entity::StoredAs<$sql> for $rust {
            const TYPE: $crate::entity::ColumnType = $crate::entity::ColumnType::$kind;
        })*
    };
}
pub(crate) use scalar;

/// Scalars that are text underneath: the ones that string predicates accept. A newtype of one is one. Implement it for
/// a scalar of your own that is stored as text; it has no methods.
#[diagnostic::on_unimplemented(
    message = "a string predicate needs a text column, this one holds `{Self}`",
    label = "not a text column"
)]
pub trait TextScalar: Scalar {}

impl TextScalar for String {}

/// A scalar that is stored as another one: what `#[derive(Scalar)]` makes of a newtype or an enum.
///
/// It fits the columns that the inner type fits. A scalar by hand may implement this instead of [`StoredAs`].
pub trait Newtype {
    /// The type that is stored.
    type Inner;
}

#[diagnostic::do_not_recommend]
impl<N: Scalar + Newtype, ST> StoredAs<ST> for N
where
    N::Inner: StoredAs<ST>,
{
    const TYPE: ColumnType = <N::Inner as StoredAs<ST>>::TYPE;
}

#[diagnostic::do_not_recommend]
impl<N: Scalar + Newtype<Inner: Typed>> Typed for N {
    const TYPE: ColumnType = <N::Inner as Typed>::TYPE;
}

#[diagnostic::do_not_recommend]
impl<N: Scalar + Newtype<Inner: TextScalar>> TextScalar for N {}

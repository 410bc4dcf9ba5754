//! Columns: a field of an entity, as a typed constant ([`Column`]) and as data ([`ColumnDef`]).

use super::cells::{Reader, read_field};
use super::error::CellError;
use super::raw::{Raw, Unfit};
use super::scalar::{Field, Out, Scalar, StoredAs, Typed};
use super::value::{ColumnType, Value};
use std::fmt;
use std::marker::PhantomData;

/// A column, apart from the types of its entity and its field. Stores read it; two are equal if their names are.
#[derive(Clone, Copy)]
pub struct ColumnDef {
    /// The column's name in the store.
    pub name: &'static str,
    /// How its values are bound and compared.
    pub ty: ColumnType,
    /// Whether NULL is allowed.
    pub nullable: bool,
    /// Reads a cell of this column into its neutral form: how keys are taken from rows.
    pub value: fn(Raw<'_>) -> Result<Value, Unfit>,
}

impl PartialEq for ColumnDef {
    fn eq(&self, other: &Self) -> bool {
        // It is mostly one constant, compared with itself for each row.
        std::ptr::eq(self.name, other.name) || self.name == other.name
    }
}

impl Eq for ColumnDef {}

impl fmt::Debug for ColumnDef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:?}{}", self.name, self.ty, if self.nullable { " NULL" } else { "" })
    }
}

/// A column of entity `E` whose field has the type `F`.
///
/// `#[derive(Entity)]` makes one constant for each stored field: `bug::title` for the field `title` of `Bug`.
/// Predicates and orders are built from them:
///
/// | on | predicates and orders |
/// |---|---|
/// | every column | [`eq`](Self::eq), [`ne`](Self::ne), [`is_in`](Self::is_in) |
/// | every column | [`lt`](Self::lt), [`le`](Self::le), [`gt`](Self::gt), [`ge`](Self::ge), [`between`](Self::between) |
/// | every column | [`in_keys_of`](Self::in_keys_of), [`in_values_of`](Self::in_values_of) a group |
/// | every column | [`asc`](Self::asc), [`desc`](Self::desc) |
/// | an `Option` | [`is_null`](Self::is_null), [`is_not_null`](Self::is_not_null) |
/// | text | [`starts_with`](Self::starts_with), [`ends_with`](Self::ends_with), [`contains`](Self::contains) |
/// | a date, a timestamp (feature `chrono`) | `on` a day, `in_month`, `in_year` |
/// | JSON (feature `json`) | `key(..)` and `nth(..)` to a place in it, then `eq`, `is_null`, `exists` |
/// | text, without case | [`eq_ignore_ascii_case`](Self::eq_ignore_ascii_case) and the like |
///
/// Comparisons take values, and other columns of the same entity. Questions about related rows are asked of the
/// [`Relation`](crate::Relation): `bug::comments.exists(..)`.
///
/// A comparison with NULL is false, its complement true; see [`Predicate`](crate::Predicate).
///
/// ```
#[doc = tracker!()]
/// let found = Bugs::all().filter(bug::heat.ge(40) & !bug::title.contains("start"));
/// assert_eq!(context.realise(found)?[0].id, 7);
/// # Ok::<(), persist::Error>(())
/// ```
pub struct Column<E, F> {
    pub(crate) def: ColumnDef,
    pub(crate) read: fn(&mut Reader<'_>) -> Result<F, CellError>,
    push: fn(&F, &mut Out<'_>),
    entity: PhantomData<fn() -> E>,
}

impl<E, F> Clone for Column<E, F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E, F> Copy for Column<E, F> {}

impl<E, F> fmt::Debug for Column<E, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.def.fmt(f)
    }
}

fn neutral<F: Field>(raw: Raw<'_>) -> Result<Value, Unfit> {
    if raw.is_null() { Ok(Value::Null) } else { F::Base::read(raw).map(Scalar::into_value) }
}

/// The bounds stand on the methods, so that a field that is no column is told so in words of its own.
impl<E, F> Column<E, F> {
    /// The column that `table!` calls `C`. Emitted by the derive.
    #[doc(hidden)]
    #[must_use]
    pub const fn of<C>() -> Self
    where
        C: diesel::Column,
        F: StoredAs<<C as diesel::Expression>::SqlType>,
    {
        Self {
            def: ColumnDef { name: C::NAME, ty: F::TYPE, nullable: F::NULLABLE, value: neutral::<F> },
            read: read_field::<F>,
            push: F::show_field,
            entity: PhantomData,
        }
    }

    /// The column of this name, of the type that the field knows. Emitted by the derive where there is no `table!`.
    #[doc(hidden)]
    #[must_use]
    pub const fn named(name: &'static str) -> Self
    where
        F: Typed,
    {
        Self {
            def: ColumnDef { name, ty: F::TYPE, nullable: F::NULLABLE, value: neutral::<F> },
            read: read_field::<F>,
            push: F::show_field,
            entity: PhantomData,
        }
    }

    /// A column that several entities have. Emitted by the derive of a view that is an enum.
    #[doc(hidden)]
    #[must_use]
    pub const fn common(name: &'static str, ty: ColumnType) -> Self
    where
        F: Field,
    {
        Self {
            def: ColumnDef { name, ty, nullable: F::NULLABLE, value: neutral::<F> },
            read: read_field::<F>,
            push: F::show_field,
            entity: PhantomData,
        }
    }

    /// A column of an entity that the derive could not make sense of. The program does not compile.
    #[doc(hidden)]
    #[must_use]
    pub const fn unknown() -> Self {
        Self {
            def: ColumnDef { name: "", ty: ColumnType::Text, nullable: false, value: |_| Err(Unfit::Null) },
            read: |_| Err(CellError::unfit(0, Unfit::Null)),
            push: |_, _| {},
            entity: PhantomData,
        }
    }

    /// The column as data, for stores and for tools.
    #[must_use]
    pub const fn def(self) -> ColumnDef {
        self.def
    }

    /// The column's name in the store, which is what `table!` calls it there (`#[sql_name]`, where it has one).
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.def.name
    }

    /// Reads this column's cell, the next one of `reader`.
    #[doc(hidden)]
    #[inline(always)]
    pub fn read(self, reader: &mut Reader<'_>) -> Result<F, CellError> {
        (self.read)(reader)
    }

    /// The neutral form of this column's field.
    #[doc(hidden)]
    pub fn value_of(self, field: &F) -> Value {
        let mut value = Value::Null;
        (self.push)(field, &mut |cell| value = cell.value());
        value
    }

    /// Shows this column's field as a cell.
    #[doc(hidden)]
    pub fn push(self, field: &F, out: &mut Out<'_>) {
        (self.push)(field, out);
    }
}

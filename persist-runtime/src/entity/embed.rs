//! Embedded structs: several columns of an entity as one field of it.
//!
//! [`Embedded`] is the struct; [`Embed`] is the field, the struct itself or an `Option` of it; [`Nullability`] says what
//! becomes of the struct's columns then.

use super::cells::{Reader, read_field};
use super::error::CellError;
use super::scalar::{Field, Out};

/// A struct whose fields are columns of the entities that embed it; implemented by
/// [`#[derive(Embedded)]`](derive@crate::Embedded), not by hand.
///
/// An entity says which columns are meant: `#[entity(embed(street = home_street, city = home_city))]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an embedded struct",
    label = "not several columns",
    note = "derive `Embedded` on it, and hold it as itself or as an `Option` of it; a field that is one column needs no \
            `embed(..)`"
)]
pub trait Embedded: Sized + Send + Sync + 'static {
    /// Its columns in an entity `E`.
    #[doc(hidden)]
    type In<E, N: Nullability>;
    /// How many they are.
    #[doc(hidden)]
    const WIDTH: usize;
    /// Whether one of them is never NULL.
    #[doc(hidden)]
    const SOLID: bool;

    /// Reads its columns, the next ones of `reader`.
    #[doc(hidden)]
    fn decode(reader: &mut Reader<'_>) -> Result<Self, CellError>;

    /// Shows its fields, cell by cell.
    #[doc(hidden)]
    fn push_values(&self, out: &mut Out<'_>);
}

/// What a field that `embed(..)` stands on may be: an [`Embedded`] struct, or an `Option` of one, which is `None` where
/// all its columns are NULL. Implemented here for all of them, and by nobody else.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an embedded struct",
    label = "not several columns",
    note = "derive `Embedded` on it, and hold it as itself or as an `Option` of it; a field that is one column needs no \
            `embed(..)`"
)]
pub trait Embed: Sized + Send + Sync + 'static {
    /// Its columns in an entity `E`.
    #[doc(hidden)]
    type In<E, N: Nullability>;
    /// What its columns are, where it stands within a struct of nullability `N`.
    #[doc(hidden)]
    type Within<N: Nullability>: Nullability;
    /// How many they are.
    #[doc(hidden)]
    const WIDTH: usize;
    /// Whether one of them is never NULL.
    #[doc(hidden)]
    const SOLID: bool;
    /// Whether what is written can be read again: of an `Option`, whether `None` differs from every `Some`.
    #[doc(hidden)]
    const SOUND: bool;

    /// Reads its columns, the next ones of `reader`.
    #[doc(hidden)]
    fn read_all(reader: &mut Reader<'_>) -> Result<Self, CellError>;

    /// Shows its fields, cell by cell.
    #[doc(hidden)]
    fn push_all(&self, out: &mut Out<'_>);
}

#[diagnostic::do_not_recommend]
impl<T: Embedded> Embed for T {
    type In<E, N: Nullability> = T::In<E, N>;
    type Within<N: Nullability> = N;
    const WIDTH: usize = T::WIDTH;
    const SOLID: bool = T::SOLID;
    const SOUND: bool = true;

    #[inline]
    fn read_all(reader: &mut Reader<'_>) -> Result<Self, CellError> {
        T::decode(reader)
    }

    fn push_all(&self, out: &mut Out<'_>) {
        self.push_values(out);
    }
}

#[diagnostic::do_not_recommend]
impl<T: Embedded> Embed for Option<T> {
    type In<E, N: Nullability> = T::In<E, Optional>;
    type Within<N: Nullability> = Optional;
    const WIDTH: usize = T::WIDTH;
    const SOLID: bool = false;
    const SOUND: bool = T::SOLID;

    #[inline]
    fn read_all(reader: &mut Reader<'_>) -> Result<Self, CellError> {
        if reader.pass_nulls(T::WIDTH)? { Ok(None) } else { T::decode(reader).map(Some) }
    }

    fn push_all(&self, out: &mut Out<'_>) {
        match self {
            Some(value) => value.push_values(out),
            None => (0..T::WIDTH).for_each(|_| out(&None::<bool>)),
        }
    }
}

/// Whether the columns of an embedded struct are as its fields say ([`Required`]), or all nullable ([`Optional`]).
pub trait Nullability: 'static {
    /// The type of a column whose field is an `F`.
    type Of<F: Field>: Field;
    /// The type of a field that holds the whole struct.
    type Whole<T: Embedded>: Embed;
}

/// The struct is always there: a column is what its field is.
#[derive(Debug)]
pub enum Required {}

/// The struct may be missing as a whole: each column is an `Option`.
#[derive(Debug)]
pub enum Optional {}

impl Nullability for Required {
    type Of<F: Field> = F;
    type Whole<T: Embedded> = T;
}

impl Nullability for Optional {
    type Of<F: Field> = Option<F::Base>;
    type Whole<T: Embedded> = Option<T>;
}

/// Reads one field of an embedded struct, the next column of `reader`. Emitted by the derive.
///
/// # Errors
/// When the cell does not fit.
#[doc(hidden)]
#[inline(always)]
pub fn read_part<F: Field>(reader: &mut Reader<'_>) -> Result<F, CellError> {
    read_field::<F>(reader)
}

//! Keys of entities.

use super::cells::{Reader, read_field};
use super::error::CellError;
use super::scalar::{Out, Scalar};
use super::value::Value;

/// The key of an entity: a scalar, or a tuple of two to six scalars for a composite key.
///
/// What [`Group::from_keys`](crate::Group::from_keys) takes. Implemented for every [`Scalar`] and for tuples of them; a
/// key of a type of your own is a newtype that derives `Scalar`.
///
/// ```
/// use persist::{Key, Value};
/// let mut parts = Vec::new();
/// (7, "amd64".to_owned()).push_values(&mut parts);
/// assert_eq!(parts, [Value::Int(7), Value::from("amd64")]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a key",
    label = "not a key",
    note = "the fields of a key are at most six scalars: derive `Scalar` on a newtype of your own"
)]
pub trait Key: Clone + Send + Sync + 'static {
    /// Appends the key's parts, in the order of [`Table::key`](super::Table::key).
    fn push_values(&self, out: &mut Vec<Value>);

    /// Shows the key's parts as cells.
    #[doc(hidden)]
    fn show_parts(&self, out: &mut Out<'_>);

    /// Reads the key from the next cells.
    #[doc(hidden)]
    fn read_from(reader: &mut Reader<'_>) -> Result<Self, CellError>;
}

impl<T: Scalar> Key for T {
    fn push_values(&self, out: &mut Vec<Value>) {
        out.push(self.to_value());
    }

    fn show_parts(&self, out: &mut Out<'_>) {
        out(self);
    }

    fn read_from(reader: &mut Reader<'_>) -> Result<Self, CellError> {
        read_field(reader)
    }
}

macro_rules! tuples {
    ($(($($name:ident $nth:tt)+))*) => {$(
        impl<$($name: Scalar),+> Key for ($($name,)+) {
            #[allow(non_snake_case, reason = "one name serves as type and as binding")]
            fn push_values(&self, out: &mut Vec<Value>) {
                let ($($name,)+) = self;
                $(out.push($name.to_value());)+
            }

            #[allow(non_snake_case, reason = "one name serves as type and as binding")]
            fn show_parts(&self, out: &mut Out<'_>) {
                let ($($name,)+) = self;
                $(out($name);)+
            }

            fn read_from(reader: &mut Reader<'_>) -> Result<Self, CellError> {
                Ok(($(read_field::<$name>(reader)?,)+))
            }
        }
    )*};
}

tuples! { (A 0 B 1) (A 0 B 1 C 2) (A 0 B 1 C 2 D 3) (A 0 B 1 C 2 D 3 E 4) (A 0 B 1 C 2 D 3 E 4 F 5) }

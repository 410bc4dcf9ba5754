//! What can be added up.

use crate::entity::{Decimal, Newtype, Raw, Scalar, Unfit, Value};

/// Scalars that are numbers: what `sum` and `avg` accept. A newtype of one is one.
///
/// | a column of | `sum` is | `avg` is |
/// |---|---|---|
/// | `i16`, `i32`, `i64` | an `i64`; one that does not fit is an error ([`Unfit::Overflow`]) | an `f64` |
/// | `f32`, `f64` | an `f64`; in which order it is added up is the store's business | an `f64` |
/// | `rust_decimal::Decimal` | exact, a `Decimal` | a `Decimal`, of as many digits as that has |
#[diagnostic::on_unimplemented(
    message = "`sum` and `avg` need a column of numbers, and this one holds `{Self}`",
    label = "not a column of numbers",
    note = "numbers are integers, floats, decimals, and newtypes of them"
)]
pub trait Summable: Scalar {
    /// What a sum is.
    type Sum: Scalar;
    /// What a mean is.
    type Mean: Scalar;

    /// Reads a sum.
    ///
    /// # Errors
    /// When it does not fit.
    #[doc(hidden)]
    fn total(raw: Raw<'_>) -> Result<Value, Unfit>;

    /// Reads a sum, and makes it the mean of `count` values.
    ///
    /// # Errors
    /// When the sum does not fit.
    #[doc(hidden)]
    fn mean(raw: Raw<'_>, count: i64) -> Result<Value, Unfit>;

    /// The sum of no values.
    #[doc(hidden)]
    fn nothing() -> Value;
}

#[allow(clippy::cast_precision_loss, reason = "a mean of integers is a float")]
fn ratio(sum: Decimal, count: i64) -> f64 {
    sum.units() as f64 / count as f64
}

#[allow(clippy::cast_precision_loss, reason = "a number of rows as a float")]
fn share(sum: f64, count: i64) -> f64 {
    sum / count as f64
}

macro_rules! integers {
    ($($rust:ty)*) => {$(
        #[diagnostic::do_not_recommend]
        impl Summable for $rust {
            type Sum = i64;
            type Mean = f64;

            fn total(raw: Raw<'_>) -> Result<Value, Unfit> {
                let sum = raw.total()?;
                match i64::try_from(sum.units()) {
                    Ok(fits) if sum.scale() == 0 => Ok(Value::Int(fits)),
                    _ => Err(Unfit::Overflow(Box::new(sum))),
                }
            }

            fn mean(raw: Raw<'_>, count: i64) -> Result<Value, Unfit> {
                raw.total().map(|sum| Value::Float(ratio(sum, count)))
            }

            fn nothing() -> Value {
                Value::Int(0)
            }
        }
    )*};
}

macro_rules! floats {
    ($($rust:ty)*) => {$(
        #[diagnostic::do_not_recommend]
        impl Summable for $rust {
            type Sum = f64;
            type Mean = f64;

            fn total(raw: Raw<'_>) -> Result<Value, Unfit> {
                raw.float().map(Value::Float)
            }

            fn mean(raw: Raw<'_>, count: i64) -> Result<Value, Unfit> {
                raw.float().map(|sum| Value::Float(share(sum, count)))
            }

            fn nothing() -> Value {
                Value::Float(0.0)
            }
        }
    )*};
}

integers! { i16 i32 i64 }
floats! { f32 f64 }

#[cfg(feature = "decimal")]
#[diagnostic::do_not_recommend]
impl Summable for rust_decimal::Decimal {
    type Sum = Self;
    type Mean = Self;

    fn total(raw: Raw<'_>) -> Result<Value, Unfit> {
        let sum = raw.total()?;
        Self::read(Raw::of(&Value::Decimal(sum))).map(|sum| sum.to_value())
    }

    fn mean(raw: Raw<'_>, count: i64) -> Result<Value, Unfit> {
        let sum = raw.total()?;
        let fits = Self::read(Raw::of(&Value::Decimal(sum)))?;
        let mean = fits.checked_div(Self::from(count)).ok_or_else(|| Unfit::Overflow(Box::new(sum)))?;
        Ok(mean.to_value())
    }

    fn nothing() -> Value {
        Value::Decimal(Decimal::new(0, 0))
    }
}

#[diagnostic::do_not_recommend]
impl<N: Scalar + Newtype<Inner: Summable>> Summable for N {
    type Sum = <N::Inner as Summable>::Sum;
    type Mean = <N::Inner as Summable>::Mean;

    fn total(raw: Raw<'_>) -> Result<Value, Unfit> {
        N::Inner::total(raw)
    }

    fn mean(raw: Raw<'_>, count: i64) -> Result<Value, Unfit> {
        N::Inner::mean(raw, count)
    }

    fn nothing() -> Value {
        N::Inner::nothing()
    }
}

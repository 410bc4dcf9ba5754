//! Scalars of the standard library: numbers, truth values, texts and bytes.

use super::cells::Row;
use super::raw::{Raw, Unfit};
use super::scalar::{Scalar, StoredAs, Typed, scalar};
use super::value::{ColumnType, Value};
use diesel::sql_types as st;

#[inline(always)]
fn narrow<T: TryFrom<i64>>(wide: i64, expected: &'static str) -> Result<T, Unfit> {
    T::try_from(wide).map_err(|_| Unfit::value(expected, wide))
}

macro_rules! integers {
    ($($rust:ty: $sql:ident, $expected:literal;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl Scalar for $rust {
            #[inline(always)]
            fn read(raw: Raw<'_>) -> Result<Self, Unfit> {
                narrow(raw.integer()?, $expected)
            }

            fn to_value(&self) -> Value {
                Value::Int((*self).into())
            }

            fn holds(&self, value: &Value) -> bool {
                matches!(value, Value::Int(number) if *number == i64::from(*self))
            }

            #[inline(always)]
            fn read_at(row: Row<'_>, place: usize) -> Result<Option<Self>, Unfit> {
                match row.integer(place)? {
                    Some(wide) => narrow(wide, $expected).map(Some),
                    None => Ok(None),
                }
            }
        }

        #[diagnostic::do_not_recommend]
        impl Typed for $rust {
            const TYPE: ColumnType = ColumnType::$sql;
        }

        #[diagnostic::do_not_recommend]
        impl StoredAs<st::$sql> for $rust {
            const TYPE: ColumnType = ColumnType::$sql;
        }
    )*};
}

integers! {
    i16: SmallInt, "an integer of 16 bits";
    i32: Integer, "an integer of 32 bits";
    i64: BigInt, "an integer";
}

/// MySQL's other integers, each in the smallest type that holds it. Beyond `i64` a `BIGINT UNSIGNED` does not fit, and is
/// an error of its row.
#[cfg(feature = "mysql")]
mod mysql_integers {
    use super::{ColumnType, StoredAs, st};
    use diesel::mysql::sql_types::Unsigned;

    macro_rules! stored {
        ($($rust:ty: $sql:ty => $kind:ident;)*) => {$(
            #[diagnostic::do_not_recommend]
            impl StoredAs<$sql> for $rust {
                const TYPE: ColumnType = ColumnType::$kind;
            }
        )*};
    }

    stored! {
        i16: st::TinyInt => SmallInt;
        i16: Unsigned<st::TinyInt> => SmallInt;
        i32: Unsigned<st::SmallInt> => Integer;
        i64: Unsigned<st::Integer> => BigInt;
        i64: Unsigned<st::BigInt> => BigInt;
    }
}

#[diagnostic::do_not_recommend]
impl Scalar for String {
    #[inline(always)]
    fn read(raw: Raw<'_>) -> Result<Self, Unfit> {
        raw.text()
    }

    fn to_value(&self) -> Value {
        Value::Text(self.clone())
    }

    fn holds(&self, value: &Value) -> bool {
        matches!(value, Value::Text(text) if text == self)
    }

    fn into_value(self) -> Value {
        Value::Text(self)
    }

    #[inline(always)]
    fn read_at(row: Row<'_>, place: usize) -> Result<Option<Self>, Unfit> {
        row.text(place)
    }
}

#[diagnostic::do_not_recommend]
impl Typed for String {
    const TYPE: ColumnType = ColumnType::Text;
}

#[diagnostic::do_not_recommend]
impl StoredAs<st::Text> for String {
    const TYPE: ColumnType = ColumnType::Text;
}

scalar!(bool: st::Bool => Bool; read |raw| raw.boolean(); write |v| Value::Bool(*v);
    holds |v, value| matches!(value, Value::Bool(truth) if truth == v));
scalar!(f64: st::Double => Double; read |raw| raw.float(); write |v| Value::Float(*v));
scalar!(f32: st::Float => Float;
    read |raw| {
        #[allow(clippy::cast_possible_truncation, reason = "the column is a 32-bit float")]
        raw.float().map(|wide| wide as f32)
    };
    write |v| Value::Float((*v).into()));
scalar!(Vec<u8>: st::Binary => Binary; read |raw| raw.bytes(); write |v| Value::Bytes(v.clone());
    holds |v, value| matches!(value, Value::Bytes(bytes) if bytes == v));

#[cfg(test)]
mod tests {
    use super::super::scalar::Field;
    use super::*;

    #[test]
    fn a_field_holds_just_what_it_would_be_read_from() {
        assert!(7_i32.field_holds(&Value::Int(7)) && !7_i32.field_holds(&Value::Int(8)));
        assert!("a".to_owned().field_holds(&"a".into()) && !"a".to_owned().field_holds(&"A".into()));
        assert!(true.field_holds(&Value::Bool(true)) && !true.field_holds(&Value::Int(1)));
        assert!(None::<i32>.field_holds(&Value::Null) && Some(7).field_holds(&Value::Int(7)));
        assert!(!Some(7).field_holds(&Value::Null) && !None::<i32>.field_holds(&Value::Int(7)));
        // It is equal, and another value.
        assert!(!(-0.0_f64).field_holds(&Value::Float(0.0)));
    }
}

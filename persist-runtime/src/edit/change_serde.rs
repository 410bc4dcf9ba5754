//! [`Change`] as serde reads and writes it: a value is `Set`, and what is absent is for `#[serde(default)]`.

use super::change::Change;
use serde::de::{Deserialize, Deserializer, Visitor};
use serde::ser::{Error as _, Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;

const NAME: &str = "Change";

/// A change that keeps has no form: it is left out.
impl<T: Serialize> Serialize for Change<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Set(value) => serializer.serialize_newtype_struct(NAME, value),
            Self::Keep => {
                let words = "a field that is kept is left out: `#[serde(skip_serializing_if = \"Change::is_keep\")]`";
                Err(S::Error::custom(words))
            }
        }
    }
}

/// As a newtype, not as what it wraps: a field of an `Option` that is absent would be read as `None`, that is as NULL.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Change<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(NAME, Inner(PhantomData)).map(Self::Set)
    }
}

struct Inner<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Inner<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::deserialize(deserializer)
    }
}

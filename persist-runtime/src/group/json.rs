//! Tests of what stands within JSON documents.

use super::condition::Condition;
use super::predicate::Predicate;
use crate::entity::{Column, ColumnDef, Field, Json, Scalar};
use std::fmt;
use std::marker::PhantomData;

/// Scalars that are documents: `serde_json::Value` and [`Json`].
#[diagnostic::on_unimplemented(
    message = "a path needs a column of JSON documents, this column holds `{Self}`",
    label = "not JSON"
)]
pub trait Document: Scalar {}

impl Document for serde_json::Value {}

impl<T> Document for Json<T> where Self: Scalar {}

/// One step into a document.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum JsonStep {
    /// To the value of this key in an object. No character of it is special.
    Key(String),
    /// To the value at this place in an array, counted from 0.
    Nth(u32),
}

/// What is asked of the value at a place. A value of another JSON type passes none but the first.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum JsonTest {
    /// It is there, be it `null`.
    Exists,
    /// It is `null`.
    Null,
    /// It is this truth value.
    Bool(bool),
    /// It is a number of this magnitude: `7.0` is 7.
    Int(i64),
    /// It is this text; case counts.
    Text(String),
}

macro_rules! tests {
    ($($from:ty => $test:ident;)*) => {$(
        impl From<$from> for JsonTest {
            fn from(value: $from) -> Self {
                Self::$test(value.into())
            }
        }
    )*};
}

tests! {
    bool => Bool;
    i16 => Int;
    i32 => Int;
    i64 => Int;
    u32 => Int;
    &str => Text;
    String => Text;
}

/// A place within the documents of a JSON column, made by `Column::key` and `Column::nth`: say on, or what is asked of the
/// value there.
///
/// What is asked of a place that a document does not have is false, and so it is where the column is NULL; the complement
/// (`!`) is true. Types are told apart: the text `"7"` is not the number 7. Keys are what they are, whatever characters
/// are in them; a key leads into objects alone, a number into arrays alone. No index serves these tests: a database looks at
/// the documents of all rows that are not left out otherwise.
///
/// ```
/// use persist::{Context, MemoryStore, prelude::*};
/// use serde_json::json;
///
/// mod schema {
///     diesel::table! { bugs (id) { id -> Integer, meta -> Jsonb, } }
/// }
///
/// #[derive(Entity)]
/// #[entity(table = schema::bugs)]
/// pub struct Bug {
///     #[entity(key)]
///     pub id: i32,
///     pub meta: serde_json::Value,
/// }
///
/// let mut context = Context::memory(&MemoryStore::new());
/// context.insert_all(&[
///     Bug { id: 1, meta: json!({ "browser": { "name": "Links", "version": 2 }, "tags": ["ui"] }) },
///     Bug { id: 2, meta: json!({ "browser": null }) },
/// ])?;
/// let links = bug::meta.key("browser").key("name").eq("Links");
/// let (old, unknown) = (bug::meta.key("browser").key("version").eq(2), bug::meta.key("browser").is_null());
/// let tagged = bug::meta.key("tags").nth(0).exists();
/// let counts = [links, old, unknown, tagged].map(|predicate| Bugs::all().filter(predicate).count());
/// assert_eq!(context.realise(counts.to_vec())?, [1, 1, 1, 1]);
/// # Ok::<(), persist::Error>(())
/// ```
#[must_use = "say what is asked of the value there"]
pub struct JsonPlace<E> {
    column: ColumnDef,
    path: Vec<JsonStep>,
    entity: PhantomData<fn() -> E>,
}

impl<E> Clone for JsonPlace<E> {
    fn clone(&self) -> Self {
        Self { column: self.column, path: self.path.clone(), entity: PhantomData }
    }
}

impl<E> fmt::Debug for JsonPlace<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.column.name)?;
        self.path.iter().try_for_each(|step| write!(f, "{step}"))
    }
}

impl<E, F: Field> Column<E, F> {
    /// The value of this key in the column's objects. An example is at [`JsonPlace`].
    pub fn key(self, key: impl Into<String>) -> JsonPlace<E>
    where
        F::Base: Document,
    {
        JsonPlace { column: self.def(), path: Vec::new(), entity: PhantomData }.key(key)
    }

    /// The value at this place in the column's arrays, counted from 0. An example is at [`JsonPlace`].
    pub fn nth(self, place: u32) -> JsonPlace<E>
    where
        F::Base: Document,
    {
        JsonPlace { column: self.def(), path: Vec::new(), entity: PhantomData }.nth(place)
    }
}

impl<E> JsonPlace<E> {
    /// The value of this key, where there is an object here.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.path.push(JsonStep::Key(key.into()));
        self
    }

    /// The value at this place, counted from 0, where there is an array here.
    pub fn nth(mut self, place: u32) -> Self {
        self.path.push(JsonStep::Nth(place));
        self
    }

    fn test(self, test: JsonTest) -> Predicate<E> {
        Predicate::new(Condition::Json { column: self.column, path: self.path, test })
    }

    /// There is a value here, be it `null`.
    pub fn exists(self) -> Predicate<E> {
        self.test(JsonTest::Exists)
    }

    /// There is a `null` here; not where there is nothing.
    pub fn is_null(self) -> Predicate<E> {
        self.test(JsonTest::Null)
    }

    /// There is this text, number or truth value here. Numbers go by magnitude: `7.0` is 7.
    pub fn eq(self, value: impl Into<JsonTest>) -> Predicate<E> {
        self.test(value.into())
    }
}

/// As a step of a path that a person reads.
impl fmt::Display for JsonStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) => write!(f, ".{key:?}"),
            Self::Nth(place) => write!(f, "[{place}]"),
        }
    }
}

impl JsonStep {
    /// The value that a step leads to.
    fn of<'v>(&self, value: &'v serde_json::Value) -> Option<&'v serde_json::Value> {
        match (self, value) {
            (Self::Key(key), serde_json::Value::Object(object)) => object.get(key),
            (Self::Nth(place), serde_json::Value::Array(array)) => array.get(*place as usize),
            _ => None,
        }
    }
}

impl fmt::Display for JsonTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exists => f.write_str("is there"),
            Self::Null => f.write_str("is null"),
            Self::Bool(value) => write!(f, "= {value}"),
            Self::Int(value) => write!(f, "= {value}"),
            Self::Text(text) => write!(f, "= {}", crate::entity::Excerpt(text)),
        }
    }
}

impl JsonTest {
    /// Whether the value at the end of `path` passes: what the condition means. A text that is no document has no places.
    #[must_use]
    pub fn holds(&self, document: &str, path: &[JsonStep]) -> bool {
        let Ok(document) = serde_json::from_str::<serde_json::Value>(document) else { return false };
        let Some(value) = path.iter().try_fold(&document, |value, step| step.of(value)) else { return false };
        match self {
            Self::Exists => true,
            Self::Null => value.is_null(),
            Self::Bool(wanted) => value.as_bool() == Some(*wanted),
            Self::Text(wanted) => value.as_str() == Some(wanted),
            Self::Int(wanted) => value.as_number().is_some_and(|number| is_int(number, *wanted)),
        }
    }
}

fn is_int(number: &serde_json::Number, wanted: i64) -> bool {
    if number.is_f64() {
        // A float that is whole is exact as an `i128` as far as an `i64` reaches.
        number.as_f64().is_some_and(|float| float.fract() == 0.0 && float as i128 == i128::from(wanted))
    } else {
        number.as_i64() == Some(wanted)
    }
}

//! Values of an application's own that a column holds as JSON: [`Json`].

use super::raw::{Raw, Unfit};
use super::scalar::{Newtype, Scalar};
use super::value::{Excerpt, Value};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::ops::{Deref, DerefMut};

/// A struct, or anything else that serde writes and reads, in a JSON column. It derefs to what it holds.
///
/// A field of an entity or of a view may be one, or an `Option` of one. What is changed within it is written
/// [path by path](crate::Edit#json-documents); keys that the type does not know are left alone then. To serde it is what it
/// holds. What serde cannot write as JSON (a map whose keys are no texts, say) is refused when it is to be stored.
///
/// ```
/// use persist::{Context, Edit, Json, MemoryStore, prelude::*};
/// use serde::{Deserialize, Serialize};
///
/// mod schema {
///     diesel::table! { bugs (id) { id -> Integer, meta -> Jsonb, } }
/// }
///
/// #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
/// pub struct Meta {
///     pub browser: String,
///     pub tags: Vec<String>,
/// }
///
/// #[derive(Debug, PartialEq, Entity)]
/// #[entity(table = schema::bugs)]
/// pub struct Bug {
///     #[entity(key)]
///     pub id: i32,
///     pub meta: Json<Meta>,
/// }
///
/// let mut context = Context::memory(&MemoryStore::new());
/// context.insert(&Bug { id: 1, meta: Json(Meta { browser: "Links".into(), tags: vec![] }) })?;
/// let mut bug = context.edit::<Bug>(1)?;
/// bug.meta.browser = "Lynx".into();
/// assert_eq!(Edit::changes(&bug).to_string(), r#"meta.browser: "Links" -> "Lynx""#);
/// context.save(&mut bug)?;
/// let lynx = Bugs::all().filter(bug::meta.key("browser").eq("Lynx"));
/// assert_eq!(context.realise(lynx)?[0].meta.browser, "Lynx");
/// # Ok::<(), persist::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Json<T>(pub T);

impl<T> Json<T> {
    /// What it holds.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> From<T> for Json<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> Deref for Json<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Json<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: Serialize> Serialize for Json<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Json<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static> Scalar for Json<T> {
    fn read(raw: Raw<'_>) -> Result<Self, Unfit> {
        let text = raw.json()?;
        let unfit =
            |error| Unfit::value("a document of the field's type", format_args!("{} ({error})", Excerpt(&text)));
        serde_json::from_str(&text).map(Self).map_err(unfit)
    }

    fn to_value(&self) -> Value {
        // Through a document, so that the order in which a map gives its keys is no difference.
        match serde_json::to_value(&self.0) {
            Ok(document) => Value::Json(document.to_string()),
            // No column of documents takes a text: whoever writes it is told.
            Err(error) => Value::Text(format!("what serde cannot write as JSON: {error}")),
        }
    }
}

/// It fits what a document fits.
impl<T> Newtype for Json<T> {
    type Inner = serde_json::Value;
}

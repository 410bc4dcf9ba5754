//! Changes within JSON documents: which places differ, what a change of them makes of a document that has become another
//! since, and what two editors of one document make of it together.
//!
//! Objects are taken apart by their keys. Everything else is a value, and stays the text that it is: an array as much as a
//! number, of which none is read, so that none is read as another.

use super::rebase::{Decide, Steps, Take};
use super::write::To;
use crate::entity::Value;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};

/// How deep objects are taken apart, and how many keys the paths of a change have together; of more, objects are taken apart
/// less deep. SQLite nests calls of functions less than 25 deep, and gives none more than 127 arguments.
const DEEPEST: usize = 8;
const LONGEST: usize = 256;

/// One place within a document, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PathChange {
    /// The keys that lead there, one in the other; at least one. No key has a quotation mark, a backslash or a control
    /// character in it, so that each can stand between quotation marks as it is.
    pub path: Vec<String>,
    /// What it becomes, a [`Value::Json`]; where there is none, it goes.
    pub to: Option<Value>,
}

/// What becomes of places within a document, in the order of their paths. None of them is within another.
///
/// It is what an [`Edit`](super::Edit) makes of a document that was changed in part.
///
/// ```
/// use persist::edit::To;
/// use persist::{Edit, Value, prelude::*};
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
/// let mut bug = Edit::from(Bug { id: 1, meta: json!({ "browser": { "name": "Links" }, "tags": [] }) });
/// bug.meta["browser"]["name"] = "Lynx".into();
/// let changes = Edit::changes(&bug);
/// let To::Paths(places) = &changes.changed()[0].to else { panic!("the whole document") };
/// assert_eq!(places.all()[0].path, ["browser", "name"]);
/// let meanwhile = Value::Json(r#"{"tags":["ui"]}"#.into());
/// assert_eq!(places.applied(&meanwhile).to_string(), r#"{"browser":{"name":"Lynx"},"tags":["ui"]}"#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathChanges(Vec<PathChange>);

impl PathChanges {
    /// All of them; at least one.
    #[must_use]
    pub fn all(&self) -> &[PathChange] {
        &self.0
    }

    /// The values that are set, in order.
    pub(crate) fn values(&self) -> impl Iterator<Item = &Value> {
        self.0.iter().filter_map(|change| change.to.as_ref())
    }

    /// How many keys all paths have.
    pub(crate) fn keys(&self) -> usize {
        self.0.iter().map(|change| change.path.len()).sum()
    }

    /// Whether the same places are set, and the same go, whatever the values are.
    #[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
    pub(crate) fn is_alike(&self, other: &Self) -> bool {
        let alike =
            |(one, two): (&PathChange, &PathChange)| one.path == two.path && one.to.is_some() == two.to.is_some();
        self.0.len() == other.0.len() && self.0.iter().zip(&other.0).all(alike)
    }

    /// What they make of a column that holds `held`: the meaning that every store is held to.
    ///
    /// What a path leads through is an object afterwards: where there is none (NULL, nothing, or another value that
    /// somebody has put there) one is made. A place that is to go and is not there is left alone, and so is what is around.
    #[must_use]
    pub fn applied(&self, held: &Value) -> Value {
        let mut document = match held {
            Value::Json(text) => Some(text.clone()),
            _ => None,
        };
        for PathChange { path, to } in &self.0 {
            document = match to {
                Some(to) => Some(with(document.as_deref(), path, text_of(to))),
                None => document.map(|document| without(&document, path)),
            };
        }
        document.map_or_else(|| held.clone(), Value::Json)
    }

    /// As [`Changes`](super::Changes) show them: of the column of this name, which was read so.
    pub(super) fn show(&self, f: &mut fmt::Formatter<'_>, column: &str, read: Option<&Value>) -> fmt::Result {
        for (index, PathChange { path, to }) in self.0.iter().enumerate() {
            write!(f, "{}{column}{}", if index > 0 { ", " } else { "" }, Steps(path))?;
            let to: &dyn fmt::Display = to.as_ref().map_or(&"nothing", |to| to);
            match read {
                Some(read) => match path.iter().try_fold(text_of(read), |text, key| at(text, key)) {
                    Some(was) => write!(f, ": {} -> {to}", Value::Json(was.to_owned()))?,
                    None => write!(f, ": nothing -> {to}")?,
                },
                None => write!(f, " = {to}")?,
            }
        }
        Ok(())
    }
}

/// The text of a document; NULL says `null`.
fn text_of(value: &Value) -> &str {
    match value {
        Value::Json(text) => text,
        _ => "null",
    }
}

/// An object, key by key; each value is its text.
type Object<'t> = BTreeMap<String, Cow<'t, str>>;

fn object(text: &str) -> Option<Object<'_>> {
    let object: BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
    Some(object.into_iter().map(|(key, value)| (key, Cow::Borrowed(value.get()))).collect())
}

fn at<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    let object: BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
    object.get(key).map(|value| value.get())
}

fn written(object: &Object<'_>) -> String {
    let mut text = String::from("{");
    for (index, (key, value)) in object.iter().enumerate() {
        let key = serde_json::Value::from(key.as_str());
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{}{key}:{value}", if index > 0 { "," } else { "" });
    }
    text + "}"
}

fn with(document: Option<&str>, path: &[String], to: &str) -> String {
    let [key, rest @ ..] = path else { return to.to_owned() };
    let mut object = document.and_then(object).unwrap_or_default();
    let value = with(object.get(key).map(Cow::as_ref), rest, to);
    object.insert(key.clone(), value.into());
    written(&object)
}

fn without(document: &str, path: &[String]) -> String {
    let ([key, rest @ ..], Some(mut object)) = (path, object(document)) else { return document.to_owned() };
    if rest.is_empty() {
        object.remove(key);
    } else if let Some(value) = object.get_mut(key) {
        *value = without(value, rest).into();
    }
    written(&object)
}

/// What makes the document `now` of what was `read`: nothing where both say the same.
pub(super) fn between(read: &str, now: &str) -> Option<To> {
    let mut all = (0..=DEEPEST).rev().map(|deepest| {
        let mut changes = Vec::new();
        differences(read, now, deepest, &mut Vec::new(), &mut changes);
        PathChanges(changes)
    });
    let changes = all.find(|changes| changes.keys() <= LONGEST)?;
    match changes.0.first()?.path.as_slice() {
        [] => Some(To::Value(Value::Json(now.to_owned()))),
        _ => Some(To::Paths(changes)),
    }
}

/// Appends the places in which two documents differ, or what is around them where they are deeper.
fn differences(old: &str, new: &str, deepest: usize, path: &mut Vec<String>, changes: &mut Vec<PathChange>) {
    if old == new {
        return;
    }
    let change =
        |path: &[String], to: Option<&str>| PathChange { path: path.to_vec(), to: to.map(|to| Value::Json(to.into())) };
    let Some((old, new)) = by_keys(old, new).filter(|_| path.len() < deepest) else {
        changes.push(change(path, Some(new)));
        return;
    };
    for key in keys(&old, &new) {
        path.push(key.clone());
        match (old.get(key), new.get(key)) {
            (Some(old), Some(new)) => differences(old, new, deepest, path, changes),
            (_, to) => changes.push(change(path, to.map(Cow::as_ref))),
        }
        path.pop();
    }
}

/// The keys of two objects, in order.
fn keys<'o>(one: &'o Object<'_>, other: &'o Object<'_>) -> BTreeSet<&'o String> {
    one.keys().chain(other.keys()).collect()
}

/// Two objects, the second of which the first has become key by key. None where it was replaced as a whole: objects without
/// a key in common are different things (two variants of an enum, say), unless one of them is empty.
fn by_keys<'t>(old: &'t str, new: &'t str) -> Option<(Object<'t>, Object<'t>)> {
    let (old, new) = (object(old)?, object(new)?);
    let related = old.is_empty() || new.is_empty() || old.keys().any(|key| new.contains_key(key));
    let nameable = keys(&old, &new).into_iter().all(|key| old.get(key) == new.get(key) || is_nameable(key));
    (related && nameable).then_some((old, new))
}

/// Whether a key can stand in a path: not every version of every database reads what would have to be escaped.
fn is_nameable(key: &str) -> bool {
    !key.contains(|c: char| matches!(c, '"' | '\\' | '\0'..='\u{1F}'))
}

/// What two editors make together of a document that both read: what one of them left alone is the other's. None where one
/// of the three is no document.
pub(super) fn merged([base, mine, theirs]: [&Value; 3], decide: &mut Decide<'_>) -> Option<Value> {
    let (Value::Json(base), Value::Json(mine), Value::Json(theirs)) = (base, mine, theirs) else { return None };
    merge([Some(base), Some(mine), Some(theirs)], &mut Vec::new(), decide).map(Value::Json)
}

fn merge([base, mine, theirs]: [Option<&str>; 3], path: &mut Vec<String>, decide: &mut Decide<'_>) -> Option<String> {
    if mine == base || mine == theirs {
        return theirs.map(str::to_owned);
    }
    if theirs == base {
        return mine.map(str::to_owned);
    }
    if let (Some(base), Some(mine), Some(theirs)) = (base, mine, theirs)
        && let (Some((old, mine)), Some((_, theirs))) = (by_keys(base, mine), by_keys(base, theirs))
    {
        let mut object = Object::new();
        for key in keys(&mine, &theirs) {
            path.push(key.clone());
            let all = [old.get(key), mine.get(key), theirs.get(key)].map(|value| value.map(Cow::as_ref));
            let value = merge(all, path, decide);
            object.extend(value.map(|value| (key.clone(), value.into())));
            path.pop();
        }
        return Some(written(&object));
    }
    let [old, my, their] = [base, mine, theirs].map(|text| text.map_or(Value::Null, |text| Value::Json(text.into())));
    let taken = decide(path, [&old, &my, &their]);
    if taken == Some(Take::Mine) { mine } else { theirs }.map(str::to_owned)
}

#[cfg(test)]
#[path = "paths_tests.rs"]
mod tests;

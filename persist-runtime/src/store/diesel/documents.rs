//! Changes within documents, for backends that set and remove what stands at a path: SQLite and MySQL.

use super::bind::Bind;
use super::dialect::NthValue;
use super::sql::{Place, Statement, Written};
use crate::edit::{PathChange, PathChanges};

/// The words of a backend.
pub(super) struct Words {
    pub(super) path: fn(&str) -> Bind,
    /// Begins "the type of what is at a path of a document", and ends it.
    pub(super) kind: (&'static str, &'static str),
    /// The name of the type of objects.
    pub(super) object: &'static str,
    pub(super) extract: &'static str,
    pub(super) set: &'static str,
    pub(super) remove: &'static str,
    /// How many places one call removes.
    pub(super) most_removed: usize,
    /// Stand around a text that is meant as a document, not as a text within one.
    pub(super) document: (&'static str, &'static str),
}

/// How many places one call sets, or removes at most: SQLite gives it 127 arguments.
pub(super) const MOST: usize = 60;

/// `json_remove(json_set(json_set(object, parents..), places..), places..)`. What leads to a place that is set is made an
/// object first, level by level, and each level in a call of its own: within one call SQLite may not see what it has set.
pub(super) fn write(
    sql: &mut Statement,
    words: &Words,
    place: &Place,
    changes: &PathChanges,
    value: NthValue<'_>,
) -> Written {
    let (set, gone): (Vec<_>, Vec<_>) = changes.all().iter().partition(|change| change.to.is_some());
    let set: Vec<_> = set.into_iter().enumerate().collect();
    let levels = levels(&set);
    let parents: Vec<_> = levels.iter().flat_map(|level| level.chunks(MOST)).collect();
    sql.text(&words.remove.repeat(gone.chunks(words.most_removed).len()));
    sql.text(&words.set.repeat(parents.len() + set.chunks(MOST).len()));
    if set.is_empty() {
        sql.place(place);
    } else {
        object(sql, words, place, &[]);
    }
    for parents in parents {
        for path in parents {
            sql.text(", ").bind(path_to(words, path)).text(", ").text(words.document.0);
            object(sql, words, place, path);
            sql.text(words.document.1);
        }
        sql.text(")");
    }
    for set in set.chunks(MOST) {
        for (nth, change) in set {
            sql.text(", ").bind(path_to(words, &change.path)).text(", ").text(words.document.0);
            value(sql, *nth)?;
            sql.text(words.document.1);
        }
        sql.text(")");
    }
    for gone in gone.chunks(words.most_removed) {
        for change in gone {
            sql.text(", ").bind(path_to(words, &change.path));
        }
        sql.text(")");
    }
    Ok(())
}

/// What leads to the places, by its depth; the document itself apart. The paths are in order.
fn levels<'c>(set: &[(usize, &'c PathChange)]) -> Vec<Vec<&'c [String]>> {
    let deepest = set.iter().map(|(_, change)| change.path.len()).max().unwrap_or(0);
    let level = |depth: usize| {
        let mut level: Vec<_> = set.iter().filter(|(_, change)| change.path.len() > depth).collect();
        level.dedup_by_key(|(_, change)| &change.path[..depth]);
        level.into_iter().map(|(_, change)| &change.path[..depth]).collect()
    };
    (1..deepest).map(level).collect()
}

/// What is at the path, if it is an object; else an empty one.
fn object(sql: &mut Statement, words: &Words, place: &Place, path: &[String]) {
    let path = || path_to(words, path);
    sql.text("CASE ").text(words.kind.0).place(place).text(", ").bind(path()).text(words.kind.1);
    sql.text(" WHEN ").text(words.object).text(" THEN ").text(words.extract).place(place).text(", ").bind(path());
    sql.text(") ELSE '{}' END");
}

/// No key has a character that would end its quotation, or that would have to be escaped.
fn path_to(words: &Words, path: &[String]) -> Bind {
    let mut text = String::from("$");
    path.iter().for_each(|key| text.extend([".\"", key, "\""]));
    (words.path)(&text)
}

//! What stands within JSON documents, on PostgreSQL.

use super::bind::Bind;
use super::dialect::NthValue;
use super::postgres_bind::scalar;
use super::sql::{Place, Statement, Written};
use crate::edit::{PathChange, PathChanges};
use crate::entity::{ColumnType, Value};
use crate::group::{JsonStep, JsonTest};

fn bound(sql: &mut Statement, place: &Place, ty: ColumnType, value: &Value) -> Written {
    sql.bind(Bind::Pg(scalar(place.name(), ty, value)?));
    Ok(())
}

/// The value at the end of the path; NULL where there is none.
fn value(sql: &mut Statement, place: &Place, path: &[JsonStep]) -> Written {
    sql.text("(").place(place);
    for step in path {
        sql.text(" -> ");
        match step {
            JsonStep::Key(key) => bound(sql, place, ColumnType::Text, &Value::from(key.as_str()))?,
            JsonStep::Nth(place) => drop(sql.put(format_args!("{}", i32::try_from(*place).unwrap_or(i32::MAX)))),
        }
    }
    sql.text(")");
    Ok(())
}

pub(super) fn json_test(sql: &mut Statement, place: &Place, path: &[JsonStep], test: &JsonTest) -> Written {
    let type_of = if place.ty == ColumnType::Json { "json_typeof" } else { "jsonb_typeof" };
    sql.text("(");
    // A `jsonb` that is no array is its own first element.
    for (at, _) in path.iter().enumerate().filter(|(_, step)| matches!(step, JsonStep::Nth(_))) {
        sql.text(type_of);
        value(sql, place, &path[..at])?;
        sql.text(" = 'array' AND ");
    }
    let kind = match test {
        JsonTest::Exists => {
            value(sql, place, path)?;
            sql.text(" IS NOT NULL)");
            return Ok(());
        }
        JsonTest::Null => "null",
        JsonTest::Bool(_) => "boolean",
        JsonTest::Int(_) => "number",
        JsonTest::Text(_) => "string",
    };
    // Nothing else promises that what is no number is not read as one.
    sql.text("CASE ").text(type_of);
    value(sql, place, path)?;
    sql.put(format_args!(" WHEN '{kind}' THEN "));
    if !matches!(test, JsonTest::Null) {
        sql.text("(");
        value(sql, place, path)?;
        sql.text(" #>> '{}')");
    }
    match test {
        JsonTest::Exists | JsonTest::Null => drop(sql.text("TRUE")),
        JsonTest::Bool(wanted) => drop(sql.put(format_args!(" = '{wanted}'"))),
        JsonTest::Int(wanted) => {
            sql.text("::numeric = ");
            bound(sql, place, ColumnType::BigInt, &Value::Int(*wanted))?;
        }
        JsonTest::Text(wanted) => {
            sql.text(" = ");
            bound(sql, place, ColumnType::Text, &Value::from(wanted.as_str()))?;
        }
    }
    sql.text(" ELSE FALSE END)");
    Ok(())
}

/// A change of a place, with its number among those that are set.
type Numbered<'c> = (usize, &'c PathChange);

pub(super) fn document(sql: &mut Statement, place: &Place, changes: &PathChanges, value: NthValue<'_>) -> Written {
    let sets = changes.all().iter().scan(0, |sets, change| {
        let nth = *sets;
        *sets += usize::from(change.to.is_some());
        Some((nth, change))
    });
    let changes: Vec<Numbered<'_>> = sets.collect();
    let document = Document { place, value };
    if is_set(&changes) {
        document.object(sql, &[], &changes)?;
    } else {
        document.if_object(sql, &[], &|sql| document.object(sql, &[], &changes), &|sql| document.at(sql, &[]))?;
    }
    sql.text(if place.ty == ColumnType::Json { "::json" } else { "" });
    Ok(())
}

fn is_set(changes: &[Numbered<'_>]) -> bool {
    changes.iter().any(|(_, change)| change.to.is_some())
}

type Part<'p> = &'p dyn Fn(&mut Statement) -> Written;

/// A document that is changed. It is put together object by object, each from what stands there before: by keys alone, as
/// `jsonb_set` takes a number for a place in an array, and fails at other keys there.
struct Document<'d> {
    place: &'d Place,
    value: NthValue<'d>,
}

impl Document<'_> {
    /// What stands at the path, before.
    fn at(&self, sql: &mut Statement, path: &[String]) -> Written {
        sql.text("(").place(self.place).text(if self.place.ty == ColumnType::Json { "::jsonb" } else { "" });
        for key in path {
            sql.text(" -> ");
            self.key(sql, key)?;
        }
        sql.text(")");
        Ok(())
    }

    fn key(&self, sql: &mut Statement, key: &str) -> Written {
        bound(sql, self.place, ColumnType::Text, &Value::from(key))
    }

    fn if_object(&self, sql: &mut Statement, path: &[String], then: Part<'_>, otherwise: Part<'_>) -> Written {
        sql.text("CASE jsonb_typeof");
        self.at(sql, path)?;
        sql.text(" WHEN 'object' THEN ");
        then(sql)?;
        sql.text(" ELSE ");
        otherwise(sql)?;
        sql.text(" END");
        Ok(())
    }

    /// The object at the path, after these changes, all of which are within it. Where something is set, there need be none.
    fn object(&self, sql: &mut Statement, path: &[String], changes: &[Numbered<'_>]) -> Written {
        sql.text("(");
        if is_set(changes) {
            self.if_object(sql, path, &|sql| self.at(sql, path), &empty)?;
        } else {
            self.at(sql, path)?;
        }
        let depth = path.len();
        for (_, change) in changes.iter().filter(|(_, change)| change.path.len() == depth + 1 && change.to.is_none()) {
            sql.text(" - ");
            self.key(sql, &change.path[depth])?;
        }
        for group in changes.chunk_by(|(_, one), (_, other)| one.path[depth] == other.path[depth]) {
            let (nth, change) = group[0];
            let within = &change.path[..=depth];
            let below = change.path.len() > within.len();
            let of = |sql: &mut Statement, value: Part<'_>| -> Written {
                self.key(sql.text("jsonb_build_object("), &change.path[depth])?;
                value(sql.text(", "))?;
                sql.text(")");
                Ok(())
            };
            if below && !is_set(group) {
                sql.text(" || ");
                self.if_object(sql, within, &|sql| of(sql, &|sql| self.object(sql, within, group)), &empty)?;
            } else if below {
                of(sql.text(" || "), &|sql| self.object(sql, within, group))?;
            } else if change.to.is_some() {
                of(sql.text(" || "), &|sql| {
                    (self.value)(sql, nth)?;
                    sql.text("::jsonb");
                    Ok(())
                })?;
            }
        }
        sql.text(")");
        Ok(())
    }
}

fn empty(sql: &mut Statement) -> Written {
    sql.text("'{}'::jsonb");
    Ok(())
}

//! `glance race` on every store: both edits survive in all five scenarios, and each is one statement, of what changed.

use crate::places::{self, Place};
use glance::race::{self, Finding};
use glance::store::Database;
use std::iter;

/// What was sent to save what A did, and what B did, in each scenario: one statement each. A new entry has a
/// transaction around it, in which it would be told what is there already.
fn sent(place: &Place) -> Vec<[String; 2]> {
    let findings = race::run(&place.database).unwrap();
    // It locks a row and looks at it, and reads in the end what it has written.
    let is_mysql = matches!(place.database, Database::Mysql(_));
    let one = |finding: &Finding, said: &Result<Vec<String>, String>| {
        let aside = |said: &str| ["BEGIN", "COMMIT"].contains(&said) || is_mysql && said.starts_with("SE");
        let said = said.iter().flatten().filter(|said| !aside(said));
        let [only] = &said.collect::<Vec<_>>()[..] else { panic!("{finding:?}") };
        (*only).clone()
    };
    let look = |finding: &Finding| {
        assert!(finding.both, "{finding:?}");
        [one(finding, &finding.a), one(finding, &finding.b)]
    };
    findings.iter().map(look).collect()
}

/// The columns that a statement writes, as all stores put them, each quoted or not.
fn writes(statement: &str) -> String {
    let plain = statement.replace(['"', '`'], "");
    let words = match plain.split_once(" SET ").or_else(|| plain.split_once(" set ")) {
        Some((_, sets)) => sets.split(" WHERE ").next().unwrap().to_owned(),
        None => plain,
    };
    let columns = ["name", "min_ram", "updated_at", "image_id", "value", "status", "min_disk", "owner", "size"];
    let named = |column: &&&str| words.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == **column);
    let verb = statement.split(' ').next().unwrap().to_lowercase();
    iter::once(verb.as_str()).chain(columns.iter().filter(named).copied()).collect::<Vec<_>>().join(" ")
}

#[test]
fn both_survive_in_all_scenarios_on_every_store() {
    let (rename, need) = ("update name updated_at", "update min_ram updated_at");
    let (add, change, delete) = ("insert name image_id value", "update value", "delete name image_id");
    let expected = [[rename, need], [rename, add], [add, add], [change, change], [delete, need]];
    for place in places::all() {
        let sent = sent(&place);
        let written: Vec<_> = sent.iter().map(|both| both.each_ref().map(|statement| writes(statement))).collect();
        assert_eq!(written, expected.map(|both| both.map(str::to_owned)), "{sent:?}");
        assert!(place.registry().list(None, None).unwrap().is_empty(), "they clean up");
    }
}

#[test]
fn the_program_prints_a_table_and_succeeds() {
    for place in places::all() {
        let table = place.says(&["race"]);
        assert_eq!(table.matches(" yes ").count(), 5, "{table}");
        assert!(table.contains("A: deletes property speed; B: min_ram"), "{table}");
    }
}

//! Bad rows, bad stores and bad strings: a typed error that names entity, field and key; never a panic, never a part
//! passed off as the whole.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use persist::prelude::*;
use persist::{Error, Fault, KeyText, Problem, Request, RowError, Unfit, Value};
use persist_tests::data::Data;
use persist_tests::stores::{self, Fresh};
use persist_tests::tracker::*;
use std::sync::Arc;

/// Members of a table that takes anything: of one without types, on SQLite; without NOT NULL, on the servers.
fn loose(fresh: &mut Fresh) {
    match fresh {
        Fresh::Postgres(_) => fresh.execute(
            "ALTER TABLE members DROP CONSTRAINT members_pkey; ALTER TABLE members ALTER id DROP NOT NULL;
             ALTER TABLE members ALTER name DROP NOT NULL; ALTER TABLE members ALTER rank TYPE bigint;
             ALTER TABLE tasks DROP CONSTRAINT tasks_pkey",
        ),
        Fresh::Mysql(_) => fresh.execute(
            "ALTER TABLE members DROP PRIMARY KEY, MODIFY id INTEGER, MODIFY name LONGTEXT, MODIFY `rank` BIGINT;
             ALTER TABLE tasks DROP PRIMARY KEY",
        ),
        _ => fresh.execute(
            "DROP TABLE members; CREATE TABLE members (id, name, rank, team_name, manager_id);
             DROP TABLE tasks; CREATE TABLE tasks (id, title, heat, score, state, owner_id, assignee_id)",
        ),
    }
}

fn in_sql(fresh: &Fresh, id: uuid::Uuid) -> String {
    let prefix = if matches!(fresh, Fresh::Postgres(_)) { "" } else { "x" };
    format!("{prefix}'{}'", id.simple())
}

#[track_caller]
fn errors<R: Request>(fresh: &mut Fresh, request: R) -> Vec<RowError> {
    let name = fresh.name();
    match fresh.context().realise(request) {
        Err(Error::Rows(rows)) => {
            assert!(rows.to_string().len() < 3_000, "a message is to be read");
            rows.into_iter().collect()
        }
        Err(other) => panic!("{name}: {other}"),
        Ok(_) => panic!("{name}: bad rows were let through"),
    }
}

#[track_caller]
fn fault<T>(result: Result<T, Error>) -> (&'static str, Fault) {
    match result {
        Err(Error::Store(error)) => (error.entity(), error.fault().clone()),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("nothing was wrong"),
    }
}

/// Entity, view, field and key.
fn place(error: &RowError) -> (&'static str, &'static str, &'static str, String) {
    (error.entity, error.view, error.field, KeyText(error.key.clone()).to_string())
}

#[test]
fn null_where_a_value_is_promised() {
    for mut fresh in stores::databases(TABLES) {
        loose(&mut fresh);
        fresh.execute("INSERT INTO members (id, name) VALUES (1, 'Ada'), (2, NULL), (3, NULL), (NULL, 'Eve')");
        let found = errors(&mut fresh, Members::all().view::<MemberCard>());
        let mut places: Vec<_> = found.iter().map(place).collect();
        places.sort();
        let unknown = "(key unknown)".to_owned();
        let expected = [
            ("Member", "MemberCard", "id", unknown),
            ("Member", "MemberCard", "name", "2".to_owned()),
            ("Member", "MemberCard", "name", "3".to_owned()),
        ];
        assert_eq!(places, expected);
        assert!(found.iter().all(|error| error.problem == Problem::Unfit(Unfit::Null)));
        let words = "Member 2, field `name` of `MemberCard`: the stored value is NULL where a value is promised";
        assert!(found.iter().any(|error| error.to_string() == words), "{found:?}");
    }
}

#[test]
fn text_in_an_integer_column() {
    let mut fresh = stores::sqlite(TABLES);
    loose(&mut fresh);
    fresh.execute("INSERT INTO members (id, name, rank) VALUES (1, 'Ada', 'high'), (2, 'Bo', 1), (3, 'Cy', x'00ff')");
    fresh.execute("INSERT INTO members (id, name, rank) VALUES (4, 'Di', 1.5), (5, 6, NULL), ('seven', 'Ed', NULL)");
    let texts: Vec<_> = errors(&mut fresh, Members::all()).iter().map(ToString::to_string).collect();
    let expected = [
        "Member 1, field `rank`: expected an integer, found the text \"high\"",
        "Member 3, field `rank`: expected an integer, found a blob of 2 bytes",
        "Member 4, field `rank`: expected an integer, found 1.5",
        "Member 5, field `name`: expected text, found 6",
        "Member (key unknown), field `id`: expected an integer, found the text \"seven\"",
    ];
    assert_eq!(texts, expected);
}

#[test]
fn an_integer_out_of_range() {
    for mut fresh in stores::databases(TABLES) {
        loose(&mut fresh);
        fresh.execute("INSERT INTO members (id, name, rank) VALUES (1, 'Ada', 2147483648), (2, 'Bo', -2147483648)");
        let found = errors(&mut fresh, Members::all());
        assert_eq!(found.len(), 1);
        let words = "Member 1, field `rank`: expected an integer of 32 bits, found 2147483648";
        assert_eq!(found[0].to_string(), words, "{}", fresh.name());
    }
}

#[test]
fn text_that_is_not_utf_8() {
    let mut fresh = stores::sqlite(TABLES);
    fresh.execute("INSERT INTO members (id, name) VALUES (1, CAST(x'41ff42' AS TEXT)), (2, 'Bo')");
    fresh.execute("INSERT INTO teams (name) VALUES (CAST(x'ff' AS TEXT))");
    let found = errors(&mut fresh, Members::all());
    assert_eq!(found.iter().map(place).collect::<Vec<_>>(), [("Member", "Member", "name", "1".to_owned())]);
    let found = errors(&mut fresh, Teams::all().view::<TeamPage>());
    assert_eq!((found[0].entity, found[0].field), ("Team", "name"));
}

/// The same words from every store, memory too.
#[test]
fn a_value_of_an_enum_that_this_version_does_not_know() {
    let data = Data::of(4);
    for mut fresh in stores::every(TABLES) {
        data.insert(&mut fresh.context()).unwrap();
        if let Fresh::Memory(_) = fresh {
            // Another version of the entity, which knows more.
            let row =
                |n: u32| Other { id: task_id(n), title: String::new(), state: "frozen".into(), owner_id: 0, heat: 0 };
            fresh.context().insert_all(&[row(91), row(92)]).unwrap();
        } else {
            for n in [91, 92] {
                let values = format!("VALUES ({}, '', 0, 'frozen', 0)", in_sql(&fresh, task_id(n)));
                fresh.execute(&format!("INSERT INTO tasks (id, title, heat, state, owner_id) {values}"));
            }
        }
        let found = errors(&mut fresh, Tasks::all());
        let words: Vec<_> = found.iter().map(ToString::to_string).collect();
        let expected = [91, 92].map(|n| {
            let key = task_id(n);
            format!("Task {key}, field `state`: expected one of `open`, `closed`, `ON HOLD`, found \"frozen\"")
        });
        assert_eq!(words, expected, "{}", fresh.name());
    }
}

#[derive(Debug, Clone, Entity)]
#[entity(table = persist_tests::tracker_schema::tasks)]
struct Other {
    #[entity(key)]
    id: uuid::Uuid,
    title: String,
    state: String,
    owner_id: i32,
    heat: i32,
}

fn broken_references() -> Data {
    let mut data = Data::of(6);
    data.tasks[1].owner_id = 77;
    data.tasks[2].owner_id = 77;
    data.tasks[3].assignee_id = Some(78);
    data.watches[0].member_id = 79;
    data.members[5].manager_id = Some(80);
    data.members[4].team_name = Some("nowhere".into());
    data
}

#[derive(Debug, View)]
#[view(of = Task)]
#[allow(dead_code, reason = "never realised")]
struct References {
    owner: Arc<MemberName>,
    assignee: Option<Arc<MemberName>>,
    watchers: Vec<Arc<MemberName>>,
    #[view(from = watchers, limit = 9, order_by = member::name.asc())]
    ordered: Vec<Arc<MemberName>>,
}

#[test]
fn references_that_lead_nowhere() {
    for mut fresh in stores::every(TABLES) {
        broken_references().insert(&mut fresh.context()).unwrap();
        let mut words: Vec<_> =
            errors(&mut fresh, Tasks::all().view::<References>()).iter().map(ToString::to_string).collect();
        words.sort();
        let error = |n, field, key| {
            let id = task_id(n);
            format!("Task {id}, field `{field}` of `References`: it refers to Member {key}, which is not there")
        };
        let mut expected = [
            error(1, "owner", 77),
            error(2, "owner", 77),
            error(3, "assignee", 78),
            error(0, "watchers", 79),
            error(0, "ordered", 79),
        ];
        expected.sort();
        assert_eq!(words, expected, "{}", fresh.name());
        let found = errors(&mut fresh, Members::all().view::<MemberTree>());
        let missing = |error: &RowError| match &error.problem {
            Problem::Dangling { entity, key } => format!("{} {entity} {key}", error.field),
            other => panic!("{other}"),
        };
        let mut missing: Vec<_> = found.iter().map(missing).collect();
        missing.sort();
        // Once for the row of the group, once for the same row as somebody's manager, where it is one.
        missing.dedup();
        assert_eq!(missing, ["manager Member 80", "team Team \"nowhere\""], "{}", fresh.name());
        // What does not look there does not mind.
        assert_eq!(fresh.context().realise(Tasks::all().view::<TaskLine>()).unwrap().len(), 6);
    }
}

/// Rows that do not fit, at every depth, in one answer.
#[test]
fn every_failing_row_is_named() {
    let mut fresh = stores::sqlite(TABLES);
    let mut data = Data::of(3_000);
    data.tasks.iter_mut().for_each(|task| task.owner_id = 0);
    data.insert(&mut fresh.context()).unwrap();
    fresh.execute(
        "UPDATE tasks SET heat = 'warm' WHERE rowid > 1500; UPDATE notes SET body = x'00'; UPDATE members SET name = x'00'",
    );
    let whole = errors(&mut fresh, (Tasks::all().view::<TaskPage>(), Notes::all(), Members::all()));
    let count = |entity, view, field| {
        whole.iter().filter(|error| (error.entity, error.view, error.field) == (entity, view, field)).count()
    };
    assert_eq!(count("Task", "TaskPage", "heat"), 1_500);
    assert_eq!(count("Note", "Note", "body"), 4_500);
    assert_eq!(count("Member", "Member", "name"), 3_000);
    assert!(count("Note", "NoteLine", "body") > 0 && count("Member", "MemberCard", "name") > 0);
    assert!(whole.iter().all(|error| !error.key.is_empty() && matches!(error.problem, Problem::Unfit(_))));
}

/// A row that does not fit is not also missing.
#[test]
fn a_faulty_row_is_named_once() {
    let mut fresh = stores::sqlite(TABLES);
    Data::of(20).insert(&mut fresh.context()).unwrap();
    fresh.execute("UPDATE members SET name = x'00' WHERE id = 0");
    let found = errors(&mut fresh, Tasks::all().view::<References>());
    assert_eq!(found.iter().map(place).collect::<Vec<_>>(), [("Member", "MemberName", "name", "0".to_owned())]);
}

#[derive(Debug, View)]
#[view(of = Task)]
#[allow(dead_code, reason = "never realised")]
struct WithOwner {
    owner: Arc<MemberName>,
}

#[derive(Debug, View)]
#[view(of = Member)]
#[allow(dead_code, reason = "never realised")]
struct WithReports {
    id: i32,
    reports: Vec<MemberName>,
}

/// What the key promises, the table must keep: or else which row is meant, and whose children are whose, is a guess.
#[test]
fn a_key_that_is_not_unique() {
    for mut fresh in stores::databases(TABLES) {
        loose(&mut fresh);
        fresh.execute("INSERT INTO members (id, name, manager_id) VALUES (1, 'Ada', 1), (1, 'Eve', 1), (2, 'Bo', 1)");
        let values = format!("VALUES ({}, '', 0, 'open', 1)", in_sql(&fresh, task_id(0)));
        fresh.execute(&format!("INSERT INTO tasks (id, title, heat, state, owner_id) {values}"));
        let found = errors(&mut fresh, Members::all().view::<WithReports>());
        assert_eq!(found.iter().map(place).collect::<Vec<_>>(), [("Member", "WithReports", "reports", "1".to_owned())]);
        assert_eq!(found[0].problem, Problem::SharedKey);
        let found = errors(&mut fresh, Tasks::all().view::<WithOwner>());
        assert_eq!(found.len(), 1, "{}", fresh.name());
        assert_eq!((found[0].entity, found[0].key.clone()), ("Member", vec![Value::Int(1)]));
        assert_eq!(found[0].problem, Problem::SharedKey);
    }
}

#[test]
fn a_table_or_a_column_that_is_not_there() {
    for mut fresh in stores::databases(TABLES) {
        let name = fresh.name();
        fresh.execute("DROP TABLE votes; ALTER TABLE notes DROP COLUMN pinned");
        let mut context = fresh.context();
        assert_eq!(fault(context.realise(Votes::all())), ("Vote", Fault::MissingTable("votes".into())), "{name}");
        let vote = Vote { id: 1, task_id: None, member_id: None };
        assert_eq!(fault(context.insert(&vote)), ("Vote", Fault::MissingTable("votes".into())), "{name}");
        let pinned = Fault::MissingColumn("pinned".into());
        assert_eq!(fault(context.realise(Notes::all())), ("Note", pinned.clone()), "{name}");
        let filtered = Notes::all().filter(note::pinned.eq(true));
        assert_eq!(fault(context.realise(filtered.view::<NoteLine>())), ("Note", pinned.clone()), "{name}");
        let ordered = Notes::all().order_by(note::pinned.asc());
        assert_eq!(fault(context.realise(ordered.view::<NoteLine>())), ("Note", pinned.clone()), "{name}");
        let note = Note { id: 1, task_id: None, author_id: 1, body: String::new(), pinned: false };
        assert_eq!(fault(context.insert(&note)), ("Note", pinned), "{name}");
        // Half of the realise is no realise: nothing is held back, and nothing comes.
        assert!(context.realise((Members::all().view::<MemberName>(), Votes::all())).is_err());
        assert_eq!(context.realise(Members::all().view::<MemberName>()).unwrap(), []);
        drop(context);
        assert_eq!(fresh.depth(), 0, "{name}");
    }
}

/// Ten megabytes in a value, in a predicate, in a key; and in a place where they do not belong.
#[test]
fn long_strings() {
    let long = "x".repeat(10 << 20);
    for mut fresh in stores::every(TABLES) {
        // A statement with its values is 16 megabytes at most there, and two of them are in one.
        let long = if matches!(fresh, Fresh::Mysql(_)) { "x".repeat(5 << 20) } else { long.clone() };
        let mut context = fresh.context();
        context.insert(&Team { name: "a".into(), motto: Some(long.clone()) }).unwrap();
        let with = |predicate| Teams::all().filter(predicate);
        let longer = format!("{long}y");
        for (group, there) in [
            (with(team::motto.eq(long.as_str())), true),
            (with(team::motto.eq(longer.as_str())), false),
            (with(team::motto.contains(&long[1..])), true),
            (with(team::motto.starts_with(longer.clone())), false),
            (with(team::motto.ends_with(long.clone())), true),
            (with(team::motto.is_in([longer.as_str(), &long])), true),
            (with(team::motto.lt(longer.as_str())), true),
        ] {
            assert_eq!(context.realise(group.exists()).unwrap(), there);
        }
        assert!(format!("{:?}", with(team::motto.eq(long.as_str()))).len() < 200);
        let explained = context.explain(with(team::motto.eq(long.as_str())).view::<TeamName>()).unwrap().to_string();
        assert!(explained.len() < 1_000);
        assert_eq!(context.realise(Teams::all()).unwrap()[0].motto.as_deref(), Some(long.as_str()));
    }
    for mut fresh in [stores::memory(), stores::sqlite(TABLES)] {
        let mut context = fresh.context();
        context.insert(&Team { name: long.clone(), motto: None }).unwrap();
        let member =
            |id| Member { id, name: String::new(), rank: None, team_name: Some(long.clone()), manager_id: None };
        context.insert_all(&[member(1), member(2)]).unwrap();
        let cards = context.realise(Members::all().view::<MemberCard>()).unwrap();
        assert!(cards.iter().all(|card| card.team.as_ref().is_some_and(|team| team.name.len() == long.len())));
        assert!(Arc::ptr_eq(cards[0].team.as_ref().unwrap(), cards[1].team.as_ref().unwrap()));
        let words = fault(context.insert(&Team { name: long.clone(), motto: None })).1.to_string();
        assert!(words.len() < 300, "{words}");
    }
    let mut fresh = stores::sqlite(TABLES);
    loose(&mut fresh);
    fresh.execute("INSERT INTO members (id, name, rank) VALUES (1, '', printf('%.*c', 10485760, 'x'))");
    let found = errors(&mut fresh, Members::all());
    assert!(found[0].to_string().len() < 300, "shortened");
}

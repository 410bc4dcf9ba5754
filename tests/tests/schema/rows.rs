//! What the tables keep, and what they refuse.

use super::domain::*;
use super::{create, databases, try_execute, with};
use chrono::{DateTime, NaiveDate, NaiveTime};
use persist::schema::Schema;
use persist::{Context, Error, Fault, entities};
use persist_tests::tracker::{self, Thing};
use uuid::Uuid;

fn person(context: &mut Context<'_>, nick: &str) -> i32 {
    let home = Some(Home { street: "1 High Street".into(), city: "Bonn".into() });
    let mut person = Person { id: 0, nick: nick.into(), home, team_id: None };
    context.create(&mut person).unwrap();
    assert_eq!(context.realise(People::from_keys([person.id])).unwrap(), [person.clone()]);
    person.id
}

fn bug(owner_id: i32) -> Bug {
    Bug {
        id: 0,
        title: "Crash on resume".into(),
        created: Default::default(),
        owner_id,
        assignee_id: None,
        duplicate_of: None,
        distro_code: None,
        label: None,
        token: Uuid::nil(),
    }
}

#[test]
fn graphs_are_kept_and_what_is_generated_is_made() {
    for mut fresh in with(ENTITIES) {
        let name = fresh.name();
        let mut context = fresh.context();
        let (ada, grace) = (person(&mut context, "ada"), person(&mut context, "Ada"));
        assert_ne!(ada, grace, "{name}");
        context.insert(&Label { name: "ui".into() }).unwrap();
        context.insert(&Distro { id: 1, code: "deb".into(), series: "sid".into() }).unwrap();
        let mut first = Bug { assignee_id: Some(grace), ..bug(ada) };
        context.create(&mut first).unwrap();
        let now = chrono::Utc::now().naive_utc();
        assert!((now - first.created).abs() < chrono::Duration::seconds(30), "{name}: {} at {now}", first.created);
        assert_ne!(first.token, Uuid::nil(), "{name}");
        // It is in the form in which it is looked for.
        let same = Bugs::all().filter(super::domain::bug::created.eq(first.created));
        assert_eq!(context.realise(same.count()).unwrap(), 1, "{name}");
        let mut second = Bug {
            title: "Again".into(),
            duplicate_of: Some(first.id),
            distro_code: Some("deb".into()),
            label: Some("ui".into()),
            ..bug(ada)
        };
        context.create(&mut second).unwrap();
        assert_ne!(first.token, second.token, "{name}");
        context.insert(&BugLabel { bug_id: first.id, label: "ui".into() }).unwrap();
        context.insert(&Comment { bug_id: first.id, nth: 1, body: "b".repeat(100_000), hash: vec![0; 200] }).unwrap();
        context.insert(&Vote { bug_id: first.id, nth: 1, person_id: grace, up: true }).unwrap();
        assert_eq!(context.realise(Bugs::all()).unwrap(), [first, second], "{name}");
    }
}

fn fault(error: Error) -> String {
    match error {
        Error::Store(error) => match error.fault() {
            Fault::Duplicate(_) => "duplicate".into(),
            Fault::ForeignKey(_) => "foreign key".into(),
            Fault::NotNull(_) => "not null".into(),
            other => format!("{other:?}"),
        },
        other => format!("{other:?}"),
    }
}

#[test]
fn constraints_refuse_what_entities_rule_out() {
    for mut fresh in with(ENTITIES) {
        let name = fresh.name();
        fresh.execute("INSERT INTO people (id, nick) VALUES (1, 'ada'), (2, 'grace')");
        fresh.execute("INSERT INTO bugs (title, owner_id) VALUES ('one', 1)");
        for (why, sql) in [
            ("unique nick", "INSERT INTO people (id, nick) VALUES (3, 'ada')"),
            ("unique of the other entity", "INSERT INTO bugs (title, owner_id) VALUES ('one', 1)"),
            ("no owner", "INSERT INTO bugs (title, owner_id) VALUES ('two', 9)"),
            ("owner is not NULL", "INSERT INTO bugs (title, owner_id) VALUES ('two', NULL)"),
            ("no distro of this code", "INSERT INTO bugs (title, owner_id, distro_code) VALUES ('two', 1, 'x')"),
            (
                "the bug is there for its comments",
                "INSERT INTO comments (bug_id, nth, body, hash) VALUES (9, 1, '', '')",
            ),
            ("a restricted row stays", "DELETE FROM people WHERE id = 1"),
        ] {
            assert!(try_execute(&mut fresh, sql).is_err(), "{name}: {why}");
        }
        // Without persist, databases do as the entities say of deleted rows.
        let id = "(SELECT id FROM (SELECT id FROM bugs) b)";
        fresh.execute("UPDATE bugs SET assignee_id = 2");
        fresh.execute("DELETE FROM people WHERE id = 2");
        fresh.execute(&format!("INSERT INTO comments (bug_id, nth, body, hash) VALUES ({id}, 1, '', '')"));
        fresh.execute("DELETE FROM bugs");
        assert_eq!((fresh.rows_of("comments"), fresh.rows_of("people")), (0, 1), "{name}");
    }
}

#[test]
fn what_is_unique_and_what_is_missing_are_typed_errors() {
    for mut fresh in with(ENTITIES) {
        let name = fresh.name();
        let mut context = fresh.context();
        let ada = person(&mut context, "ada");
        let mut twin = Person { id: 0, nick: "ada".into(), home: None, team_id: None };
        let error = context.create(&mut twin).unwrap_err();
        assert_eq!(fault(error), "duplicate", "{name}");
        let error = context.create(&mut bug(ada + 1)).unwrap_err();
        assert_eq!(fault(error), "foreign key", "{name}");
        context.create(&mut bug(ada)).unwrap();
    }
}

/// Values at the ends of their types, as far as all databases have them.
fn thing(id: i64, most: bool) -> Thing {
    let day = NaiveDate::from_ymd_opt(if most { 9999 } else { 1 }, 12, 31).unwrap();
    let time = if most { NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999).unwrap() } else { NaiveTime::MIN };
    let least = rust_decimal::Decimal::from_i128_with_scale(-1, 28);
    Thing {
        id,
        truth: most,
        small: if most { i16::MAX } else { i16::MIN },
        whole: if most { i32::MAX } else { i32::MIN },
        big: if most { i64::MAX } else { i64::MIN },
        single: if most { f32::MAX } else { 0.1 },
        double: if most { f64::MAX } else { 1.0 / 3.0 },
        text: if most { "\u{10FFFF}\u{1F600}'\"\\ ".repeat(10_000) } else { String::new() },
        bytes: if most { (0..=255).cycle().take(100_000).collect() } else { Vec::new() },
        day,
        time,
        moment: day.and_time(time),
        zoned: day.and_time(time).and_utc(),
        uuid: if most { Uuid::max() } else { Uuid::nil() },
        exact: if most { rust_decimal::Decimal::MAX } else { least },
        json: serde_json::json!({ "a": [1.5, null, { "b": most }] }),
        maybe_text: most.then(|| "007 ".into()),
        maybe_whole: most.then_some(0),
        maybe_exact: most.then(|| "12.50".parse().unwrap()),
        maybe_moment: most.then(|| DateTime::UNIX_EPOCH.naive_utc()),
        maybe_bytes: most.then(|| vec![0]),
    }
}

#[test]
fn every_kind_of_scalar_is_kept_as_it_is() {
    for mut fresh in with(entities![Thing]) {
        let name = fresh.name();
        let mut context = fresh.context();
        let things = [thing(1, true), thing(2, false)];
        context.insert_all(&things).unwrap();
        assert_eq!(context.realise(tracker::Things::all()).unwrap(), things, "{name}");
    }
}

#[test]
fn tables_whose_rows_refer_to_nothing_are_made_without_foreign_keys() {
    for mut fresh in databases() {
        create(&mut fresh, &Schema::of(entities![Bug]).without_foreign_keys()).unwrap();
        fresh.context().create(&mut bug(404)).unwrap();
        assert_eq!(fresh.rows_of("bugs"), 1);
    }
}

/// Two of one code, which a foreign key would ask to be unique.
#[test]
fn what_rows_refer_to_is_unique_for_foreign_keys_alone() {
    let distro = |id: i16| Distro { id, code: "d".into(), series: format!("{id}") };
    for mut fresh in databases() {
        create(&mut fresh, &Schema::of(entities![Distro, Bug]).without_foreign_keys()).unwrap();
        fresh.context().insert_all(&[distro(1), distro(2)]).unwrap();
        assert_eq!(fresh.rows_of("distros"), 2);
    }
    for mut fresh in with(ENTITIES) {
        let twice = fresh.context().insert_all(&[distro(1), distro(2)]).unwrap_err();
        assert!(matches!(twice.store().unwrap().fault(), Fault::Duplicate(_)), "{}: {twice}", fresh.name());
    }
}

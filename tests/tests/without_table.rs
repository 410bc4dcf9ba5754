//! Entities that name a table and declare none: the types of its columns are those of the fields.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use persist::prelude::*;
use persist::schema::Schema;
use persist::{ColumnType, Json, Raw, Scalar, Table, Typed, Unfit, Value, entities};
use persist_tests::stores::{self, Fresh};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Scalar)]
struct PersonId(i32);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Scalar)]
enum State {
    Open,
    Closed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Scalar)]
#[scalar(integer = i16)]
enum Level {
    Low = 1,
    High = 9,
}

/// A scalar by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Percent(u8);

impl Scalar for Percent {
    fn read(raw: Raw<'_>) -> Result<Self, Unfit> {
        let found = raw.integer()?;
        u8::try_from(found).map(Self).map_err(|_| Unfit::value("a percentage", found))
    }

    fn to_value(&self) -> Value {
        Value::Int(self.0.into())
    }
}

impl Typed for Percent {
    const TYPE: ColumnType = ColumnType::SmallInt;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Meta {
    browser: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Embedded)]
struct Place {
    city: String,
    zip: Option<i32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Embedded)]
struct Home {
    street: String,
    #[embedded(embed)]
    place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = "people", group = People, has_many(bugs: Bug, by = owner))]
struct Person {
    #[entity(key)]
    id: PersonId,
    name: String,
    #[entity(embed(street = home_street, place: Place(city = home_city, zip = home_zip)))]
    home: Home,
    #[entity(embed(street = work_street, place: Place(city = work_city, zip = work_zip)))]
    work: Option<Home>,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = "bugs", unique(token), has_many(subscriptions: Subscription))]
struct Bug {
    #[entity(key, generated)]
    id: i64,
    title: String,
    #[entity(belongs_to(owner: Person))]
    owner_id: PersonId,
    #[entity(belongs_to(assignee: Person))]
    assignee_id: Option<PersonId>,
    state: State,
    level: Option<Level>,
    done: Percent,
    token: Uuid,
    #[entity(column = what)]
    r#type: String,
    truth: bool,
    small: i16,
    single: f32,
    double: f64,
    bytes: Vec<u8>,
    day: NaiveDate,
    time: NaiveTime,
    moment: NaiveDateTime,
    zoned: DateTime<Utc>,
    exact: rust_decimal::Decimal,
    json: serde_json::Value,
    meta: Option<Json<Meta>>,
    #[entity(transient)]
    seen: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = "sub scriptions", schema = "persist_without_table")]
struct Subscription {
    #[entity(key, belongs_to(bug: Bug))]
    bug_id: i64,
    #[entity(key, belongs_to(person: Person))]
    person_id: PersonId,
}

#[derive(Debug, PartialEq, View)]
#[view(of = Bug)]
struct BugLine {
    title: String,
    owner: Arc<PersonName>,
    assignee: Option<Arc<PersonName>>,
}

#[derive(Debug, PartialEq, Eq, View)]
#[view(of = Person)]
struct PersonName {
    name: String,
    home: Home,
}

fn home(street: &str) -> Home {
    Home { street: street.into(), place: Place { city: "Bonn".into(), zip: Some(53_111) } }
}

fn new_bug() -> Bug {
    let moment = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap().and_hms_micro_opt(23, 59, 59, 999_999).unwrap();
    Bug {
        id: 0,
        title: "Crash on resume".into(),
        owner_id: PersonId(1),
        assignee_id: None,
        state: State::Open,
        level: Some(Level::High),
        done: Percent(50),
        token: Uuid::from_u128(7),
        r#type: "fault".into(),
        truth: true,
        small: -1,
        single: 0.1,
        double: 0.1,
        bytes: vec![0, 255],
        day: moment.date(),
        time: moment.time(),
        moment,
        zoned: moment.and_utc(),
        exact: "12.50".parse().unwrap(),
        json: serde_json::json!({ "a": [1, null] }),
        meta: Some(Json(Meta { browser: "Links".into() })),
        seen: false,
    }
}

const ENTITIES: &[&Table] = entities![Bug, Person];

/// Stores with the tables of these entities, made from them.
fn every() -> Vec<Fresh> {
    let databases = std::iter::once(stores::sqlite(&[])).chain(stores::postgres(&[])).chain(stores::mysql(&[]));
    let databases = databases.map(|mut fresh| {
        match &mut fresh {
            Fresh::Sqlite(connection) => Schema::create(connection, ENTITIES).unwrap(),
            Fresh::Postgres(postgres) => Schema::create(&mut postgres.connection, ENTITIES).unwrap(),
            Fresh::Mysql(mysql) => Schema::create(&mut mysql.connection, ENTITIES).unwrap(),
            _ => panic!("another store"),
        }
        fresh
    });
    std::iter::once(stores::memory()).chain(databases).collect()
}

#[test]
fn they_are_stored_read_and_edited_as_any() {
    for mut fresh in every() {
        let name = fresh.name();
        let mut context = fresh.context();
        let ada = Person { id: PersonId(1), name: "Ada".into(), home: home("High Street"), work: None };
        let grace = Person { id: PersonId(2), name: "Grace".into(), home: home("Mill Lane"), work: Some(home("Dock")) };
        context.insert_all(&[ada.clone(), grace.clone()]).unwrap();
        assert_eq!(context.realise(People::all()).unwrap(), [ada, grace], "{name}");
        let mut first = new_bug();
        context.create(&mut first).unwrap();
        let mut bug = context.edit::<Bug>(first.id).unwrap();
        assert_eq!(*bug, first, "{name}");
        bug.assignee_id = Some(PersonId(2));
        bug.state = State::Closed;
        bug.meta = None;
        context.save(&mut bug).unwrap();
        let closed =
            Bugs::all().filter(bug::state.eq(State::Closed) & bug::r#type.eq("fault") & bug::done.ge(Percent(50)));
        let lines = context.realise(closed.view::<BugLine>()).unwrap();
        assert_eq!(lines[0].assignee.as_ref().unwrap().name, "Grace", "{name}");
        let by_city = People::all().filter(person::home.place.city.eq("Bonn") & person::work.street.is_null());
        assert_eq!(context.realise(by_city.bugs().count()).unwrap(), 1, "{name}");
    }
}

#[test]
fn columns_have_the_types_of_their_fields() {
    use ColumnType as Type;
    let types: Vec<_> = Bug::TABLE.columns.iter().map(|column| (column.name, column.ty, column.nullable)).collect();
    assert_eq!(
        types,
        [
            ("id", Type::BigInt, false),
            ("title", Type::Text, false),
            ("owner_id", Type::Integer, false),
            ("assignee_id", Type::Integer, true),
            ("state", Type::Text, false),
            ("level", Type::SmallInt, true),
            ("done", Type::SmallInt, false),
            ("token", Type::Uuid, false),
            ("what", Type::Text, false),
            ("truth", Type::Bool, false),
            ("small", Type::SmallInt, false),
            ("single", Type::Float, false),
            ("double", Type::Double, false),
            ("bytes", Type::Binary, false),
            ("day", Type::Date, false),
            ("time", Type::Time, false),
            ("moment", Type::Timestamp, false),
            ("zoned", Type::TimestampTz, false),
            ("exact", Type::Decimal, false),
            ("json", Type::Jsonb, false),
            ("meta", Type::Jsonb, true),
        ]
    );
    let homes: Vec<_> =
        Person::TABLE.columns[2..].iter().map(|column| (column.name, column.ty, column.nullable)).collect();
    assert_eq!(
        homes,
        [
            ("home_street", Type::Text, false),
            ("home_city", Type::Text, false),
            ("home_zip", Type::Integer, true),
            ("work_street", Type::Text, true),
            ("work_city", Type::Text, true),
            ("work_zip", Type::Integer, true),
        ]
    );
    assert_eq!(
        (Subscription::TABLE.name, Subscription::TABLE.schema),
        ("sub scriptions", Some("persist_without_table"))
    );
}

#[test]
fn they_may_stand_in_a_function() {
    #[derive(Debug, Clone, PartialEq, Eq, Entity)]
    #[entity(table = "tags")]
    struct Tag {
        #[entity(key)]
        id: i32,
        kind: Kind,
    }
    #[derive(Debug, Clone, PartialEq, Eq, Scalar)]
    enum Kind {
        Good,
    }
    let memory = persist::MemoryStore::new();
    let mut context = persist::Context::memory(&memory);
    context.insert(&Tag { id: 1, kind: Kind::Good }).unwrap();
    assert_eq!(context.realise(Tags::all().filter(tag::kind.eq(Kind::Good))).unwrap().len(), 1);
}

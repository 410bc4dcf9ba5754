//! What the memory store accepts, refuses, shows and hides.

use super::{MemorySession, MemoryStore};
use crate::edit::Insert;
use crate::engine::{Fetch, Output};
use crate::entity::{ColumnDef, ColumnType, Decimal, Table, Value};
use crate::group::{Condition, KeySet, Select};
use crate::store::fixture::*;
use crate::store::{Fault, Snapshot, Store};
use std::sync::Arc;

fn insert(session: &mut MemorySession, table: &'static Table, rows: Vec<Vec<Value>>) -> Result<(), Fault> {
    session.insert(&Insert::new(table, rows)).map_err(|error| error.fault().clone())
}

fn read(session: &mut MemorySession, select: Select, columns: &[ColumnDef]) -> Vec<Vec<Value>> {
    collect(columns.len(), |sink| session.fetch(&columns_of(select, columns), sink)).unwrap()
}

fn count(session: &mut MemorySession, table: &'static Table) -> Value {
    let fetch = Fetch::new(Arc::new(Select::all(table)), Output::count());
    let rows = collect(1, |sink| session.fetch(&fetch, sink)).unwrap();
    rows.into_iter().flatten().next().unwrap()
}

#[test]
fn handles_go_between_threads() {
    fn shared<T: Send + Sync + Clone + Default + 'static>() {}
    fn sent<T: Store + 'static>() {}
    shared::<MemoryStore>();
    sent::<MemorySession>();

    let memory = MemoryStore::new();
    std::thread::scope(|scope| {
        for id in 0..4 {
            let mut session = memory.session();
            scope.spawn(move || insert(&mut session, &PEOPLE, vec![row![id, "n", null]]).unwrap());
        }
    });
    assert_eq!(count(&mut memory.session(), &PEOPLE), Value::Int(4));
    assert_eq!(format!("{memory:?}"), "MemoryStore { rows: {\"people\": 4} }");
}

#[test]
fn a_table_is_empty_until_written() {
    let session = &mut MemoryStore::new().session();
    assert_eq!(count(session, &BUGS), Value::Int(0));
    let ordered = Select { order: vec![asc(HEAT)], ..Select::all(&BUGS) };
    assert_eq!(read(session, ordered, &[ID, TITLE]), Vec::<Vec<Value>>::new());
    insert(session, &BUGS, vec![row![2, "two", null, null], row![1, "one", 3, null]]).unwrap();
    assert_eq!(read(session, Select::all(&BUGS), &[ID, HEAT]), [row![1, 3], row![2, null]]);
}

#[test]
fn a_key_is_taken_once() {
    let session = &mut MemoryStore::new().session();
    insert(session, &BUGS, vec![row![1, "one", null, null]]).unwrap();
    let taken = Err(Fault::Duplicate("id".into()));
    assert_eq!(insert(session, &BUGS, vec![row![1, "again", null, null]]), taken);
    let twice = vec![row![2, "two", null, null], row![2, "too", null, null]];
    assert_eq!(insert(session, &BUGS, twice), taken);
    assert_eq!(read(session, Select::all(&BUGS), &[ID, TITLE]), [row![1, "one"]], "all or none");
}

#[test]
fn a_composite_key_is_taken_as_a_whole() {
    let session = &mut MemoryStore::new().session();
    insert(session, &SUBSCRIPTIONS, vec![row![1, 10, null], row![1, 11, null], row![2, 10, null]]).unwrap();
    let again = insert(session, &SUBSCRIPTIONS, vec![row![1, 12, null], row![2, 10, 5]]);
    assert_eq!(again, Err(Fault::Duplicate("bug_id, person_id".into())));
    assert_eq!(count(session, &SUBSCRIPTIONS), Value::Int(3));
    let part = insert(session, &SUBSCRIPTIONS, vec![row![3, null, 1]]);
    assert_eq!(part, Err(Fault::NotNull("person_id".into())), "a part of the key, even where the column is nullable");
}

#[test]
fn an_insert_is_all_or_none() {
    let session = &mut MemoryStore::new().session();
    let rows = vec![row![1, "one", null, null], row![2, null, null, null]];
    assert_eq!(insert(session, &BUGS, rows), Err(Fault::NotNull("title".into())));
    let rows = vec![row![1, "one", null, null], row![2, "two"]];
    let width = Fault::Unfit("a row of `bugs` has 4 columns, not 2".into());
    assert_eq!(insert(session, &BUGS, rows), Err(width));
    assert_eq!(count(session, &BUGS), Value::Int(0));
    insert(session, &BUGS, vec![]).unwrap();
}

#[test]
fn a_snapshot_sees_one_state() {
    let memory = MemoryStore::new();
    let (mut reader, mut writer) = (memory.session(), memory.session());
    insert(&mut writer, &PEOPLE, vec![row![1, "Ann", null]]).unwrap();
    assert_eq!(reader.begin_snapshot().unwrap(), Snapshot::Taken);
    insert(&mut writer, &PEOPLE, vec![row![2, "Bob", null]]).unwrap();
    insert(&mut writer, &BUGS, vec![row![1, "one", null, null]]).unwrap();
    assert_eq!(count(&mut reader, &PEOPLE), Value::Int(1));
    assert_eq!(count(&mut reader, &BUGS), Value::Int(0));
    assert_eq!(count(&mut writer, &PEOPLE), Value::Int(2));

    assert_eq!(reader.begin_snapshot().unwrap(), Snapshot::Taken);
    insert(&mut reader, &PEOPLE, vec![row![3, "Cem", null]]).unwrap();
    reader.end_snapshot().unwrap();
    assert_eq!(count(&mut reader, &PEOPLE), Value::Int(1), "the outer one goes on");
    assert_eq!(count(&mut writer, &PEOPLE), Value::Int(3));
    reader.end_snapshot().unwrap();
    assert_eq!(count(&mut reader, &PEOPLE), Value::Int(3));
}

#[test]
fn a_key_taken_behind_a_snapshot_is_taken() {
    let memory = MemoryStore::new();
    let (mut one, mut other) = (memory.session(), memory.session());
    one.begin_snapshot().unwrap();
    insert(&mut other, &PEOPLE, vec![row![1, "Ann", null]]).unwrap();
    assert_eq!(insert(&mut one, &PEOPLE, vec![row![1, "Bob", null]]), Err(Fault::Duplicate("id".into())));
}

#[test]
fn entities_share_a_table_by_column_name() {
    static SHORT: Table = table("BugHeat", "bugs", &[HEAT, ID], &[ID]);
    static SLUGGED: Table = table("BugByTitle", "bugs", &[ID, TITLE, HEAT, ASSIGNEE], &[TITLE]);
    static SWAPPED: Table = table("Subscriber", "subscriptions", &[PERSON, BUG], &[PERSON, BUG]);
    let session = &mut MemoryStore::new().session();
    insert(session, &SHORT, vec![row![7, 1]]).unwrap();
    insert(session, &BUGS, vec![row![2, "two", 5, 10]]).unwrap();
    insert(session, &SHORT, vec![row![9, 3]]).unwrap();
    let all = [row![1, null, 7, null], row![2, "two", 5, 10], row![3, null, 9, null]];
    assert_eq!(read(session, Select::all(&BUGS), BUGS.columns), all);
    let none = Select::matching(&BUGS, Condition::IsNull(TITLE));
    assert_eq!(read(session, none, &[ID]), [row![1], row![3]]);
    assert_eq!(insert(session, &BUGS, vec![row![3, "three", 5, 10]]), Err(Fault::Duplicate("id".into())));

    let other = insert(session, &SLUGGED, vec![row![4, "four", 5, 10]]);
    assert_eq!(other, Err(Fault::Unsupported("key `bugs` by title: its rows are keyed by id".into())));

    insert(session, &SUBSCRIPTIONS, vec![row![1, 10, 5]]).unwrap();
    insert(session, &SWAPPED, vec![row![1, 10]]).unwrap();
    let again = insert(session, &SWAPPED, vec![row![10, 1]]);
    assert_eq!(again, Err(Fault::Duplicate("person_id, bug_id".into())));
}

#[test]
fn a_schema_is_part_of_the_name() {
    static OTHER: Table = Table { schema: Some("archive"), ..table("OldBug", "bugs", &[ID], &[ID]) };
    let session = &mut MemoryStore::new().session();
    insert(session, &OTHER, vec![row![1]]).unwrap();
    assert_eq!(count(session, &BUGS), Value::Int(0));
    assert_eq!(count(session, &OTHER), Value::Int(1));
}

#[test]
fn a_refused_insert_does_not_choose_the_key() {
    static BY_TITLE: Table = table("BugByTitle", "bugs", &[TITLE], &[TITLE]);
    let session = &mut MemoryStore::new().session();
    insert(session, &BY_TITLE, vec![row!["a"], row!["a"]]).unwrap_err();
    insert(session, &BUGS, vec![row![1, "a", null, null]]).unwrap();
}

#[test]
fn a_column_holds_its_own_kind() {
    let column = |ty| ColumnDef { name: "it", ty, nullable: false, value: ID.value };
    let ty = |ty, value: Value| crate::store::keep::fits::check_value(&column(ty), &value);
    let time = 86_400_000_000;
    for (kind, good, bad) in [
        (ColumnType::Bool, Value::Bool(true), Value::Int(1)),
        (ColumnType::SmallInt, Value::Int(-32_768), Value::Int(32_768)),
        (ColumnType::Integer, Value::Int(i32::MAX.into()), Value::Int(i64::from(i32::MIN) - 1)),
        (ColumnType::BigInt, Value::Int(i64::MIN), Value::Float(1.0)),
        (ColumnType::Float, Value::Float(0.1_f32.into()), Value::Float(0.1)),
        (ColumnType::Float, Value::Float(f64::INFINITY), Value::Float(1e300)),
        (ColumnType::Double, Value::Float(f64::NAN), Value::Int(1)),
        (ColumnType::Text, Value::from(""), Value::Json("{}".into())),
        (ColumnType::Binary, Value::Bytes(vec![]), Value::from("")),
        (ColumnType::Date, Value::Date(0), Value::Timestamp(0)),
        (ColumnType::Time, Value::Time(time - 1), Value::Time(time)),
        (ColumnType::Timestamp, Value::Timestamp(0), Value::Time(0)),
        (ColumnType::TimestampTz, Value::Timestamp(0), Value::Int(0)),
        (ColumnType::Uuid, Value::Uuid([0; 16]), Value::Bytes(vec![0; 16])),
        (ColumnType::Decimal, Value::Decimal(Decimal::new(1, 0)), Value::Float(1.0)),
        (ColumnType::Json, Value::Json("{}".into()), Value::from("{}")),
        (ColumnType::Jsonb, Value::Json("{}".into()), Value::from("{}")),
    ] {
        assert_eq!(ty(kind, good), Ok(()), "{kind:?}");
        assert!(matches!(ty(kind, bad), Err(Fault::Unfit(_))), "{kind:?}");
        assert_eq!(ty(kind, Value::Null), Err(Fault::NotNull("it".into())), "{kind:?}");
    }
    let message = ty(ColumnType::SmallInt, Value::Int(70_000)).unwrap_err().to_string();
    assert_eq!(message, "`it` holds an integer of 16 bits, not an integer (70000)");
}

#[test]
fn a_panic_elsewhere_does_not_close_the_store() {
    let memory = MemoryStore::new();
    insert(&mut memory.session(), &PEOPLE, vec![row![1, "Ann", null]]).unwrap();
    let poisoner = memory.clone();
    let panicked = std::thread::spawn(move || {
        let _held = poisoner.tables.write().unwrap();
        panic!("on purpose");
    });
    panicked.join().unwrap_err();
    insert(&mut memory.session(), &PEOPLE, vec![row![2, "Bob", null]]).unwrap();
    assert_eq!(count(&mut memory.session(), &PEOPLE), Value::Int(2));
}

/// Would not end in the lifetime of the test if any of it were quadratic.
#[test]
fn a_hundred_thousand_rows_are_no_matter() {
    const MANY: i32 = 100_000;
    let session = &mut MemoryStore::new().session();
    let rows = (0..MANY).map(|id| row![id, "title", (id % 7), (id / 2)]).collect();
    insert(session, &BUGS, rows).unwrap();
    insert(session, &PEOPLE, (0..MANY).map(|id| row![id, "name", null]).collect()).unwrap();

    let ids = || (0..MANY).map(Value::from).collect::<Vec<_>>();
    let keys = Condition::InKeys { columns: vec![ID], keys: Arc::new(KeySet::new(1, ids())) };
    let assigned = within(&[ID], vec![(Select::matching(&BUGS, keys), &[ASSIGNEE])]);
    assert_eq!(read(session, Select::matching(&PEOPLE, assigned), &[ID]).len(), 50_000);

    let select = Select { order: vec![desc(HEAT)], ..Select::all(&BUGS) };
    let keyed = columns_of(select, &[ID]).keyed(vec![ASSIGNEE], KeySet::new(1, ids()));
    assert_eq!(collect(1, |sink| session.fetch(&keyed, sink)).unwrap().len(), 100_000);
    let counted = Fetch { output: Output::count(), ..keyed };
    assert_eq!(collect(2, |sink| session.fetch(&counted, sink)).unwrap().len(), 50_000);

    session.begin_snapshot().unwrap();
    for id in MANY..MANY + 1_000 {
        insert(session, &PEOPLE, vec![row![id, "one by one", null]]).unwrap();
    }
    assert_eq!(count(session, &PEOPLE), Value::from(MANY));
}

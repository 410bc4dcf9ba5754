//! What the derives make of the shared domain, without any store.
#![allow(missing_docs, reason = "tests")]

use persist::prelude::*;
use persist::{CellError, Collation, Raw, Reader, Scalar as _, Unfit, Value};
use persist_tests::*;

#[test]
fn tables_are_data() {
    let table = Bug::TABLE;
    assert_eq!((table.entity, table.name, table.schema, table.collation), ("Bug", "bugs", None, Collation::Portable));
    let columns: Vec<_> = table.columns.iter().map(|column| format!("{column:?}")).collect();
    let expected = [
        "id: Integer",
        "title: Text",
        "heat: Integer",
        "status: Text",
        "importance: SmallInt NULL",
        "distro_id: Integer",
        "assignee_id: Integer NULL",
    ];
    assert_eq!(columns, expected);
    assert_eq!(table.key, [bug::id.def()]);
}

#[test]
fn names_can_be_chosen() {
    assert_eq!((Person::TABLE.name, Person::TABLE.collation), ("persons", Collation::Native));
    assert_eq!(person::name.name(), "nick");
    assert_eq!(BugSubscription::TABLE.schema, Some("launchpad"));
    assert_eq!(comment::r#type.name(), "type");
}

#[test]
fn a_key_may_have_parts() {
    let subscription = BugSubscription { bug_id: 1, person_id: PersonId(2) };
    assert_eq!(subscription.key(), (1, PersonId(2)));
    assert_eq!(BugSubscription::TABLE.key.len(), 2);
}

fn a_bug() -> Bug {
    Bug {
        id: 1,
        title: "Crash".to_owned(),
        heat: 6,
        status: Status::FixReleased,
        importance: Some(Importance::Critical),
        distro_id: 3,
        assignee_id: None,
        dirty: true,
    }
}

#[test]
fn values_are_the_stored_fields() {
    let values: Vec<_> = a_bug().values().iter().map(ToString::to_string).collect();
    assert_eq!(values, ["1", "\"Crash\"", "6", "\"Fix Released\"", "21", "3", "NULL"]);
}

fn decode<V: View>(values: &[Value]) -> Result<V::Partial, CellError> {
    let places: Vec<u16> = (0..).take(values.len()).collect();
    V::decode(&mut Reader::new(&values, &places))
}

#[test]
fn a_row_comes_back_without_what_is_not_stored() {
    let bug = decode::<Bug>(&a_bug().values()).unwrap();
    assert_eq!(bug, Bug { dirty: false, ..a_bug() });
}

#[test]
fn decoding_is_strict() {
    assert!(decode::<BugLine>(&[Value::Int(1), Value::Null]).is_err());
    assert!(decode::<BugLine>(&[Value::Int(1)]).is_err());
    assert!(decode::<BugLine>(&[Value::Int(i64::MAX), "x".into()]).is_err());
}

#[test]
fn enums_are_text_or_integers() {
    assert_eq!(Status::read(Raw::of(&"in_progress".into())), Ok(Status::InProgress));
    let unfit = Status::read(Raw::of(&"Done".into())).unwrap_err();
    assert_eq!(unfit.to_string(), "expected one of `new`, `in_progress`, `Fix Released`, found \"Done\"");
    assert_eq!(Importance::read(Raw::of(&Value::Int(21))), Ok(Importance::Critical));
    let unfit = Importance::read(Raw::of(&Value::Int(22))).unwrap_err();
    let words = "expected the number of one of `Low`, `High`, `Critical`, found 22";
    assert_eq!(unfit.to_string(), words);
    assert_eq!(Importance::read(Raw::of(&Value::Null)), Err(Unfit::Null));
}

#[test]
fn relations_know_both_ends() {
    let relation = mail::subscription.def();
    assert_eq!(format!("{relation:?}"), "Mail.subscription to BugSubscription");
    assert_eq!(relation.local, [mail::bug_id.def(), mail::person_id.def()]);
    assert_eq!(relation.remote, BugSubscription::TABLE.key);
    let back = bug_subscription::mails.def();
    assert_eq!((back.local, back.remote), (relation.remote, relation.local));
    let through = bug::subscribers.def();
    let link = through.link.unwrap();
    assert_eq!((link.near[0].name, link.far[0].name), ("bug_id", "person_id"));
    assert!(through.to.is(Person::TABLE));
}

#[test]
fn statements_are_counted_at_compile_time() {
    const STATEMENTS: usize = HotBug::STATEMENTS;
    assert_eq!((STATEMENTS, HotBug::ROUNDS), (6, 3));
    assert_eq!((Bug::STATEMENTS, BugLine::STATEMENTS, DistroBugs::STATEMENTS), (1, 1, 2));
}

#[test]
fn plans_are_text() {
    let expected = "\
HotBug of Bug: at most 6 statements, 3 rounds
round 1
  1. bugs: the group
       for HotBug: HotBug
round 2
  2. distros by id
       for HotBug.distro: DistroName
  3. comments by bug_id, 3 per Bug, order by created desc, id
       for HotBug.comments: CommentLine
  4. bug_subscriptions by bug_id
       for HotBug.subscribers: links
  5. bug_subscriptions: aggregates by bug_id
       for HotBug.subscriber_count: count
round 3
  6. persons by id
       for HotBug.assignee: PersonCard
       for HotBug.comments.author: PersonCard
       for HotBug.subscribers: PersonCard
";
    assert_eq!(HotBug::plan().to_string(), expected);
}

#[test]
fn groups_say_what_they_are() {
    let bugs = Distros::all().filter(distro::name.eq("ubuntu")).hot_bugs(20);
    let expected = r#"Bugs(bugs where distro_id in (id of distros where name = "ubuntu") order by heat desc limit 20)"#;
    assert_eq!(format!("{bugs:?}"), expected);
}

#[test]
fn groups_join() {
    let bugs = Bugs::from_keys([1, 2]);
    let people = bugs.subscribers() | bugs.assignees() | &bugs.comments().authors();
    let _: People = people.clone();
    let expected = "People(persons where id in (person_id of bug_subscriptions where bug_id in (id of bugs where id in 2 keys) \
                    or assignee_id of bugs where id in 2 keys \
                    or author_id of comments where bug_id in (id of bugs where id in 2 keys)))";
    assert_eq!(format!("{people:?}"), expected);
    let _ = (bugs.count(), bugs.exists(), bugs.view::<HotBug>(), bugs.limit(1).offset(1));
    assert_eq!(format!("{:?}", Bugs::of(&[a_bug()])), format!("{:?}", Bugs::from_keys([1])));
    let expected = "BugSubscriptions(bug_subscriptions where bug_id, person_id in (bug_id, person_id of mails))";
    assert_eq!(format!("{:?}", Mails::all().subscriptions()), expected);
}

//! The rewriting, on groups by hand and without any store.

use super::*;
use crate::entity::{Collation, ColumnDef, ColumnType, Rules, Strategy, Unfit, Value};
use crate::group::{Comparison, Link, RelationDef};

const fn column(name: &'static str) -> ColumnDef {
    ColumnDef { name, ty: ColumnType::Integer, nullable: false, value: |_| Err(Unfit::Null) }
}

const fn table(entity: &'static str, name: &'static str, key: &'static [ColumnDef]) -> Table {
    Table { entity, schema: None, name, columns: key, key, collation: Collation::Portable, rules: &Rules::NONE }
}

const ID: ColumnDef = column("id");
const OPEN: ColumnDef = column("open");
const BUG: ColumnDef = column("bug");
const PERSON: ColumnDef = column("person");
static BUGS: Table = table("Bug", "bugs", &[ID]);
static COMMENTS: Table = table("Comment", "comments", &[ID]);
static PEOPLE: Table = table("Person", "people", &[ID]);
static LINKS: Table = table("Link", "links", &[BUG, PERSON]);

static TO_COMMENTS: RelationDef = RelationDef {
    name: "comments",
    from: &BUGS,
    local: &[ID],
    link: None,
    to: &COMMENTS,
    remote: &[BUG],
    filter: None,
    order: &[],
    load: Strategy::Keys,
};
static TO_PEOPLE: RelationDef = RelationDef {
    name: "people",
    from: &BUGS,
    local: &[ID],
    link: Some(Link { table: &LINKS, near: &[BUG], far: &[PERSON], order: &[] }),
    to: &PEOPLE,
    remote: &[ID],
    filter: None,
    order: &[],
    load: Strategy::Keys,
};

fn open(value: i64) -> Condition {
    Condition::Compare { column: OPEN, how: Comparison::Equal, value: Value::Int(value) }
}

fn all(table: &'static Table) -> Arc<Select> {
    Arc::new(Select::all(table))
}

fn opened(table: &'static Table, value: i64) -> Arc<Select> {
    Arc::new(Select::matching(table, open(value)))
}

fn scoped(scopes: &[&Arc<Select>]) -> Scopes {
    let mut all = Scopes::new();
    scopes.iter().for_each(|select| all.narrow_to(select));
    all
}

#[track_caller]
fn check(scopes: &Scopes, select: Select, expected: &str, applied: &[&str]) {
    let (select, names) = scopes.select(&Arc::new(select));
    assert_eq!(select.to_string(), expected);
    assert_eq!(names, applied);
}

#[test]
fn every_table_is_narrowed_at_every_depth() {
    let scopes = scoped(&[&opened(&COMMENTS, 1), &opened(&LINKS, 2)]);
    check(&scopes, Select::all(&BUGS), "bugs", &[]);
    check(&scopes, Select::all(&COMMENTS), "comments where open = 1", &["Comment"]);
    check(&scopes, all(&BUGS).along(&TO_COMMENTS), "comments where bug in (id of bugs) and open = 1", &["Comment"]);
    let people = "people where id in (person of links where bug in (id of bugs) and open = 2)";
    check(&scopes, all(&BUGS).along(&TO_PEOPLE), people, &["Link"]);
    let branch = Projection { select: all(&COMMENTS), columns: vec![BUG] };
    let commented = Condition::InSelect { columns: vec![ID], branches: vec![branch] };
    let none = Condition::Or(vec![Condition::Not(Box::new(commented)), open(3)]);
    let expected = "bugs where not (id in (bug of comments where open = 1)) or open = 3";
    check(&scopes, Select::matching(&BUGS, none), expected, &["Comment"]);
}

#[test]
fn the_filter_counts_before_a_limit() {
    let scopes = scoped(&[&opened(&BUGS, 1)]);
    let first = Select { limit: Some(2), ..Select::all(&BUGS) };
    check(&scopes, first.clone(), "bugs where open = 1 limit 2", &["Bug"]);
    let comments = Arc::new(first.clone()).along(&TO_COMMENTS);
    check(&scopes, comments, "comments where bug in (id of bugs where open = 1 limit 2)", &["Bug"]);
    let mut some = Arc::new(first).open();
    some.narrow(open(7));
    check(&scopes, some, "bugs where id in (id of bugs where open = 1 limit 2) and open = 7", &["Bug"]);
}

#[test]
fn each_branch_of_a_union_is_narrowed() {
    let scopes = scoped(&[&opened(&BUGS, 1), &opened(&PEOPLE, 2)]);
    let (some, more) = (opened(&BUGS, 5), opened(&BUGS, 6));
    let union = Arc::new(some.along(&TO_PEOPLE)).union(&Arc::new(more.along(&TO_PEOPLE)));
    let branch = |n| format!("person of links where bug in (id of bugs where open = {n} and open = 1)");
    let expected = format!("people where id in ({} or {}) and open = 2", branch(5), branch(6));
    check(&scopes, union, &expected, &["Bug", "Person"]);
}

#[test]
fn two_scopes_of_one_table_are_both() {
    let scopes = scoped(&[&opened(&BUGS, 1), &opened(&BUGS, 2)]);
    check(&scopes, Select::all(&BUGS), "bugs where open = 1 and open = 2", &["Bug"]);
    assert!(scopes.without(&BUGS).is_empty());
    assert!(scopes.covers(&BUGS) && !scopes.covers(&PEOPLE));
}

#[test]
fn a_scope_is_not_narrowed_by_itself_and_by_all_others() {
    // Bugs that are talked about; what is said of open bugs.
    let branch = Projection { select: all(&COMMENTS), columns: vec![BUG] };
    let commented = Condition::InSelect { columns: vec![ID], branches: vec![branch] };
    let comments = opened(&BUGS, 1).along(&TO_COMMENTS);
    let scopes = scoped(&[&Arc::new(Select::matching(&BUGS, commented)), &Arc::new(comments)]);
    let bugs = "bugs where id in (bug of comments where bug in (id of bugs where open = 1))";
    check(&scopes, Select::all(&BUGS), bugs, &["Bug", "Comment"]);
    let expected = "comments where bug in (id of bugs where open = 1 and id in (bug of comments))";
    check(&scopes, Select::all(&COMMENTS), expected, &["Bug", "Comment"]);
}

#[test]
fn a_scope_with_a_limit_is_what_it_is_cut_to() {
    let order = vec![OrderBy::desc(OPEN)];
    let newest = Select { order, limit: Some(3), ..Select::all(&COMMENTS) };
    let scopes = scoped(&[&Arc::new(newest)]);
    let expected = "comments where id in (id of comments order by open desc limit 3) limit 1";
    check(&scopes, Select { limit: Some(1), ..Select::all(&COMMENTS) }, expected, &["Comment"]);
}

#[test]
fn another_selection_of_the_table_does_not_stand_for_it() {
    let scopes = scoped(&[&opened(&BUGS, 1)]);
    let branch = |columns| Projection { select: Arc::new(Select { limit: Some(1), ..Select::all(&BUGS) }), columns };
    let by_another = Condition::InSelect { columns: vec![ID], branches: vec![branch(vec![PERSON])] };
    let expected = "bugs where id in (person of bugs where open = 1 limit 1) and open = 1";
    check(&scopes, Select::matching(&BUGS, by_another), expected, &["Bug"]);
    let own = Condition::InSelect { columns: vec![ID], branches: vec![branch(vec![ID])] };
    let either = Condition::Or(vec![own.clone(), open(2)]);
    let expected = "bugs where (id in (id of bugs where open = 1 limit 1) or open = 2) and open = 1";
    check(&scopes, Select::matching(&BUGS, either), expected, &["Bug"]);
    let not = Condition::Not(Box::new(own));
    let expected = "bugs where not (id in (id of bugs where open = 1 limit 1)) and open = 1";
    check(&scopes, Select::matching(&BUGS, not), expected, &["Bug"]);
}

#[test]
fn an_order_sees_of_other_tables_what_is_seen() {
    let scopes = scoped(&[&opened(&COMMENTS, 1), &opened(&PEOPLE, 2), &opened(&LINKS, 3)]);
    let by = |by| OrderBy { by, descending: false };
    let order = vec![by(By::Count(TO_COMMENTS)), by(By::Count(TO_PEOPLE))];
    let expected = "bugs order by count of comments, count of people, looking at comments where open = 1, \
                    looking at links where person in (id of people where open = 2) and open = 3";
    check(&scopes, Select { order, ..Select::all(&BUGS) }, expected, &["Comment", "Link", "Person"]);
}

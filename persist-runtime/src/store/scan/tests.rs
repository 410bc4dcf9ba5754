//! What a fetch means, case by case.

use super::{Rows, TableRows, answer};
use crate::engine::{Fetch, Join, Keyed, Keys, Output};
use crate::entity::{ColumnDef, ColumnType, Table, Value};
use crate::group::{Case, Comparison, Condition, KeySet, Select, TextTest};
use crate::store::fixture::*;
use crate::store::{Fault, StoreError};
use std::cell::Cell;
use std::sync::Arc;

/// Tables as a foreign store might keep them; counts how often it is asked.
struct Stock {
    tables: Vec<(&'static Table, Vec<Vec<Value>>)>,
    scans: Cell<usize>,
}

impl Rows for Stock {
    fn scan<'a>(&'a self, table: &'static Table) -> Result<TableRows<'a>, StoreError> {
        self.scans.set(self.scans.get() + 1);
        let Some((_, rows)) = self.tables.iter().find(|(own, _)| own.is(table)) else {
            return Err(StoreError::new(table.entity, "reading", Fault::MissingTable(table.name.to_owned())));
        };
        Ok(TableRows::new(table.columns.iter().map(|column| column.name), rows))
    }
}

impl Stock {
    fn new(tables: Vec<(&'static Table, Vec<Vec<Value>>)>) -> Self {
        Self { tables, scans: Cell::new(0) }
    }

    fn ask(&self, fetch: &Fetch, width: usize) -> Vec<Vec<Value>> {
        collect(width, |sink| answer(self, fetch, sink)).unwrap()
    }

    fn fault(&self, fetch: &Fetch) -> Fault {
        collect(0, |sink| answer(self, fetch, sink)).unwrap_err().fault().clone()
    }

    fn ids(&self, select: Select) -> Vec<i64> {
        ints(self.ask(&columns_of(select, &[ID]), 1))
    }

    fn bugs(&self, filter: Condition) -> Vec<i64> {
        self.ids(Select::matching(&BUGS, filter))
    }
}

/// Typed, since `[]` alone is not where other crates compare integers too.
const NONE: [i64; 0] = [];

fn stock() -> Stock {
    Stock::new(vec![
        (
            &BUGS,
            vec![
                row![4, "Zebra", 7, null],
                row![1, "crash", 5, 10],
                row![3, "100%_sure", null, 11],
                row![2, "Crash on resume", 5, 10],
                row![5, "", null, 99],
            ],
        ),
        (&PEOPLE, vec![row![10, "Ann", null], row![11, "Bob", 10], row![12, "Cem", 11]]),
        (
            &SUBSCRIPTIONS,
            vec![row![1, 11, 3], row![1, 10, null], row![2, 12, 1], row![2, 10, 1], row![2, null, 2], row![3, 77, 9]],
        ),
    ])
}

fn text(test: TextTest, text: &str) -> Condition {
    Condition::Text { column: TITLE, case: Case::Counts, test, text: text.into() }
}

fn keys(columns: &[ColumnDef], parts: Vec<Value>) -> Condition {
    Condition::InKeys { columns: columns.to_vec(), keys: Arc::new(KeySet::new(columns.len(), parts)) }
}

#[test]
fn comparisons_are_false_of_null() {
    let stock = stock();
    for (how, expected) in [
        (Comparison::Equal, vec![1, 2]),
        (Comparison::Less, vec![]),
        (Comparison::LessOrEqual, vec![1, 2]),
        (Comparison::Greater, vec![4]),
        (Comparison::GreaterOrEqual, vec![1, 2, 4]),
    ] {
        assert_eq!(stock.bugs(compare(HEAT, how, 5)), expected, "{how:?}");
        assert_eq!(stock.bugs(compare(HEAT, how, Value::Null)), NONE, "{how:?} NULL");
    }
    assert_eq!(stock.bugs(Condition::IsNull(HEAT)), [3, 5]);
}

#[test]
fn lists_of_conditions_may_be_empty() {
    let stock = stock();
    assert_eq!(stock.bugs(Condition::And(vec![])), [1, 2, 3, 4, 5]);
    assert_eq!(stock.bugs(Condition::Or(vec![])), NONE);
    assert_eq!(stock.bugs(equal(HEAT, 5).and(equal(TITLE, "crash"))), [1]);
    assert_eq!(stock.bugs(equal(HEAT, 7).or(equal(TITLE, "crash"))), [1, 4]);
}

#[test]
fn text_tests_know_case_and_no_wildcard() {
    let stock = stock();
    assert_eq!(stock.bugs(text(TextTest::StartsWith, "Crash")), [2]);
    assert_eq!(stock.bugs(text(TextTest::EndsWith, "rash")), [1]);
    assert_eq!(stock.bugs(text(TextTest::Contains, "%_")), [3]);
    assert_eq!(stock.bugs(text(TextTest::Contains, "")), [1, 2, 3, 4, 5]);
}

#[test]
fn keys_match_without_nulls() {
    let stock = stock();
    assert_eq!(stock.bugs(keys(&[ID], row![3, 1, 42, 1])), [1, 3]);
    assert_eq!(stock.bugs(keys(&[ASSIGNEE], row![10, null])), [1, 2]);
    let pairs = keys(&[BUG, PERSON], row![2, 12, 2, null, 1, 12]);
    let select = Select::matching(&SUBSCRIPTIONS, pairs);
    assert_eq!(stock.ask(&columns_of(select, &[LEVEL]), 1), [row![1]]);
}

#[test]
fn selections_inside_nest_and_unite() {
    let stock = stock();
    let ann = || Select::matching(&PEOPLE, equal(NAME, "Ann"));
    assert_eq!(stock.bugs(within(&[ASSIGNEE], vec![(ann(), &[ID])])), [1, 2]);
    assert_eq!(stock.scans.get(), 2, "each mention of a table is read once, not once per row");

    // The bugs whose assignee's boss is Ann.
    let hers = Select::matching(&PEOPLE, within(&[BOSS], vec![(ann(), &[ID])]));
    assert_eq!(stock.bugs(within(&[ASSIGNEE], vec![(hers, &[ID])])), [3]);

    let subscribed = Select::matching(&SUBSCRIPTIONS, equal(BUG, 2));
    let assigned = Select::matching(&BUGS, equal(ID, 3));
    let people = within(&[ID], vec![(subscribed, &[PERSON]), (assigned, &[ASSIGNEE])]);
    assert_eq!(stock.ids(Select::matching(&PEOPLE, people)), [10, 11, 12]);
}

#[test]
fn selections_inside_may_be_cut_and_of_the_same_table() {
    let stock = stock();
    let hottest = Select { order: vec![desc(HEAT)], limit: Some(2), ..Select::all(&BUGS) };
    assert_eq!(stock.bugs(within(&[ID], vec![(hottest.clone(), &[ID])])), [1, 4]);
    let next = Select { offset: 2, ..hottest };
    assert_eq!(stock.bugs(within(&[ID], vec![(next, &[ID])])), [2, 3]);

    let bosses = within(&[ID], vec![(Select::all(&PEOPLE), &[BOSS])]);
    assert_eq!(stock.ids(Select::matching(&PEOPLE, bosses)), [10, 11]);
}

#[test]
fn selections_inside_take_composite_keys() {
    let stock = stock();
    let loud = Select::matching(&SUBSCRIPTIONS, compare(LEVEL, Comparison::Greater, 1));
    let same = within(&[BUG, PERSON], vec![(loud, &[BUG, PERSON])]);
    // (2, NULL) is loud, and matches nothing.
    let select = Select::matching(&SUBSCRIPTIONS, same);
    assert_eq!(stock.ask(&columns_of(select, &[BUG, PERSON]), 2), [row![1, 11], row![3, 77]]);
}

#[test]
fn a_filter_and_its_complement_split_the_rows() {
    let stock = stock();
    let conditions = [
        compare(HEAT, Comparison::Less, 6),
        equal(HEAT, Value::Null),
        Condition::IsNull(ASSIGNEE),
        text(TextTest::Contains, "r"),
        keys(&[ASSIGNEE], row![11]),
        within(&[ASSIGNEE], vec![(Select::all(&PEOPLE), &[ID])]),
        within(&[HEAT], vec![(Select::all(&BUGS), &[HEAT])]),
        Condition::Or(vec![]),
        equal(HEAT, 5).and(Condition::Not(Box::new(equal(TITLE, "crash")))),
    ];
    for condition in conditions {
        let mut all = stock.bugs(condition.clone());
        all.extend(stock.bugs(Condition::Not(Box::new(condition.clone()))));
        all.sort_unstable();
        assert_eq!(all, [1, 2, 3, 4, 5], "{condition}");
    }
}

#[test]
fn nulls_come_first_ascending_and_the_key_breaks_ties() {
    let stock = stock();
    let by = |order| stock.ids(Select { order, ..Select::all(&BUGS) });
    assert_eq!(by(vec![asc(HEAT)]), [3, 5, 1, 2, 4]);
    assert_eq!(by(vec![desc(HEAT)]), [4, 1, 2, 3, 5]);
    assert_eq!(by(vec![desc(HEAT), desc(ID)]), [4, 2, 1, 5, 3]);
    assert_eq!(by(vec![asc(TITLE)]), [5, 3, 2, 4, 1], "by code point");
}

#[test]
fn limits_and_offsets_cut() {
    let stock = stock();
    let cut = |limit, offset| stock.ids(Select { limit, offset, order: vec![desc(ID)], ..Select::all(&BUGS) });
    assert_eq!(cut(Some(2), 0), [5, 4]);
    assert_eq!(cut(Some(2), 4), [1]);
    assert_eq!(cut(None, 3), [2, 1]);
    assert_eq!(cut(Some(u64::MAX), u64::MAX), NONE);
}

#[test]
fn nothing_is_read_for_what_is_never() {
    let stock = stock();
    assert_eq!(stock.ids(Select { limit: Some(0), ..Select::all(&BUGS) }), NONE);
    let never = Arc::new(Select::matching(&BUGS, Condition::Or(vec![])));
    assert_eq!(stock.ask(&Fetch::new(Arc::clone(&never), Output::count()), 1), [row![0]]);
    assert_eq!(stock.ask(&Fetch::new(never, Output::Exists), 1), [row![false]]);
    let unkeyed = columns_of(Select::all(&BUGS), &[ID]).keyed(vec![ID], KeySet::new(1, row![null]));
    assert_eq!(stock.ask(&unkeyed, 1), Vec::<Vec<Value>>::new());
    assert_eq!(stock.scans.get(), 0);
}

#[test]
fn keyed_rows_come_in_order_within_each_key() {
    let stock = stock();
    let select = || Select { order: vec![asc(TITLE)], ..Select::all(&BUGS) };
    let fetch = columns_of(select(), &[ASSIGNEE, ID]).keyed(vec![ASSIGNEE], KeySet::new(1, row![99, 10, 42]));
    let of = |rows: Vec<Vec<Value>>, key: i64| -> Vec<i64> {
        ints(rows).chunks(2).filter(|pair| pair[0] == key).map(|pair| pair[1]).collect()
    };
    assert_eq!(of(stock.ask(&fetch, 2), 10), [2, 1]);
    assert_eq!(of(stock.ask(&fetch, 2), 99), [5]);
    assert_eq!(stock.ask(&fetch, 2).len(), 3);

    let top = |most| {
        let keyed = fetch.keyed.clone().map(|keyed| Keyed { per_key: Some(most), ..keyed });
        stock.ask(&Fetch { keyed, ..fetch.clone() }, 2)
    };
    assert_eq!(of(top(1), 10), [2]);
    assert_eq!(of(top(1), 99), [5]);
    assert_eq!(top(0).len(), 0);
}

#[test]
fn a_cut_selection_is_cut_before_it_is_keyed() {
    let stock = stock();
    let two = Select { limit: Some(2), ..Select::all(&BUGS) };
    let fetch = columns_of(two, &[ID]).keyed(vec![ASSIGNEE], KeySet::new(1, row![10, 11]));
    assert_eq!(ints(stock.ask(&fetch, 1)), [1, 2]);
    let count = Fetch { output: Output::count(), ..fetch };
    assert_eq!(stock.ask(&count, 2), [row![10, 2]]);
}

#[test]
fn composite_keys_lead_to_rows() {
    let stock = stock();
    let by = vec![PERSON, BUG];
    let fetch = columns_of(Select::all(&SUBSCRIPTIONS), &[LEVEL]).keyed(by, KeySet::new(2, row![11, 1, 12, 2, 12, 1]));
    assert_eq!(ints(stock.ask(&fetch, 1)), [3, 1]);
    let count = Fetch { output: Output::count(), ..fetch };
    assert_eq!(stock.ask(&count, 3), [row![11, 1, 1], row![12, 2, 1]]);
}

#[test]
fn a_join_gives_the_order_and_dangling_rows_are_null() {
    let stock = stock();
    let join = |order| Join { table: &PEOPLE, local: vec![PERSON], remote: vec![ID], order };
    let people = |order, bug: i32| {
        let fetch = columns_of(Select::all(&SUBSCRIPTIONS), &[PERSON]).keyed(vec![BUG], KeySet::new(1, row![bug]));
        let keyed = fetch.keyed.clone().map(|keyed| Keyed { join: Some(join(order)), ..keyed });
        stock.ask(&Fetch { keyed, ..fetch }, 1)
    };
    assert_eq!(people(vec![desc(NAME)], 2), [row![12], row![10], row![null]]);
    assert_eq!(people(vec![asc(NAME)], 2), [row![null], row![10], row![12]]);
    assert_eq!(people(vec![asc(BOSS)], 1), [row![10], row![11]]);
    assert_eq!(people(vec![asc(NAME)], 3), [row![77]], "an outer join keeps it");
}

#[test]
fn a_join_counts_before_the_order_of_the_selection() {
    let people = vec![row![1, "same", null], row![2, "same", null], row![3, "first", null]];
    let links = vec![row![1, 1, 1], row![1, 2, 2], row![1, 3, 0]];
    let stock = Stock::new(vec![(&PEOPLE, people), (&SUBSCRIPTIONS, links)]);
    let select = Select { order: vec![desc(LEVEL)], ..Select::all(&SUBSCRIPTIONS) };
    let join = Join { table: &PEOPLE, local: vec![PERSON], remote: vec![ID], order: vec![asc(NAME)] };
    let keyed = Keyed {
        by: vec![BUG],
        keys: Keys::Given(KeySet::new(1, row![1])),
        per_key: Some(2),
        unordered: false,
        join: Some(join),
    };
    let fetch = Fetch { keyed: Some(keyed), ..columns_of(select, &[PERSON]) };
    assert_eq!(ints(stock.ask(&fetch, 1)), [3, 2]);
}

#[test]
fn rows_are_counted() {
    let stock = stock();
    let all = Arc::new(Select::all(&BUGS));
    assert_eq!(stock.ask(&Fetch::new(Arc::clone(&all), Output::count()), 1), [row![5]]);
    assert_eq!(stock.ask(&Fetch::new(Arc::clone(&all), Output::Exists), 1), [row![true]]);
    let counts = Fetch::new(all, Output::count()).keyed(vec![ASSIGNEE], KeySet::new(1, row![11, 42, 10]));
    assert_eq!(stock.ask(&counts, 2), [row![10, 2], row![11, 1]]);

    let past = Arc::new(Select { offset: 4, limit: Some(3), ..Select::all(&BUGS) });
    assert_eq!(stock.ask(&Fetch::new(Arc::clone(&past), Output::count()), 1), [row![1]]);
    assert_eq!(stock.ask(&Fetch::new(past, Output::Exists), 1), [row![true]]);
    let none = Arc::new(Select { offset: 5, ..Select::all(&BUGS) });
    assert_eq!(stock.ask(&Fetch::new(none, Output::Exists), 1), [row![false]]);
}

#[test]
fn what_is_missing_is_named() {
    static GONE: Table = table("Ghost", "ghosts", &[ID], &[ID]);
    const ODD: ColumnDef = ColumnDef { name: "odd", ty: ColumnType::Text, ..TITLE };
    let stock = stock();
    let table = Fault::MissingTable("ghosts".into());
    let column = Fault::MissingColumn("odd".into());
    assert_eq!(stock.fault(&columns_of(Select::all(&GONE), &[ID])), table);
    let within_gone = within(&[ID], vec![(Select::all(&GONE), &[ID])]);
    assert_eq!(stock.fault(&columns_of(Select::matching(&BUGS, within_gone), &[])), table);

    assert_eq!(stock.fault(&columns_of(Select::all(&BUGS), &[ODD])), column);
    let ordered = Select { order: vec![asc(ODD)], ..Select::all(&BUGS) };
    assert_eq!(stock.fault(&columns_of(ordered, &[ID])), column);
    let keyed = columns_of(Select::all(&BUGS), &[ID]).keyed(vec![ODD], KeySet::new(1, row![1]));
    assert_eq!(stock.fault(&keyed), column);

    let inside = within(&[ID], vec![(Select::all(&PEOPLE), &[ODD])]);
    let fetch = columns_of(Select::matching(&BUGS, inside), &[ID]);
    let error = collect(1, |sink| answer(&stock, &fetch, sink)).unwrap_err();
    assert_eq!(error.to_string(), "reading `Person`: there is no column `odd`");
}

#[test]
fn what_a_fetch_never_asks_is_refused() {
    let stock = stock();
    let all = || Arc::new(Select::all(&BUGS));
    let exists = Fetch::new(all(), Output::Exists).keyed(vec![ID], KeySet::new(1, row![1]));
    assert!(matches!(stock.fault(&exists), Fault::Unsupported(_)));
    let count = Fetch::new(all(), Output::count()).keyed(vec![ID], KeySet::new(1, row![1]));
    let keyed = count.keyed.clone().map(|keyed| Keyed { per_key: Some(1), ..keyed });
    assert!(matches!(stock.fault(&Fetch { keyed, ..count }), Fault::Unsupported(_)));
}

#[test]
fn rows_may_be_owned_and_short() {
    struct Made;
    impl Rows for Made {
        fn scan<'a>(&'a self, _: &'static Table) -> Result<TableRows<'a>, StoreError> {
            Ok(TableRows::new(["id", "title", "heat", "assignee_id"], [row![2], row![1, "one"]]))
        }
    }
    let unassigned = Select::matching(&BUGS, Condition::IsNull(ASSIGNEE));
    let rows = collect(2, |sink| answer(&Made, &columns_of(unassigned, &[ID, TITLE]), sink)).unwrap();
    assert_eq!(rows, [row![1, "one"], row![2, null]]);
}

//! Writes and conditions of more values, and of longer ones, than one statement of a database takes.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use persist::edit::{Check, Insert, Outcome, Test, Upsert, Write};
use persist::prelude::*;
use persist::store::Store;
use persist::{Error, Fault, MemoryStore, Predicate, Table, Value};
use persist_tests::stores::{self, Fresh};

macro_rules! wide {
    ($($number:ident)*; $($text:ident)*) => {
        #[derive(Debug, Clone, PartialEq, Eq, Entity)]
        #[entity(table = "wide_rows", group = WideRows, unique(code))]
        pub struct Wide {
            #[entity(key)]
            pub id: i64,
            pub code: String,
            $(pub $number: Option<i64>,)*
            $(pub $text: Option<String>,)*
        }
    };
}

wide! {
    n01 n02 n03 n04 n05 n06 n07 n08 n09 n10 n11 n12 n13 n14 n15 n16 n17 n18 n19 n20 n21 n22 n23 n24 n25 n26 n27 n28 n29;
    t01 t02 t03 t04 t05 t06 t07 t08 t09 t10 t11 t12 t13 t14 t15 t16 t17 t18 t19 t20 t21 t22 t23 t24 t25 t26 t27 t28 t29
}

/// The cells of a row, which tell it from the same row of another round.
fn cells(id: i64, round: i64) -> Vec<Value> {
    let own = [Value::Int(id), Value::Text(format!("code {id}"))];
    let numbers = (0..29).map(|nth| if nth == round { Value::Null } else { Value::Int(id * 100 + round * 31 + nth) });
    let texts = (0..29).map(|nth| {
        if (id + nth) % 7 == 0 { Value::Null } else { Value::Text(format!("{round} \"{id}\" \u{1} {nth}")) }
    });
    own.into_iter().chain(numbers).chain(texts).collect()
}

/// New rows, which take the place of those that are there.
fn put(table: &'static Table, by: &str, rows: Vec<Vec<Value>>, checks: Vec<Check>) -> Write {
    let by: Vec<_> = table.columns.iter().filter(|column| column.name == by).copied().collect();
    let sets = table.columns.iter().filter(|column| !by.contains(column) && column.name != "id").copied().collect();
    let insert = Insert::of(table, table.columns.to_vec(), rows, table.columns.to_vec());
    Write::Insert(insert.upsert(Upsert { by, sets, checks }))
}

fn everywhere(tables: &[&'static Table]) -> (MemoryStore, Vec<Fresh>) {
    (MemoryStore::new(), stores::databases(tables))
}

/// 300,000 values in one write: past what any statement binds.
#[test]
fn wide_rows_are_put_by_the_thousand() {
    let table = Wide::TABLE;
    assert_eq!(table.columns.len(), 60);
    let expected = Check { column: wide::n03.def(), test: Test::Is(Value::Int(300_033)) };
    let writes = [
        put(table, "id", (0..5_000).map(|id| cells(id, 0)).collect(), Vec::new()),
        put(table, "id", (2_500..7_500).rev().map(|id| cells(id, 1)).collect(), Vec::new()),
        put(table, "code", (0..1_000).map(|id| cells(id, 2)).collect(), Vec::new()),
        // Of those that are there, one is as expected.
        put(table, "id", (7_000..8_000).chain(2_990..3_010).map(|id| cells(id, 3)).collect(), vec![expected]),
    ];
    let (memory, databases) = everywhere(&[table]);
    let told: Vec<_> = writes.iter().map(|write| memory.session().write(write).unwrap()).collect();
    let missed = |outcomes: &[Outcome]| outcomes.iter().filter(|it| matches!(it, Outcome::Missed(_))).count();
    assert_eq!(told.iter().map(|outcomes| missed(outcomes)).collect::<Vec<_>>(), [0, 0, 0, 519]);
    let rows = Context::memory(&memory).realise(WideRows::all()).unwrap();
    for mut fresh in databases {
        for (write, told) in writes.iter().zip(&told) {
            assert!(fresh.store().write(write).unwrap() == *told, "{}", fresh.name());
        }
        assert!(fresh.context().realise(WideRows::all()).unwrap() == rows, "{}", fresh.name());
        assert_eq!(fresh.depth(), 0);
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = "shelves", group = Shelves, has_many(books: Book))]
pub struct Shelf {
    #[entity(key)]
    pub id: i64,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = "books")]
pub struct Book {
    #[entity(key)]
    pub id: i64,
    #[entity(belongs_to(shelf: Shelf))]
    pub shelf_id: i64,
    pub title: String,
}

/// 60 MB of text in one write, of which MariaDB takes 16 in one statement.
#[test]
fn long_rows_are_put_many_at_a_time() {
    let row = |id: i64, round: i64| {
        let letter = ["a", "\"", "\u{1}", "ß"][usize::try_from((id + round) % 4).unwrap()];
        vec![Value::Int(id), Value::Text(letter.repeat((1 << 20) / letter.len()))]
    };
    let writes = [
        put(Shelf::TABLE, "id", (0..60).map(|id| row(id, 0)).collect(), Vec::new()),
        put(Shelf::TABLE, "id", (30..90).map(|id| row(id, 1)).collect(), Vec::new()),
    ];
    let (memory, databases) = everywhere(&[Shelf::TABLE]);
    let told: Vec<_> = writes.iter().map(|write| memory.session().write(write).unwrap()).collect();
    let rows = Context::memory(&memory).realise(Shelves::all()).unwrap();
    assert_eq!(rows.len(), 90);
    for mut fresh in databases {
        for (write, told) in writes.iter().zip(&told) {
            assert!(fresh.store().write(write).unwrap() == *told, "{}", fresh.name());
            let statements = fresh.store().explain_write(write).unwrap().matches("INSERT").count();
            // Each value is bound by itself on SQLite.
            assert_eq!(statements > 1, !matches!(fresh, Fresh::Sqlite(_)), "{}", fresh.name());
        }
        assert!(fresh.context().realise(Shelves::all()).unwrap() == rows, "{}", fresh.name());
    }
}

/// More bytes than a value may have.
#[test]
fn what_is_too_long_for_sqlite_is_a_typed_error() {
    let mut fresh = stores::sqlite(&[Shelf::TABLE]);
    // A gigabyte that nobody has to hold.
    fresh.execute(
        "CREATE TRIGGER longer AFTER INSERT ON shelves BEGIN UPDATE shelves SET name = zeroblob(2000000000); END",
    );
    let error = fresh.context().insert(&Shelf { id: 1, name: "a".into() }).unwrap_err();
    assert!(matches!(fault(&error), Some(Fault::TooLong(_))), "{error}");
}

/// 300 shelves, and so many books on them in turn.
fn library(fresh: &mut Fresh, books: i64) {
    let shelves: Vec<_> = (0..300).map(|id| Shelf { id, name: format!("shelf {id}") }).collect();
    let book = |id| Book { id, shelf_id: id % 300, title: format!("book {id}") };
    let books: Vec<_> = (0..books).map(book).collect();
    fresh.context().insert_all(&shelves).unwrap();
    fresh.context().insert_all(&books).unwrap();
}

fn libraries(books: i64) -> Vec<Fresh> {
    let mut all = stores::every(&[Shelf::TABLE, Book::TABLE]);
    all.iter_mut().for_each(|fresh| library(fresh, books));
    all
}

fn fault(error: &Error) -> Option<&Fault> {
    error.store().map(persist::StoreError::fault)
}

/// Lists of 100,000: one value to the statement, whatever their number.
#[test]
fn lists_in_conditions_are_as_long_as_they_are() {
    for mut fresh in libraries(3_000) {
        let name = fresh.name();
        let mut context = fresh.context();
        let mut count = |which: Predicate<Book>| context.realise(Books::all().filter(which).count()).unwrap();
        let ids = || (0..200_000).step_by(2);
        assert_eq!(count(book::id.is_in(ids())), 1_500, "{name}");
        assert_eq!(count(!book::id.is_in(ids())), 1_500, "{name}");
        let titles = || (0..100_000).map(|n| format!("book {}", n * 3));
        assert_eq!(count(book::title.is_in(titles())), 1_000, "{name}");
        assert_eq!(count(!book::title.is_in(titles()) & book::id.is_in(ids())), 1_000, "{name}");
        assert_eq!(count(book::title.is_in(titles()) | book::id.is_in(ids())), 2_000, "{name}");
        let of = Books::from_keys(ids()).count();
        assert_eq!(context.realise(of).unwrap(), 1_500, "{name}");
        let deleted = context.delete_all(&Books::all().filter(!book::title.is_in(titles()))).unwrap();
        assert_eq!(deleted, 2_000, "{name}");
    }
}

/// 40 MB of texts: an answer where the database takes them, else an error before they are sent.
#[test]
fn lists_of_long_texts_are_answered_or_refused() {
    for mut fresh in libraries(300) {
        let name = fresh.name();
        let titles = || (0..4_000).map(|n| format!("{}{n}", "x".repeat(10_000))).chain(["book 7".to_owned()]);
        let is_server = matches!(fresh, Fresh::Mysql(_));
        let mut context = fresh.context();
        let counted = [
            context.realise(Books::all().filter(book::title.is_in(titles())).count()),
            context.realise(Books::all().filter(!book::title.is_in(titles())).count()),
            context.delete_all(&Books::all().filter(book::title.is_in(titles()))),
        ];
        for (counted, right) in counted.into_iter().zip([1, 299, 1]) {
            match counted {
                Ok(count) => assert!(!is_server && count == right, "{name}: {count}"),
                Err(error) => {
                    let large = matches!(fault(&error), Some(Fault::TooLarge(40_000_000.., _)));
                    assert!(is_server && large, "{name}: {error}");
                }
            }
        }
        assert_eq!(context.realise(Books::from_keys([8]).count()).unwrap(), 1, "{name}: it goes on");
    }
}

/// Conditions of a value each are as many as a statement binds.
#[test]
fn conditions_of_too_many_values_are_refused_before() {
    for mut fresh in libraries(300) {
        let name = fresh.name();
        let is_memory = matches!(fresh, Fresh::Memory(_));
        let any = |values: i64| {
            let terms = (0..values).map(|n| book::id.eq(n * 2));
            terms.reduce(|any, term| any | term).unwrap()
        };
        let mut context = fresh.context();
        assert_eq!(context.realise(Books::all().filter(any(30_000)).count()).unwrap(), 150, "{name}");
        for refused in [
            context.realise(Books::all().filter(any(70_000)).count()),
            context.delete_all(&Books::all().filter(any(70_000))),
        ] {
            match refused {
                Ok(count) => assert!(is_memory && count == 150, "{name}: {count}"),
                Err(error) => {
                    assert!(matches!(fault(&error), Some(Fault::TooManyValues(70_000, _))), "{name}: {error}");
                }
            }
        }
        assert_eq!(context.realise(Books::from_keys([7]).count()).unwrap(), 1, "{name}: it goes on");
    }
}

#[derive(Debug, PartialEq, Eq, View)]
#[view(of = Shelf, edges = page)]
struct Page {
    id: i64,
    #[view(limit = 2)]
    books: Vec<Book>,
}

/// Where the first rows of each parent take a select each, what narrows them stands in each.
#[test]
fn lists_that_narrow_the_first_rows_of_each_parent() {
    let titles = || (0..20_000).map(|n| format!("book {}", n * 7));
    let terms = || (0..700).map(|n| book::title.eq(format!("book {}", n * 7))).reduce(|any, term| any | term).unwrap();
    let expected: Vec<_> = (0..300)
        .map(|id| (id, (0..10).map(|nth| id + nth * 300).filter(|book| book % 7 == 0).take(2).collect::<Vec<_>>()))
        .collect();
    for mut fresh in libraries(3_000) {
        for which in [book::title.is_in(titles()), terms()] {
            let ask = Shelves::all().view::<Page>().edge(page::books, |books| books.filter(which));
            let pages = fresh.context().realise(ask).unwrap();
            let told = pages.into_iter().map(|page| (page.id, page.books.into_iter().map(|book| book.id).collect()));
            assert_eq!(told.collect::<Vec<_>>(), expected, "{}", fresh.name());
        }
    }
}

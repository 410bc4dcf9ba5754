//! Pages: exactly the group's rows, whatever its order; nothing twice and nothing passed over while others write; an
//! index finds where a page begins; cursors that do not fit are refused.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use diesel::{QueryableByName, RunQueryDsl};
use persist::{Context, Cursor, CursorError, CursorKey, Entity, Error, Page, Problem, View};
use persist_tests::data::Data;
use persist_tests::random::{Program, program};
use persist_tests::random_data::data;
use persist_tests::random_pages::{Walk, key};
use persist_tests::stores::{self, Fresh};
use persist_tests::tracker::*;
use proptest::prelude::*;
use proptest::test_runner::Config;
use std::collections::BTreeMap;

fn config(cases: u32) -> Config {
    Config { failure_persistence: None, ..Config::with_cases(cases) }
}

/// A random group in a random order.
type Ordered = (Program, Vec<(u8, bool)>);

fn ordered() -> impl Strategy<Value = Ordered> {
    (program(), prop::collection::vec(any::<(u8, bool)>(), 0..4))
}

/// What the pages are to hold: the rows of the group, and the walk through its pages.
fn walk(context: &mut Context<'_>, (program, order): &Ordered, size: u32) -> Option<(Vec<String>, Walk)> {
    let mut group = program.group();
    if !order.is_empty() {
        group = group.order(order);
    }
    let mut batch = persist::Batch::new();
    let rows = group.ask(program.view, &mut batch);
    let rows = match context.realise(batch) {
        Ok(mut answers) => rows(&mut answers),
        Err(Error::Rows(_)) => return None,
        Err(other) => panic!("{other}"),
    };
    match group.walk(program.view, size, context) {
        Ok(walk) => Some((rows, walk)),
        Err(Error::Store(error)) if error.to_string().contains("an order by related rows") => None,
        Err(other) => panic!("{other}"),
    }
}

fn check(rows: &[String], walk: &Walk, size: u32) {
    let size = size.max(1) as usize;
    for pages in [&walk.forward, &walk.backward, &walk.back] {
        assert_eq!(pages.concat(), rows);
        assert_eq!(pages.len(), rows.len().div_ceil(size).max(1), "no page too many");
        assert!(pages.iter().all(|page| page.len() <= size));
    }
    assert_eq!(walk.forward, walk.back);
}

proptest! {
    #![proptest_config(config(128))]

    #[test]
    fn pages_are_the_rows_on_memory_and_sqlite(data in data(), ordered in ordered(), size in 0..5_u32) {
        let mut memory = stores::memory();
        data.insert(&mut memory.context()).unwrap();
        let expected = walk(&mut memory.context(), &ordered, size);
        if let Some((rows, walk)) = &expected {
            check(rows, walk, size);
        }
        let mut sqlite = stores::sqlite(TABLES);
        data.insert(&mut sqlite.context()).unwrap();
        // However relations are loaded: also by a selection that holds one row more than the page.
        for strategy in [persist::Strategy::Keys, persist::Strategy::Join, persist::Strategy::Subselect] {
            let mut context = sqlite.context().with_strategy(strategy);
            match (walk(&mut context, &ordered, size), &expected) {
                // An order without places is refused by what is sent; of an empty group some strategies send nothing.
                (None, Some((rows, _))) => prop_assert!(rows.is_empty()),
                (found, expected) => prop_assert_eq!(&found, expected),
            }
        }
    }
}

#[test]
fn pages_are_the_rows_on_servers() {
    for fresh in stores::servers(TABLES) {
        let fresh = std::cell::RefCell::new(fresh);
        let mut runner = proptest::test_runner::TestRunner::new(config(64));
        let ran = runner.run(&(data(), ordered(), 0..5_u32), |(data, ordered, size)| {
            let fresh: &mut Fresh = &mut fresh.borrow_mut();
            fresh.empty(TABLES);
            data.insert(&mut fresh.context()).unwrap();
            let mut memory = stores::memory();
            data.insert(&mut memory.context()).unwrap();
            let expected = walk(&mut memory.context(), &ordered, size);
            assert_eq!(walk(&mut fresh.context(), &ordered, size), expected);
            Ok(())
        });
        if let Err(failed) = ran {
            panic!("{failed}");
        }
    }
}

fn member(id: i32, rank: Option<i32>) -> Member {
    Member { id, name: format!("m{}", id % 3), rank, team_name: None, manager_id: None }
}

/// What happens between two pages: members come (with a rank) and go.
type Between = (Vec<(i32, Option<i32>)>, Vec<i32>);

fn between() -> impl Strategy<Value = Between> {
    let ranks = prop::option::of(0..3_i32);
    (prop::collection::vec((0..60_i32, ranks), 0..4), prop::collection::vec(0..60_i32, 0..4))
}

proptest! {
    #![proptest_config(config(96))]

    /// Rows that are there all the time come once each, in order; rows that come or go in between at most once.
    #[test]
    fn pages_are_stable_while_rows_come_and_go(
        ranks in prop::collection::vec(prop::option::of(0..3_i32), 30), moves in prop::collection::vec(between(), 40),
        size in 1..6_u32, descending in any::<bool>(), backward in any::<bool>(),
    ) {
        let mut fresh = stores::sqlite(TABLES);
        let all: Vec<_> = ranks.iter().zip((0..).step_by(2)).map(|(rank, id)| member(id, *rank)).collect();
        fresh.context().insert_all(&all).unwrap();
        let order = if descending { member::rank.desc() } else { member::rank.asc() };
        let group = Members::all().order_by(order);
        let mut there: BTreeMap<i32, Member> = all.into_iter().map(|member| (member.id, member)).collect();
        let mut always = there.clone();
        let mut seen: Vec<Member> = Vec::new();
        let ask = || group.page::<Member>(size);
        let mut page: Page<Member> = fresh.context().realise(if backward { ask().last() } else { ask() }).unwrap();
        for (come, go) in moves {
            let at = if backward { 0 } else { seen.len() };
            seen.splice(at..at, page.rows.drain(..));
            let cursor = if backward { page.previous.take() } else { page.next.take() };
            let Some(cursor) = cursor else { break };
            for (id, rank) in come {
                if let std::collections::btree_map::Entry::Vacant(vacant) = there.entry(id) {
                    fresh.context().insert(vacant.insert(member(id, rank))).unwrap();
                }
            }
            for id in go {
                there.remove(&id);
                always.remove(&id);
                fresh.execute(&format!("DELETE FROM members WHERE id = {id}"));
            }
            let next = if backward { ask().before(&cursor) } else { ask().after(&cursor) };
            page = fresh.context().realise(next.unwrap()).unwrap();
        }
        // What came again after it went is another row.
        let mut ids: Vec<_> = seen.iter().map(|member| (member.id, member.rank)).collect();
        let place = |member: &Member| {
            let rank = member.rank.map_or(-1, |rank| rank);
            (if descending { -rank } else { rank }, member.id)
        };
        prop_assert!(seen.iter().map(place).is_sorted(), "in order: {:?}", ids);
        ids.sort_unstable();
        prop_assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "none twice: {:?}", ids);
        prop_assert!(always.values().all(|member| seen.contains(member)), "none passed over: {:?}", ids);
    }
}

/// A page past which everything is gone leads back to just where it came from.
#[test]
fn an_empty_page_leads_back() {
    for mut fresh in stores::databases(TABLES) {
        Data::of(4).insert(&mut fresh.context()).unwrap();
        let all = fresh.context().realise(Members::all()).unwrap();
        let ask = || Members::all().page::<Member>(2);
        let first = fresh.context().realise(ask()).unwrap();
        fresh.execute(&format!("DELETE FROM members WHERE id > {}", first.rows[1].id));
        let second = fresh.context().realise(ask().after(&first.next).unwrap()).unwrap();
        assert_eq!((second.rows.len(), second.next.is_none()), (0, true));
        let back = fresh.context().realise(ask().before(&second.previous).unwrap()).unwrap();
        assert_eq!(back.rows, all[..2], "the last row before the gap too");
        assert_eq!(back.next, first.next);
        fresh.execute("DELETE FROM members");
        let none = fresh.context().realise(ask()).unwrap();
        assert_eq!(none, Page { rows: Vec::new(), next: None, previous: None });
    }
}

/// One statement for each page, wherever it is; the row that tells whether there are more is not looked at.
#[test]
fn a_page_is_one_statement_and_only_its_own_rows() {
    for mut fresh in stores::every(TABLES) {
        let members: Vec<_> = (0..50).map(|id| member(id, Some(id / 10))).collect();
        fresh.context().insert_all(&members).unwrap();
        let mut context = fresh.context();
        let ask = || Members::all().order_by((member::rank.desc(), member::id.desc())).page::<Member>(10);
        let mut cursor = None;
        for page in (0..5).rev() {
            let before = context.stats();
            let answer = context.realise(ask().after(cursor).unwrap()).unwrap();
            assert_eq!((context.stats() - before).statements, 1);
            assert!(answer.rows.iter().all(|member| member.rank == Some(page)));
            assert_eq!(answer.next.is_none(), page == 0);
            cursor = answer.next;
        }
    }
    for mut fresh in stores::databases(TABLES) {
        let members: Vec<_> = (0..3).map(|id| Member { manager_id: Some(0), ..member(id, None) }).collect();
        fresh.context().insert_all(&members).unwrap();
        fresh.execute("UPDATE members SET manager_id = 99 WHERE id = 2");
        // The reference of the third row leads nowhere: that is the next page's trouble.
        let ask = || Members::all().page::<MemberTree>(2);
        let first = fresh.context().realise(ask()).unwrap();
        let error = fresh.context().realise(ask().after(&first.next).unwrap()).unwrap_err();
        assert!(matches!(error.rows().unwrap().rows()[0].problem, Problem::Dangling { .. }), "{error}");
    }
}

/// The limit of a group counts on all its pages together, and pages go out with other requests.
#[test]
fn pages_of_a_limited_group_beside_other_requests() {
    for mut fresh in stores::every(TABLES) {
        let members: Vec<_> = (0..20).map(|id| member(id, Some(id % 4))).collect();
        fresh.context().insert_all(&members).unwrap();
        let mut context = fresh.context();
        let group = Members::all().order_by(member::rank.desc()).limit(7).offset(1);
        let whole = context.realise(&group).unwrap();
        let (first, count, all) = context.realise((group.page::<Member>(5), group.count(), &group)).unwrap();
        assert_eq!((first.rows.as_slice(), count, all.len()), (&whole[..5], 7, 7));
        let second = context.realise(group.page::<Member>(5).after(&first.next).unwrap()).unwrap();
        assert_eq!((second.rows.as_slice(), second.next), (&whole[5..], None));
        let before = context.stats();
        let none = context.realise(Members::from_keys([]).page::<Member>(5)).unwrap();
        assert_eq!((none.rows.len(), context.stats() - before), (0, persist::Stats::default()));
    }
}

#[derive(QueryableByName)]
struct Detail {
    #[diesel(sql_type = diesel::sql_types::Text)]
    detail: String,
}

/// The steps by which SQLite answers a request.
fn steps(fresh: &mut Fresh, ask: persist::AskPage<Member>) -> Vec<String> {
    let sql = fresh.context().explain(ask).unwrap().statements()[0].text.clone();
    let Fresh::Sqlite(connection) = fresh else { panic!("not SQLite") };
    let steps: Vec<Detail> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}")).load(connection).unwrap();
    steps.into_iter().map(|step| step.detail).collect()
}

#[test]
fn an_index_finds_where_a_page_begins() {
    let mut fresh = stores::sqlite(TABLES);
    let members: Vec<_> = (0..500).map(|id| member(id, (id % 7 > 0).then_some(id % 50))).collect();
    fresh.context().insert_all(&members).unwrap();
    fresh.execute(
        "CREATE INDEX by_name ON members (name); CREATE INDEX by_rank ON members (rank);
         CREATE INDEX by_name_rank ON members (name, rank DESC); ANALYZE",
    );
    let all = Members::all();
    let cases = [
        (all.clone(), "SEARCH t1 USING INTEGER PRIMARY KEY (rowid>?)"),
        (all.order_by(member::id.desc()), "SEARCH t1 USING INTEGER PRIMARY KEY (rowid<?)"),
        (all.order_by(member::name.asc()), "SEARCH t1 USING INDEX by_name (name>?)"),
        (all.order_by((member::name.desc(), member::id.desc())), "SEARCH t1 USING INDEX by_name (name<?)"),
        (all.order_by((member::name.asc(), member::rank.desc())), "SEARCH t1 USING INDEX by_name_rank (name>?)"),
        (all.filter(member::rank.is_not_null()).order_by(member::rank.asc()), "SEARCH t1 USING INDEX by_rank (rank>?)"),
    ];
    for (group, step) in cases {
        let from = fresh.context().realise(group.page::<Member>(250)).unwrap().next;
        let found = steps(&mut fresh, group.page::<Member>(10).after(from).unwrap());
        assert_eq!(found, [step], "and no sort: {group:?}");
    }
}

/// A tuple as a whole where PostgreSQL has an index for it; column by column where the directions differ or NULLs are.
#[test]
fn the_condition_suits_the_backend() {
    let ask = |context: &mut Context<'_>, group: Members| {
        let next = context.realise(group.page::<Member>(1)).unwrap().next;
        let explained = context.explain(group.page::<Member>(1).after(next).unwrap()).unwrap().to_string();
        let (_, condition) = explained.split_once(" WHERE ").unwrap();
        condition.split_once(" ORDER").unwrap().0.to_owned()
    };
    let members = [1, 2].map(|id| member(id, Some(id)));
    let (by_name, by_rank) =
        (Members::all().order_by(member::name.asc()), Members::all().order_by(member::rank.desc()));
    if let Some(mut fresh) = stores::postgres(TABLES) {
        fresh.context().insert_all(&members).unwrap();
        let mut context = fresh.context();
        assert_eq!(ask(&mut context, by_name.clone()), r#"(t1."name" COLLATE "C", t1."id") > ($1, $2)"#);
        let mixed = Members::all().order_by((member::name.desc(), member::id.asc()));
        let expanded = r#"(t1."name" <= $1 COLLATE "C" AND (t1."name" < $2 COLLATE "C" OR t1."id" > $3))"#;
        assert_eq!(ask(&mut context, mixed), expanded);
    }
    let mut fresh = stores::sqlite(TABLES);
    fresh.context().insert_all(&members).unwrap();
    let mut context = fresh.context();
    let expanded = "(t1.`name` >= ?1 COLLATE BINARY AND (t1.`name` > ?2 COLLATE BINARY OR t1.`id` > ?3))";
    assert_eq!(ask(&mut context, by_name), expanded);
    let nulls_last = "(t1.`rank` IS NULL OR (t1.`rank` <= ?1 AND (t1.`rank` < ?2 OR t1.`id` > ?3)))";
    assert_eq!(ask(&mut context, by_rank), nulls_last);
}

fn cursor_of<V: View<Of: Entity> + std::fmt::Debug>(page: Page<V>) -> Cursor<V::Of> {
    page.next.unwrap()
}

#[test]
fn a_cursor_of_something_else_is_refused_before_anything_is_sent() {
    let mut fresh = stores::memory();
    Data::of(5).insert(&mut fresh.context()).unwrap();
    let mut context = fresh.context();
    let open = |least| Members::all().filter(member::id.gt(least)).order_by(member::name.asc());
    let cursor = cursor_of(context.realise(open(0).page::<Member>(1)).unwrap());
    let sent = context.stats();
    let refused = |group: Members| group.page::<Member>(1).after(&cursor).unwrap_err();
    // Another value in the condition, another condition, a limit, another order, another direction.
    for group in [open(1), open(0).filter(member::rank.is_null()), Members::all().order_by(member::name.asc())] {
        assert!(matches!(refused(group.clone()), CursorError::Group { .. }), "{group:?}");
    }
    assert!(matches!(refused(open(0).limit(3)), CursorError::Group { .. }));
    for order in [member::name.desc(), member::rank.asc()] {
        assert!(matches!(refused(open(0).order_by(order)), CursorError::Order { .. }));
    }
    let words = refused(open(0).order_by(member::rank.desc())).to_string();
    assert_eq!(words, "the cursor was made in another order than `rank desc, id`");
    // The same group, made anew, with another view and another size.
    assert!(open(0).page::<MemberName>(7).before(&cursor).is_ok());

    let text = cursor.seal(&key());
    assert_eq!(Cursor::<Member>::open(&text, &CursorKey::new([43; 32])), Err(CursorError::Key));
    let entity = CursorError::Entity { wanted: "Task", found: "Member".into() };
    assert_eq!(Cursor::<Task>::open(&text, &key()), Err(entity));
    assert_eq!(Cursor::<Member>::open(&text, &key()), Ok(cursor));
    assert_eq!(context.stats(), sent, "nothing was sent");
    assert!(!format!("{:?}", key()).contains("42"), "the key is not shown");
}

/// What seals a cursor is the whole of it: no bit may change, and nothing be left out or put in.
#[test]
fn any_flipped_bit_is_refused() {
    let mut fresh = stores::memory();
    let odd = Note { id: 7, task_id: None, author_id: 1, body: "line\nbreak \0 é 😀".into(), pinned: true };
    fresh.context().insert_all(&[odd.clone(), Note { id: 8, ..odd }]).unwrap();
    let order = (note::body.asc(), note::task_id.desc(), note::pinned.asc());
    let cursor = cursor_of(fresh.context().realise(Notes::all().order_by(order).page::<Note>(1)).unwrap());
    let text = cursor.seal(&key());
    assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'), "{text}");
    for at in 0..text.len() {
        for bit in 0..8 {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1 << bit;
            let Ok(flipped) = String::from_utf8(bytes) else { continue };
            assert!(Cursor::<Note>::open(&flipped, &key()).is_err(), "bit {bit} of letter {at}");
        }
        assert!(Cursor::<Note>::open(&text[..at], &key()).is_err(), "{at} letters");
        assert!(Cursor::<Note>::open(&format!("{}A{}", &text[..at], &text[at..]), &key()).is_err());
    }
    assert!(Cursor::<Note>::open(&format!("{text}="), &key()).is_err());
    assert_eq!(Cursor::<Note>::open(&text, &key()), Ok(cursor));
}

proptest! {
    #![proptest_config(config(512))]

    #[test]
    fn no_text_makes_a_cursor_or_a_panic(text in "[A-Za-z0-9_-]{0,120}|.{0,40}") {
        prop_assert!(Cursor::<Member>::open(&text, &key()).is_err());
    }
}

/// Where the order follows a collation that takes "a" for "A", so does the place in it.
#[test]
fn pages_follow_a_collation_of_the_database() {
    use persist_tests::{People, Person, person};
    let mut fresh = stores::sqlite(&[Person::TABLE]);
    fresh.execute("DROP TABLE persons");
    let sql = stores::sqlite_tables(&[Person::TABLE]).replace("\"nick\" TEXT", "\"nick\" TEXT COLLATE NOCASE");
    fresh.execute(&sql);
    let names = ["b", "A", "a", "B", "a", "A", "c", "C", "b"];
    for (id, name) in (1..).zip(names) {
        fresh.execute(&format!("INSERT INTO persons (id, nick) VALUES ({id}, '{name}')"));
    }
    let mut context = fresh.context();
    for order in [person::name.asc(), person::name.desc()] {
        let group = People::all().order_by(order);
        let whole = context.realise(&group).unwrap();
        for size in 1..4 {
            let mut page = context.realise(group.page::<Person>(size)).unwrap();
            let mut rows = page.rows;
            while let Some(next) = page.next {
                page = context.realise(group.page::<Person>(size).after(&next).unwrap()).unwrap();
                rows.append(&mut page.rows);
            }
            assert_eq!(rows, whole);
        }
    }
}

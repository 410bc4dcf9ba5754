//! Edits on every store: what is written is what changed, what others wrote survives, and what kept a write from being is
//! said.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use persist::prelude::*;
use persist::{Changes, Conflict, Context, Edit, Error, Fault, Value};
use persist_tests::hooked::Hooked;
use persist_tests::sent::{sent, the_write};
use persist_tests::stores::{self, Fresh};
use persist_tests::tracker::{self, Thing};

mod schema {
    diesel::table! {
        docs (id) {
            id -> Integer,
            title -> Text,
            body -> Nullable<Text>,
            heat -> Integer,
            state -> Nullable<Text>,
        }
    }
    diesel::table! {
        sheets (id) { id -> Integer, name -> Text, pages -> Integer, revision -> BigInt, }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::docs, unique(title))]
pub struct Doc {
    #[entity(key, generated)]
    pub id: i32,
    pub title: String,
    pub body: Option<String>,
    pub heat: i32,
    #[entity(guard)]
    pub state: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::sheets)]
pub struct Sheet {
    #[entity(key)]
    pub id: i32,
    pub name: String,
    #[entity(counter(min = 0))]
    pub pages: i32,
    #[entity(lock)]
    pub revision: i64,
}

fn a_doc(id: i32) -> Doc {
    Doc { id, title: format!("doc {id}"), body: None, heat: 10, state: None }
}

/// The same on each store, with some rows.
fn on_every_store(test: impl Fn(&mut Fresh)) {
    for mut fresh in stores::every(&[Doc::TABLE, Sheet::TABLE]) {
        let mut context = fresh.context();
        context.insert_exactly_all(&[a_doc(1), a_doc(2), a_doc(3)]).unwrap();
        context.insert(&Sheet { id: 1, name: "one".into(), pages: 3, revision: 1 }).unwrap();
        drop(context);
        test(&mut fresh);
    }
}

fn two(fresh: &mut Fresh) -> (Edit<Doc>, Edit<Doc>) {
    let mut context = fresh.context();
    (context.edit(1).unwrap(), context.edit(1).unwrap())
}

fn stored(fresh: &mut Fresh, id: i32) -> Doc {
    fresh.context().realise(Docs::from_keys([id])).unwrap().remove(0)
}

fn conflict<T: std::fmt::Debug>(result: Result<T, Error>) -> Conflict {
    match result {
        Err(Error::Conflicts(conflicts)) => conflicts.all()[0].clone(),
        other => panic!("no conflict: {other:?}"),
    }
}

#[test]
fn w01_editors_of_different_columns_both_survive() {
    on_every_store(|fresh| {
        let (mut mine, mut theirs) = two(fresh);
        (mine.title, theirs.heat) = ("mine".into(), 99);
        fresh.context().save(&mut theirs).unwrap();
        fresh.context().save(&mut mine).unwrap();
        let both = Doc { title: "mine".into(), heat: 99, ..a_doc(1) };
        assert_eq!(stored(fresh, 1), both);
        // W17: what is in hand is what is stored, not what was composed here.
        assert_eq!((*mine).clone(), both);
        assert!(!Edit::is_changed(&mine));
    });
}

#[test]
fn a_save_names_what_changed_and_nothing_else() {
    on_every_store(|fresh| {
        let (mut mine, _) = two(fresh);
        mine.body = Some("new".into());
        let log = sent(fresh, |context| context.save(&mut mine).unwrap());
        let Some(statement) = the_write(fresh, log) else { return };
        let names = |column: &str| statement.split("RETURNING").next().unwrap().contains(column);
        assert!(statement.starts_with("UPDATE ") && names("body"), "{statement}");
        assert!(["title", "heat", "state"].iter().all(|column| !names(column)), "{statement}");
        assert!(!statement.contains("new"), "{statement}");
    });
}

#[test]
fn w02_w30_what_did_not_change_is_not_written() {
    on_every_store(|fresh| {
        let (mut mine, mut touched) = two(fresh);
        mine.title = "doc 1".into();
        let log = sent(fresh, |context| context.save(&mut mine).unwrap());
        assert!(log.is_none_or(|log| log.is_empty()));
        assert_eq!(fresh.context().update(&Docs::all(), Changes::new()).unwrap(), 0);
        Edit::touch(&mut touched, doc::title);
        fresh.context().apply(1, Changes::<Doc>::new().set(doc::title, "theirs")).unwrap();
        fresh.context().save(&mut touched).unwrap();
        assert_eq!(stored(fresh, 1).title, "doc 1");
    });
}

#[test]
fn w06_w16_a_guard_says_what_it_expected_and_what_there_is() {
    on_every_store(|fresh| {
        let (mut mine, mut theirs) = two(fresh);
        (mine.state, theirs.state) = (Some("mine".into()), Some("theirs".into()));
        fresh.context().save(&mut theirs).unwrap();
        match conflict(fresh.context().save(&mut mine)) {
            Conflict::Guard { column, expected, actual, mine, .. } => {
                let text = |text: &str| Value::Text(text.into());
                assert_eq!((column, expected, actual), ("state", Value::Null, text("theirs")));
                assert_eq!(mine, Some(text("mine")));
            }
            other => panic!("{other}"),
        }
        let patch = |state: Option<&str>| {
            Changes::<Doc>::new().set(doc::state, None).expect(doc::state, state.map(ToOwned::to_owned))
        };
        assert!(matches!(conflict(fresh.context().apply(1, patch(None))), Conflict::Guard { .. }));
        fresh.context().apply(1, patch(Some("theirs"))).unwrap();
        assert_eq!(stored(fresh, 1).state, None);
        // By now it is what was read.
        fresh.context().save(&mut mine).unwrap();
        assert_eq!(stored(fresh, 1).state.as_deref(), Some("mine"));
    });
}

#[test]
fn w05_what_was_only_looked_at_can_be_expected_too() {
    on_every_store(|fresh| {
        let (mut mine, mut theirs) = two(fresh);
        (mine.title, theirs.heat) = ("cold".into(), 99);
        Edit::observe(&mut mine, doc::heat);
        fresh.context().save(&mut theirs).unwrap();
        match conflict(fresh.context().save(&mut mine)) {
            Conflict::Guard { column: "heat", expected, actual, mine: None, .. } => {
                assert_eq!((expected, actual), (Value::Int(10), Value::Int(99)));
            }
            other => panic!("{other}"),
        }
        let (mut mine, mut theirs) = two(fresh);
        (mine.title, theirs.title) = ("mine".into(), "theirs".into());
        Edit::compare(&mut mine);
        fresh.context().save(&mut theirs).unwrap();
        assert!(matches!(conflict(fresh.context().save(&mut mine)), Conflict::Guard { column: "title", .. }));
        assert_eq!(stored(fresh, 1).title, "theirs");
    });
}

#[test]
fn w09_a_row_that_is_gone_is_not_written_again() {
    on_every_store(|fresh| {
        let (mut mine, theirs) = two(fresh);
        mine.title = "mine".into();
        fresh.context().delete(&theirs).unwrap();
        assert!(matches!(conflict(fresh.context().save(&mut mine)), Conflict::Gone { entity: "Doc", .. }));
        mine.state = Some("guarded".into());
        assert!(matches!(conflict(fresh.context().save(&mut mine)), Conflict::Gone { .. }));
        assert!(matches!(conflict(fresh.context().merge(&mut mine)), Conflict::Gone { .. }));
        assert!(matches!(conflict(fresh.context().delete(&theirs)), Conflict::Gone { .. }));
        assert!(matches!(conflict(fresh.context().delete_key::<Doc>(1)), Conflict::Gone { .. }));
        assert_eq!(fresh.context().realise(Docs::all().count()).unwrap(), 2);
    });
}

#[test]
fn w10_what_two_add_adds_up() {
    on_every_store(|fresh| {
        let (mut mine, mut theirs) = two(fresh);
        Edit::add(&mut mine, doc::heat, 5);
        Edit::add(&mut theirs, doc::heat, 7);
        assert_eq!(mine.heat, 15);
        fresh.context().save(&mut theirs).unwrap();
        fresh.context().save(&mut mine).unwrap();
        assert_eq!((mine.heat, stored(fresh, 1).heat), (22, 22));
        let too_much = Changes::<Doc>::new().add(doc::heat, i32::MAX);
        assert!(fresh.context().apply(1, too_much).is_err());
        assert_eq!(stored(fresh, 1).heat, 22);
        let mut context = fresh.context();
        let mut sheet = context.edit::<Sheet>(1).unwrap();
        sheet.pages -= 3;
        context.save(&mut sheet).unwrap();
        sheet.pages -= 1;
        match conflict(context.save(&mut sheet)) {
            Conflict::Bounds { column: "pages", added, actual, .. } => {
                assert_eq!((added, actual), (Value::Int(-1), Value::Int(0)));
            }
            other => panic!("{other}"),
        }
    });
}

#[test]
fn w18_w19_a_revision_is_raised_and_merged() {
    on_every_store(|fresh| {
        let mut context = fresh.context();
        let (mut mine, mut theirs) = (context.edit::<Sheet>(1).unwrap(), context.edit::<Sheet>(1).unwrap());
        (mine.name, theirs.pages) = ("mine".into(), 4);
        context.save(&mut theirs).unwrap();
        assert_eq!(theirs.revision, 2);
        match conflict(context.save(&mut mine)) {
            Conflict::Revision { expected, actual, theirs, .. } => {
                assert_eq!((expected, actual), (Value::Int(1), Value::Int(2)));
                assert_eq!(theirs, [("pages", Value::Int(4))]);
            }
            other => panic!("{other}"),
        }
        context.merge(&mut mine).unwrap();
        assert_eq!(*mine, Sheet { id: 1, name: "mine".into(), pages: 4, revision: 3 });
        // W25: also where all rows of a group are written.
        assert_eq!(context.update(&Sheets::all(), Changes::new().add(sheet::pages, 1)).unwrap(), 1);
        assert_eq!(context.realise(Sheets::all()).unwrap()[0].revision, 4);
        assert!(context.update(&Sheets::all(), Changes::new().add(sheet::pages, -9)).is_err());
        mine.name = "later".into();
        assert!(matches!(conflict(context.save(&mut mine)), Conflict::Revision { .. }));
        theirs.name = "theirs".into();
        let overlaps = {
            context.rebase(&mut mine).unwrap();
            context.save(&mut mine).unwrap();
            context.merge(&mut theirs)
        };
        assert!(matches!(overlaps, Err(Error::Overlaps(_))), "{overlaps:?}");
    });
}

/// What others do after an update of a group has looked, and before it writes.
#[test]
fn w10_the_bounds_of_a_group_hold_whatever_others_write() {
    for mut fresh in stores::servers(&[Sheet::TABLE]) {
        let mut other = fresh.another();
        let a_sheet = |id| Sheet { id, name: "sheet".into(), pages: id, revision: 1 };
        other.insert_all(&[a_sheet(1), a_sheet(2)]).unwrap();
        let one_less = || Changes::<Sheet>::new().add(sheet::pages, -1);
        let pages = |context: &mut Context<'_>| {
            let sheets = context.realise(Sheets::all().order_by(sheet::id.asc())).unwrap();
            sheets.into_iter().map(|sheet| sheet.pages).collect::<Vec<_>>()
        };
        let mut times = 0;
        let mut context = Context::over(Hooked::writes(fresh.store(), |_| {
            times += 1;
            match times {
                1 => drop(other.update(&Sheets::from_keys([1]), one_less()).unwrap()),
                2 | 3 => other.insert(&a_sheet(times + 5)).unwrap(),
                _ => {}
            }
        }));
        // The last page goes to another.
        match conflict(context.update(&Sheets::all(), one_less())) {
            Conflict::Bounds { column: "pages", added, actual, .. } => {
                assert_eq!((added, actual), (Value::Int(-1), Value::Int(0)));
            }
            other => panic!("{other}"),
        }
        assert_eq!(pages(&mut context), [0, 2]);
        // Another row comes: which rows there are cannot be said.
        let full = Sheets::all().filter(sheet::pages.gt(0));
        assert!(context.update(&full, one_less()).unwrap_err().is_collision());
        assert_eq!(pages(&mut context), [0, 2, 7]);
        assert_eq!(context.retry(2, |context| context.update(&full, one_less())).unwrap(), 3);
        assert_eq!(pages(&mut context), [0, 1, 6, 7]);
        drop(context);
        assert_eq!(times, 4);
    }
}

/// A group that is cut is counted as it is cut.
#[test]
fn bounds_are_kept_for_the_first_rows_of_a_group() {
    on_every_store(|fresh| {
        let mut context = fresh.context();
        context.insert_all(&[3, 4, 5].map(|id| Sheet { id, name: "more".into(), pages: id - 3, revision: 1 })).unwrap();
        let first = |n| Sheets::all().order_by(sheet::pages.desc()).limit(n);
        let less = || Changes::<Sheet>::new().add(sheet::pages, -1);
        let before = context.stats();
        assert_eq!(context.update(&first(3), less()).unwrap(), 3);
        assert_eq!((context.stats() - before).statements, 2);
        assert!(matches!(conflict(context.update(&first(4), less())), Conflict::Bounds { .. }));
        let pages: Vec<_> = context.realise(Sheets::all()).unwrap().into_iter().map(|sheet| sheet.pages).collect();
        assert_eq!(pages, [2, 0, 0, 1]);
    });
}

#[test]
fn w20_w21_edits_of_different_columns_are_one_statement() {
    on_every_store(|fresh| {
        let more: Vec<_> = (10..110).map(a_doc).collect();
        fresh.context().insert_exactly_all(&more).unwrap();
        let mut edits = fresh.context().edit_all(Docs::all().filter(doc::id.ge(10)).view::<Doc>()).unwrap();
        for edit in &mut edits {
            match edit.id % 4 {
                0 => edit.body = Some("body".into()),
                1 => Edit::add(edit, doc::heat, 1),
                2 => edit.state = Some("state".into()),
                _ => {}
            }
        }
        // Others write what these leave alone.
        fresh.context().update(&Docs::all(), Changes::new().add(doc::heat, 100)).unwrap();
        let log = sent(fresh, |context| context.save_all(&mut edits).unwrap());
        let updates = log.map(|log| log.iter().filter(|statement| statement.contains("UPDATE ")).count());
        assert!(updates.is_none_or(|updates| updates == 1), "{updates:?}");
        for edit in &edits {
            let id = edit.id;
            let expected = Doc {
                body: (id % 4 == 0).then(|| "body".into()),
                heat: 110 + i32::from(id % 4 == 1),
                state: (id % 4 == 2).then(|| "state".into()),
                ..a_doc(id)
            };
            assert_eq!(stored(fresh, id), expected);
            if id % 4 != 3 {
                assert_eq!(**edit, expected);
            }
        }
    });
}

#[test]
fn w26_several_edits_are_saved_together_or_not_at_all() {
    on_every_store(|fresh| {
        let mut edits = fresh.context().edit_all(Docs::all().view::<Doc>()).unwrap();
        edits.iter_mut().for_each(|edit| edit.state = Some("done".into()));
        let raced = Changes::<Doc>::new().set(doc::state, Some("raced".into())).expect(doc::state, None);
        fresh.context().apply(2, raced).unwrap();
        fresh.context().delete_key::<Doc>(3).unwrap();
        let error = fresh.context().save_all(&mut edits).unwrap_err();
        assert!(matches!(error.conflicts(), [Conflict::Guard { .. }, Conflict::Gone { .. }]), "{error}");
        assert_eq!(stored(fresh, 1).state, None);
        assert!(edits.iter().all(Edit::is_changed));
        fresh.context().save(&mut edits[0]).unwrap();
        assert_eq!(stored(fresh, 1).state.as_deref(), Some("done"));
    });
}

#[test]
fn transactions_are_kept_or_undone() {
    on_every_store(|fresh| {
        let (mut mine, _) = two(fresh);
        mine.title = "mine".into();
        let mut context = fresh.context();
        let undone = context.transaction(|context| {
            context.save(&mut mine)?;
            assert!(!Edit::is_changed(&mine));
            assert_eq!(context.realise(Docs::from_keys([1]))?[0].title, "mine");
            // A savepoint within: what it undoes does not undo the rest.
            let taken =
                context.transaction(|context| context.insert_exactly(&Doc { title: "doc 2".into(), ..a_doc(9) }));
            assert!(matches!(taken.unwrap_err().store().unwrap().fault(), Fault::Duplicate(_)));
            context.insert_exactly(&a_doc(9))?;
            Err::<(), _>(Error::Broken)
        });
        assert!(undone.is_err() && Edit::is_changed(&mine));
        assert_eq!(context.realise(Docs::all().count()).unwrap(), 3);
        let mut times = 0;
        let done = context.retry(5, |context| {
            times += 1;
            context.save(&mut mine)?;
            match times {
                3 => Ok(times),
                _ => Err(persist::StoreError::new("Doc", "updating", Fault::Serialization).into()),
            }
        });
        assert_eq!(done.unwrap(), 3);
        assert_eq!(context.realise(Docs::from_keys([1])).unwrap()[0].title, "mine");
        drop(context);
        assert_eq!(fresh.depth(), 0);
    });
}

#[test]
fn groups_are_written_whole() {
    on_every_store(|fresh| {
        let mut context = fresh.context();
        let first = Docs::all().order_by(doc::id.desc()).limit(2);
        assert_eq!(
            context.update(&first, Changes::new().set(doc::body, Some("b".into())).add(doc::heat, 1)).unwrap(),
            2
        );
        let bodies: Vec<_> = context.realise(Docs::all()).unwrap().into_iter().map(|doc| doc.body.is_some()).collect();
        assert_eq!(bodies, [false, true, true]);
        assert!(
            context.update(&Docs::all(), Changes::new().set(doc::state, None)).is_err(),
            "without what is expected"
        );
        let expected = Changes::new().set(doc::state, Some("s".into())).expect(doc::state, None);
        assert_eq!(context.update(&Docs::all().filter(doc::heat.gt(10)), expected.clone()).unwrap(), 2);
        assert_eq!(context.update(&Docs::all(), expected).unwrap(), 1);
        assert!(context.update(&Docs::all(), Changes::new().set(doc::title, "same")).is_err(), "titles are unique");
        assert_eq!(context.delete_all(&first).unwrap(), 2);
        assert_eq!(context.delete_all(&Docs::all().filter(doc::id.gt(1))).unwrap(), 0);
        assert_eq!(context.delete_all(&Docs::all()).unwrap(), 1);
    });
}

#[test]
fn w08_new_rows_come_back_with_what_the_store_made() {
    on_every_store(|fresh| {
        if let Fresh::Postgres(_) = fresh {
            fresh.execute("ALTER TABLE docs ALTER COLUMN id RESTART WITH 4");
        }
        let mut context = fresh.context();
        let mut docs: Vec<_> = (0..500).map(|n| Doc { title: format!("new {}", 500 - n), ..a_doc(0) }).collect();
        context.create_all(&mut docs).unwrap();
        assert!(docs.windows(2).all(|pair| 3 < pair[0].id && pair[0].id < pair[1].id));
        assert_eq!(docs[7].title, "new 493");
        assert_eq!(context.realise(Docs::all().filter(doc::id.gt(3))).unwrap(), docs);
        let mut taken = [a_doc(0), Doc { title: "new 1".into(), ..a_doc(0) }];
        let error = context.create_all(&mut taken).unwrap_err();
        assert!(matches!(error.store().unwrap().fault(), Fault::Duplicate(_)), "{error}");
        assert_eq!(taken[0].id, 0);
        assert_eq!(context.realise(Docs::all().count()).unwrap(), 503);
    });
}

/// Each column, from one end of its type to the other.
#[test]
fn w28_what_is_written_is_what_is_read_back() {
    let plain = |id: i64| {
        let moment = chrono::DateTime::from_timestamp_micros(1_700_000_000_000_001).unwrap();
        Thing {
            id,
            truth: false,
            small: i16::MIN,
            whole: i32::MIN,
            big: i64::MIN,
            single: 0.1,
            double: 0.1,
            text: String::new(),
            bytes: vec![],
            day: moment.date_naive(),
            time: moment.time(),
            moment: moment.naive_utc(),
            zoned: moment,
            uuid: uuid::Uuid::from_u128(7),
            exact: "0.50".parse().unwrap(),
            json: serde_json::json!({ "b": [1, 2.5, null], "a": "ä" }),
            maybe_text: None,
            maybe_whole: None,
            maybe_exact: None,
            maybe_moment: None,
            maybe_bytes: None,
        }
    };
    let changes: [fn(&mut Thing); 20] = [
        |thing| thing.truth = true,
        |thing| thing.small = i16::MAX,
        |thing| thing.whole = i32::MAX,
        |thing| thing.big = i64::MAX,
        |thing| thing.single = f32::MIN_POSITIVE,
        |thing| thing.double = 1.0 / 3.0,
        |thing| thing.text = "'\"\\%_`$1?\n\u{10FFFF}".into(),
        |thing| thing.bytes = (0..=255).collect(),
        |thing| thing.day = thing.day.succ_opt().unwrap(),
        |thing| thing.time = chrono::NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999).unwrap(),
        |thing| thing.moment += chrono::TimeDelta::microseconds(1),
        |thing| thing.zoned += chrono::TimeDelta::days(9_000),
        |thing| thing.uuid = uuid::Uuid::from_u128(u128::MAX),
        |thing| thing.exact = "-79228162514264337593543950335".parse().unwrap(),
        |thing| thing.json["b"][0] = serde_json::json!({ "deep": true }),
        |thing| thing.maybe_text = Some(String::new()),
        |thing| thing.maybe_whole = Some(0),
        |thing| thing.maybe_exact = Some("0.000000000000000000000001".parse().unwrap()),
        |thing| thing.maybe_moment = Some(chrono::DateTime::UNIX_EPOCH.naive_utc()),
        |thing| thing.maybe_bytes = Some(vec![0]),
    ];
    for mut fresh in stores::every(tracker::TABLES) {
        let mut context = fresh.context();
        context.insert_all(&(0..20).map(plain).collect::<Vec<_>>()).unwrap();
        let load = |context: &mut Context<'_>| context.edit_all(tracker::Things::all().view::<Thing>()).unwrap();
        let mut edits = load(&mut context);
        // All at once, each of another column, and each expected to be what it was.
        for (edit, change) in edits.iter_mut().zip(changes) {
            change(edit);
            Edit::compare(edit);
        }
        context.save_all(&mut edits).unwrap();
        let again = load(&mut context);
        for (place, (edit, again)) in edits.iter().zip(&again).enumerate() {
            assert_eq!(**edit, **again, "{place}");
            let mut expected = plain(place as i64);
            changes[place](&mut expected);
            assert_eq!(expected, **again, "{place}");
        }
        // Then all of one, and back.
        let mut edit = context.edit::<Thing>(0).unwrap();
        changes.iter().for_each(|change| change(&mut edit));
        Edit::compare(&mut edit);
        context.save(&mut edit).unwrap();
        assert!(!Edit::is_changed(&context.edit::<Thing>(0).unwrap()));
        *edit = plain(0);
        Edit::compare(&mut edit);
        context.save(&mut edit).unwrap();
        assert_eq!(**load(&mut context).first().unwrap(), plain(0));
    }
}

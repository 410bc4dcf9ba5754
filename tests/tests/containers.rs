//! Containers: maps, and rows with their links.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use persist::prelude::*;
use persist::{Context, Error};
use persist_tests::data::Data;
use persist_tests::kinds::*;
use persist_tests::stores;
use persist_tests::tracker::*;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Runs on every store, over the rows of `Data::of(20)`, with a few more.
fn everywhere(more: impl Fn(&mut Data), check: impl Fn(&mut Context<'_>, &Data, &str)) {
    let mut data = Data::of(20);
    more(&mut data);
    for mut fresh in stores::every(TABLES) {
        let name = fresh.name();
        let mut context = fresh.context();
        data.insert(&mut context).unwrap();
        check(&mut context, &data, name);
    }
}

fn errors<T: std::fmt::Debug>(result: Result<T, Error>) -> Vec<String> {
    let Err(Error::Rows(rows)) = result else { panic!("no rows are at fault: {result:?}") };
    let mut rows: Vec<_> = rows.into_iter().map(|row| row.to_string()).collect();
    rows.sort();
    rows
}

#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
struct Linked {
    voters: Vec<(Vote, Arc<MemberName>)>,
}

/// Links with their rows cost what the rows alone do.
#[test]
fn links_come_with_their_rows() {
    #[derive(Debug, PartialEq, View)]
    #[view(of = Task)]
    struct Plain {
        voters: Vec<Arc<MemberName>>,
    }
    const { assert!(Plain::STATEMENTS == Linked::STATEMENTS && Linked::STATEMENTS == 3 && Linked::ROUNDS == 3) }
    everywhere(
        |_| {},
        |context, data, store| {
            let before = context.stats();
            let plain = context.realise(Tasks::all().view::<Plain>()).unwrap();
            let between = context.stats();
            let linked = context.realise(Tasks::all().view::<Linked>()).unwrap();
            assert_eq!((context.stats() - between).statements, (between - before).statements);
            let mut votes = 0;
            for ((plain, linked), task) in plain.iter().zip(&linked).zip(&data.tasks) {
                assert_eq!(plain.voters.len(), linked.voters.len(), "{store}");
                for (voter, (vote, member)) in plain.voters.iter().zip(&linked.voters) {
                    votes += 1;
                    assert_eq!((vote.task_id, vote.member_id, voter.id), (Some(task.id), Some(member.id), member.id));
                }
            }
            assert!(votes > 5, "{store}");
            let pages = context.realise(Tasks::all().view::<TaskLinks>()).unwrap();
            for (page, task) in pages.iter().zip(&data.tasks) {
                let mut ids: Vec<_> = data.votes.iter().filter(|vote| vote.task_id == Some(task.id)).collect();
                ids.retain(|vote| vote.member_id.is_some());
                let last: Vec<_> = ids.iter().rev().take(2).map(|vote| vote.id).collect();
                assert_eq!(page.last_voters.iter().map(|(vote, _)| vote.id).collect::<Vec<_>>(), last, "{store}");
                let order = |(vote, member): &(VoteLine, Arc<MemberName>)| (member.name.clone(), -vote.id);
                assert!(page.by_name.is_sorted_by_key(order), "{store}");
                for (watch, member) in &page.watchers {
                    assert_eq!((watch.member.id, watch.task.id), (member.id, task.id), "{store}");
                }
            }
        },
    );
}

#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
struct Maps {
    notes: HashMap<i64, Note>,
    #[view(from = notes)]
    shared: BTreeMap<i64, Arc<Note>>,
    watchers: HashMap<i32, Arc<MemberName>>,
    #[view(from = watchers)]
    cloned: BTreeMap<i32, MemberName>,
}

#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
struct ByBody {
    id: uuid::Uuid,
    #[view(by = note::body)]
    notes: BTreeMap<String, Note>,
}

#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
struct ByVoter {
    voters: BTreeMap<i32, MemberName>,
}

/// In which order the rows of a map come is not seen, so none is asked for; a list that comes by the same statement has its
/// own.
#[test]
fn rows_of_maps_come_in_any_order() {
    #[derive(Debug, View)]
    #[view(of = Task)]
    struct ById {
        #[allow(dead_code, reason = "only explained")]
        notes: HashMap<i64, Note>,
    }
    #[derive(Debug, View)]
    #[view(of = Task)]
    struct Both {
        notes: BTreeMap<i64, Note>,
        #[view(from = notes)]
        listed: Vec<Note>,
    }
    everywhere(
        |_| {},
        |context, _, store| {
            let by_id = context.explain(Tasks::all().view::<ById>()).unwrap().to_string();
            let both = context.explain(Tasks::all().view::<Both>()).unwrap().to_string();
            if store == "memory" {
                assert!(by_id.contains("in any order") && !both.contains("in any order"), "{by_id}\n{both}");
            } else {
                let terms = |plan: &str| {
                    let order = plan.rsplit_once("ORDER BY ").unwrap().1;
                    order.lines().next().unwrap().split(", ").count()
                };
                assert_eq!((terms(&by_id), terms(&both)), (1, 2), "{store}: {by_id}\n{both}");
            }
            for task in context.realise(Tasks::all().view::<Both>()).unwrap() {
                assert_eq!(task.notes.into_values().collect::<Vec<_>>(), task.listed, "{store}");
            }
        },
    );
}

/// Maps hold the rows of a relation by their key, or by a column.
#[test]
fn maps_hold_rows_by_key() {
    const { assert!(Maps::STATEMENTS == 4) }
    everywhere(
        |_| {},
        |context, data, store| {
            let lists = context.realise(Tasks::all().view::<TaskNotes>()).unwrap();
            let maps = context.realise(Tasks::all().view::<Maps>()).unwrap();
            for ((list, map), task) in lists.iter().zip(&maps).zip(&data.tasks) {
                let notes: HashMap<_, _> = list.notes.iter().map(|note| (note.id, note.clone())).collect();
                assert_eq!(map.notes, notes, "{store}");
                assert!(map.shared.iter().all(|(key, note)| *key == note.id && map.notes[key] == **note), "{store}");
                assert!(map.watchers.iter().all(|(key, member)| *key == member.id && map.cloned[key] == **member));
                assert_eq!(map.watchers.len(), data.watches.iter().filter(|watch| watch.task_id == task.id).count());
            }
            assert!(maps.iter().any(|map| map.notes.len() > 1 && !map.watchers.is_empty()), "{store}");
        },
    );
}

/// Two rows under one key of a map are never one: the parent and the key are named, also where a link repeats.
#[test]
fn two_rows_with_one_key_in_a_map_are_an_error() {
    let few = |data: &mut Data| {
        data.notes.truncate(3);
        data.votes.truncate(2);
        data.votes.iter_mut().for_each(|vote| vote.member_id = Some(3));
    };
    everywhere(few, |context, data, store| {
        let apart = context.realise(Tasks::all().view::<ByBody>()).unwrap();
        assert_eq!(apart[0].notes.keys().collect::<Vec<_>>(), ["note 0"], "{store}");
        let task = "Task 00000000-0000-0000-0000-000000000000";
        let words = "field `voters` of `ByVoter`: two rows of Member have the key 3 in it";
        assert_eq!(errors(context.realise(Tasks::all().view::<ByVoter>())), [format!("{task}, {words}")], "{store}");
        let note = Note { id: 99, task_id: Some(data.tasks[0].id), ..data.notes[0].clone() };
        context.insert(&note).unwrap();
        let words = "field `notes` of `ByBody`: two rows of Note have the key \"note 0\" in it";
        assert_eq!(errors(context.realise(Tasks::all().view::<ByBody>())), [format!("{task}, {words}")], "{store}");
    });
}

/// What a scope hides is not linked to either, and takes no place among the first.
#[test]
fn links_to_what_is_hidden_are_left_out() {
    everywhere(
        |_| {},
        |context, data, store| {
            context.scope::<Member>(Members::all().filter(member::id.ne(0)));
            let pages = context.realise(Tasks::all().filter(task::owner_id.ne(0)).view::<Linked>()).unwrap();
            let tasks = data.tasks.iter().filter(|task| task.owner_id != 0);
            for (page, task) in pages.iter().zip(tasks) {
                let mine = data.votes.iter().filter(|vote| vote.task_id == Some(task.id));
                let seen: Vec<_> = mine.filter(|vote| vote.member_id.is_some_and(|id| id != 0)).cloned().collect();
                assert_eq!(page.voters.iter().map(|(vote, _)| vote.clone()).collect::<Vec<_>>(), seen, "{store}");
            }
            assert!(data.votes.iter().any(|vote| vote.member_id == Some(0)), "{store}");
        },
    );
}

/// A link whose row is not there names the parent and the key, with its link as without.
#[test]
fn a_link_to_nowhere_is_an_error() {
    let few = |data: &mut Data| data.votes.truncate(2);
    everywhere(few, |context, data, store| {
        context.insert(&Vote { id: 99, task_id: Some(data.tasks[1].id), member_id: Some(77) }).unwrap();
        let task = "Task 00000000-0000-0001-0000-000000000001";
        let words = "field `voters` of `Linked`: it refers to Member 77, which is not there";
        assert_eq!(errors(context.realise(Tasks::all().view::<Linked>())), [format!("{task}, {words}")], "{store}");
    });
}

/// What is whole is given: a parent whose links or maps are not is left out, with the error.
#[test]
fn parents_that_are_not_whole_are_left_out() {
    everywhere(
        |_| {},
        |context, data, store| {
            context.insert(&Vote { id: 99, task_id: Some(data.tasks[1].id), member_id: Some(77) }).unwrap();
            let linked = context.realise(Tasks::all().view::<Linked>().lenient()).unwrap();
            assert_eq!((linked.whole.len(), linked.errors.len()), (data.tasks.len() - 1, 1), "{store}");
            assert!(
                linked
                    .whole
                    .iter()
                    .flat_map(|page| &page.voters)
                    .all(|(vote, member)| vote.member_id == Some(member.id))
            );
            let again = Note { id: 99, task_id: Some(data.tasks[0].id), ..data.notes[0].clone() };
            context.insert(&again).unwrap();
            let mapped = context.realise(Tasks::all().view::<ByBody>().lenient()).unwrap();
            assert_eq!((mapped.whole.len(), mapped.errors.len()), (data.tasks.len() - 1, 1), "{store}");
            assert!(
                mapped.whole.iter().all(|page| page.notes.iter().all(|(body, note)| *body == note.body)),
                "{store}"
            );
        },
    );
}

//! Relations of which a part is taken: `has_one`, and those with a condition and an order of their own.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use persist::prelude::*;
use persist::{Context, Error, Problem};
use persist_tests::data::Data;
use persist_tests::kinds::*;
use persist_tests::stores;
use persist_tests::tracker::*;
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
#[view(of = Member)]
struct Busy {
    id: i32,
    #[view(count(owned))]
    count: i64,
    #[view(limit = 1)]
    owned: Vec<TaskLine>,
}

#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
struct Twice {
    owner: Arc<Busy>,
    assignee: Option<Arc<Busy>>,
}

/// Rows that a view reaches by two ways are loaded once, with all that belongs to them.
#[test]
fn a_view_reached_twice_keeps_what_belongs_to_it() {
    let data = Data::of(20);
    for mut fresh in stores::every(TABLES) {
        let mut context = fresh.context();
        data.insert(&mut context).unwrap();
        for page in context.realise(Tasks::all().view::<Twice>()).unwrap() {
            for member in [Some(page.owner), page.assignee].into_iter().flatten() {
                let owned: Vec<_> = data.tasks.iter().filter(|task| task.owner_id == member.id).collect();
                assert_eq!(member.count, owned.len() as i64, "{member:?}");
                assert_eq!(member.owned.len(), owned.len().min(1), "{member:?}");
            }
        }
    }
}

/// A `has_one` is the row, or `None`; it is found like the rows of a `has_many`.
#[test]
fn has_one_is_one_or_none() {
    const { assert!(TaskSole::STATEMENTS == 5) }
    let one_each = |data: &mut Data| {
        data.votes.retain(|vote| vote.id % 3 == 0);
        data.notes.retain(|note| !note.pinned || note.id < 4);
    };
    everywhere(one_each, |context, data, store| {
        let pages = context.realise(Tasks::all().view::<TaskSole>()).unwrap();
        let (some, none): (Vec<_>, Vec<_>) = pages.iter().partition(|page| page.vote.is_some());
        assert!(!some.is_empty() && !none.is_empty(), "{store}");
        for page in &pages {
            let vote = data.votes.iter().find(|vote| vote.task_id == Some(page.id)).map(|vote| vote.id);
            assert_eq!(page.vote.as_ref().map(|vote| vote.id), vote, "{store}");
            let top = data.notes.iter().find(|note| note.pinned && note.task_id == Some(page.id));
            assert_eq!(page.top.as_ref().map(|top| top.id), top.map(|note| note.id), "{store}");
        }
        let along = context.realise((Tasks::all().votes(), Tasks::all().tops().count())).unwrap();
        assert_eq!(along.0.len(), data.votes.iter().filter(|vote| vote.task_id.is_some()).count(), "{store}");
        assert_eq!(along.1, data.notes.iter().filter(|note| note.pinned && note.task_id.is_some()).count() as u64);
    });
}

/// A second row is never passed over: the parent is named, and both rows.
#[test]
fn a_second_row_of_a_has_one_is_an_error() {
    let several = |data: &mut Data| {
        data.votes.retain(|vote| vote.id < 4);
        data.notes.retain(|note| !note.pinned);
    };
    everywhere(several, |context, _, store| {
        let found = context.realise(Tasks::all().view::<TaskSole>());
        if let Err(Error::Rows(rows)) = &found {
            assert!(matches!(rows.rows()[0].problem, Problem::Several { entity: "Vote", .. }), "{store}");
        }
        let task = "Task 00000000-0000-0000-0000-000000000000";
        let words = "field `vote` of `TaskSole`: it leads to one Vote or none, and there are several: 0, 1, 2";
        assert_eq!(errors(found), [format!("{task}, {words}")], "{store}");
    });
}

#[derive(Debug, PartialEq, View)]
#[view(of = Task, budget = 4)]
struct Split {
    title: String,
    pinned: Vec<Note>,
    #[view(from = pinned)]
    again: Vec<Note>,
    loose: Vec<Note>,
    notes: Vec<Note>,
}

/// A relation's own condition and order hold wherever it is gone along, whatever else is loaded beside it.
#[test]
fn r11_a_relation_keeps_its_own_condition() {
    // `pinned` and `again` are one statement; those of another condition are not merged with them.
    const { assert!(Split::STATEMENTS == 4) }
    everywhere(
        |_| {},
        |context, data, store| {
            let split = context.realise(Tasks::all().view::<Split>()).unwrap();
            let parts = context.realise(Tasks::all().view::<TaskParts>()).unwrap();
            for (page, part) in split.iter().zip(&parts) {
                assert!(page.pinned.iter().all(|note| note.pinned) && page.loose.iter().all(|note| !note.pinned));
                assert_eq!(page.pinned.len() + page.loose.len(), page.notes.len(), "{store}");
                assert!(page.pinned.is_sorted_by(|a, b| (&a.body, a.id) >= (&b.body, b.id)), "{store}");
                assert_eq!(page.pinned, page.again, "{store}");
                assert_eq!(part.pinned_count as usize, page.pinned.len(), "{store}");
                assert_eq!(part.first_pinned.first(), page.pinned.first(), "{store}");
                let also: Vec<_> = part.also_seniors.iter().map(|member| member.id).collect();
                let mut seniors: Vec<_> = part.seniors.iter().map(|member| member.id).collect();
                assert!(part.seniors.is_sorted_by_key(|member| (&member.name, member.id)), "{store}");
                seniors.sort_unstable();
                assert_eq!(also, seniors, "by key, in the view; {store}");
            }
            let of_tasks =
                |pinned: bool| data.notes.iter().filter(move |note| note.task_id.is_some() && note.pinned == pinned);
            let (pinned, loose, both) =
                (Tasks::all().pinned(), Tasks::all().loose(), Tasks::all().pinned() | Tasks::all().loose());
            let found =
                context.realise((&pinned, loose.count(), both.count(), pinned.tasks().pinned().exists())).unwrap();
            assert_eq!(found.0.len(), of_tasks(true).count(), "{store}");
            assert!(found.0.is_sorted_by(|a, b| (&a.body, a.id) >= (&b.body, b.id)), "the relation's order; {store}");
            assert_eq!(found.1, of_tasks(false).count() as u64, "{store}");
            assert_eq!(found.2, (of_tasks(true).count() + of_tasks(false).count()) as u64, "{store}");
            assert!(found.3, "{store}");
            let has = |task: &Task, pinned| {
                data.notes.iter().any(|note| note.task_id == Some(task.id) && note.pinned == pinned)
            };
            let asked = (
                Tasks::all().filter(task::pinned.is_not_empty()).count(),
                Tasks::all().filter(task::pinned.none(note::pinned.eq(false))).count(),
                Tasks::all().filter(task::loose.all(note::pinned.eq(false))).count(),
                Tasks::all().filter(task::seniors.exists(member::rank.lt(2))).count(),
                Tasks::all().filter(task::loose.leads_into(Notes::all())).count(),
            );
            let loose = data.tasks.iter().filter(|task| has(task, false)).count() as u64;
            let pinned = data.tasks.iter().filter(|task| has(task, true)).count() as u64;
            assert_eq!(context.realise(asked).unwrap(), (pinned, 20, 20, 0, loose), "{store}");
            let seniors = context.realise(Tasks::all().seniors()).unwrap();
            assert!(!seniors.is_empty() && seniors.iter().all(|member| member.rank >= Some(2)), "{store}");
            assert!(seniors.is_sorted_by_key(|member| &member.name), "{store}");
        },
    );
}

/// The plan and the statements show what is left out.
#[test]
fn r11_conditions_are_in_the_plan() {
    let plan = TaskParts::plan();
    let text = plan.to_string();
    let expected = [
        "notes by task_id where pinned = true, order by body desc, id desc",
        "notes by task_id where pinned = true, 1 per Task, order by body desc, id desc",
        "notes by task_id where pinned = false, order by body",
        "notes by task_id where not (body = \"a\") and not (pinned = true), 1 per Task",
        "notes: aggregates by task_id where pinned = true",
        "watches by task_id where member_id in (id of members where rank >= 2), order by name",
    ];
    for line in expected {
        assert!(text.contains(&format!(". {line}\n")), "{line} is not in\n{text}");
    }
    assert!(plan.mermaid().contains("notes: aggregates by task_id where pinned = true"), "{}", plan.mermaid());
    for mut fresh in stores::every(TABLES) {
        let explained = fresh.context().explain(Tasks::all().view::<TaskParts>()).unwrap();
        let statements: Vec<_> = explained.statements().iter().map(|statement| statement.text.to_lowercase()).collect();
        let of = |table: &str, what: &str| {
            let cut = |text: &&String| {
                text.contains(table) && text.split_once("where").is_some_and(|(_, after)| after.contains(what))
            };
            statements.iter().filter(cut).count()
        };
        assert_eq!((of("notes", "pinned"), of("watches", "rank")), (7, 4), "{explained}");
    }
}

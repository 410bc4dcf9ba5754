//! Random rows, groups, views and edits: what memory says of them, every store says, to the last element, in the same
//! order, with the same errors. What does not depend on a store is looked at too, so that memory is not its own witness.

use super::super::domain::data::Data;
use super::super::domain::*;
use super::super::random::{Any, Draw, Program, Test, data, program, test};
use super::super::trial::{Trial, memory};
use super::those;
use crate::context::{Context, Error};
use crate::edit::{Changes, Edit};
use crate::engine::Batch;
use crate::prelude::*;
use std::collections::BTreeMap;

type Rows = Result<Vec<Vec<String>>, Vec<String>>;

/// What a store answers: rows as text, or the errors of all failing rows.
fn realise(context: &mut Context<'_>, asked: &[(Any, u8)]) -> Rows {
    let mut batch = Batch::new();
    let answers: Vec<_> = asked.iter().map(|(group, view)| group.ask(*view, &mut batch)).collect();
    match context.realise(batch) {
        Ok(mut page) => Ok(answers.into_iter().map(|answer| answer(&mut page)).collect()),
        Err(Error::Rows(rows)) => {
            let mut errors: Vec<_> = rows.into_iter().map(|row| format!("{row:?}")).collect();
            // Rows that are found by their key come in no order.
            errors.sort();
            Err(errors)
        }
        Err(other) => panic!("{asked:?}: {other}"),
    }
}

/// Takes away whatever is there.
fn clear(context: &mut Context<'_>) {
    context.delete_all(&Pings::all()).unwrap();
    context.delete_all(&Votes::all()).unwrap();
    context.delete_all(&Watches::all()).unwrap();
    context.delete_all(&Notes::all()).unwrap();
    context.delete_all(&Tasks::all()).unwrap();
    context.delete_all(&Members::all()).unwrap();
    context.delete_all(&Teams::all()).unwrap();
}

/// So many random domains, each with what was drawn for it, on memory and on the store.
fn beside(at: &Trial<'_>, times: u64, mut check: impl FnMut(&mut Draw, &Data, &mut Context<'_>, &mut Context<'_>)) {
    let place = at.place(TABLES);
    let context = &mut place.context();
    for seed in 0..times {
        let draw = &mut Draw::new(seed);
        let data = data(draw);
        let memory = &mut memory();
        data.insert(memory).unwrap();
        clear(context);
        data.insert(context).unwrap();
        check(draw, &data, memory, context);
    }
}

/// Groups and views, each by itself, all at once, and counted.
pub(crate) fn groups_and_views(at: &Trial<'_>) {
    let (mut some, mut errors) = (0, 0);
    beside(at, 60, |draw, _, memory, context| {
        let programs: Vec<Program> = (0..=draw.below(3)).map(|_| program(draw)).collect();
        let asked: Vec<_> = programs.iter().map(|program| (program.group(), program.view)).collect();
        for ask in &asked {
            let (expected, count) = (realise(memory, std::slice::from_ref(ask)), ask.0.count(memory).unwrap());
            assert_eq!(realise(context, std::slice::from_ref(ask)), expected, "{ask:?}");
            assert_eq!(ask.0.count(context).unwrap(), count, "{ask:?}");
            match expected {
                Ok(rows) => {
                    assert_eq!((rows[0].len() as u64, !rows[0].is_empty()), count, "{ask:?}");
                    some += usize::from(count.1);
                }
                Err(_) => errors += 1,
            }
        }
        assert_eq!(realise(context, &asked), realise(memory, &asked), "{asked:?}");
    });
    assert!(some > 20 && errors > 3, "a comparison of nothing with nothing: {some} with rows, {errors} with errors");
}

/// A filter and its complement are the whole.
pub(crate) fn complements(at: &Trial<'_>) {
    beside(at, 40, |draw, _, _, context| {
        let program = program(draw);
        let (group, test) = (program.group(), test(draw, 3));
        let (yes, no) = (group.filter(&test), group.filter(&Test::Not(Box::new(test.clone()))));
        let mut count = |group: &Any| group.count(context).unwrap().0;
        assert_eq!(count(&yes) + count(&no), count(&group), "{test:?} on {group:?}");
        if let Ok(mut rows) = realise(context, &[(yes, 0), (no, 0), (group, 0)]) {
            let mut whole = rows.pop().unwrap();
            let mut parts = rows.concat();
            whole.sort();
            parts.sort();
            assert_eq!(parts, whole, "{test:?}");
        }
    });
}

/// The predicates and orders of one entity, as the rows in hand say.
pub(crate) fn of_rows_in_hand(at: &Trial<'_>) {
    beside(at, 40, |draw, data, _, context| {
        let (least, title) = (i32::try_from(draw.below(4)).unwrap(), ["", "a", "A", "b%"][draw.below(4) as usize]);
        let group =
            Tasks::all().filter((task::heat.ge(least) & task::title.starts_with(title)) | task::score.is_null());
        let is = |task: &Task| (task.heat >= least && task.title.starts_with(title)) || task.score.is_none();
        let mut expected = those(&data.tasks, is);
        assert_eq!(context.realise(&group).unwrap(), expected);
        expected.sort_by_key(|task| (task.title.clone(), std::cmp::Reverse(task.assignee_id), task.id));
        let ordered = group.order_by((task::title.asc(), task::assignee_id.desc()));
        assert_eq!(context.realise(ordered).unwrap(), expected);
    });
}

/// Edits of many rows: of one column, of several, of none; sums; rows that come and go; beside a map.
pub(crate) fn edits(at: &Trial<'_>) {
    let place = at.place(&[Team::TABLE, Member::TABLE]);
    let context = &mut place.context();
    let mut model: BTreeMap<i32, Member> = BTreeMap::new();
    let draw = &mut Draw::new(7);
    let names = ["", "a", "A", "a ", "\u{e9}", "b%", "'"];
    for step in 0..80 {
        let some = |draw: &mut Draw| names[draw.below(7) as usize].to_owned();
        let rank = |draw: &mut Draw| (!draw.one_in(3)).then(|| i32::from(draw.byte()) % 5);
        match draw.below(6) {
            0 | 1 => {
                let new = Member { id: step, name: some(draw), rank: rank(draw), team_name: None, manager_id: None };
                context.insert(&new).unwrap();
                model.insert(step, new);
            }
            2 if draw.one_in(2) => {
                let rank = rank(draw);
                let gone =
                    context.delete_all(&Members::all().filter(member::rank.eq(rank) & member::id.lt(30))).unwrap();
                let before = model.len();
                model.retain(|id, member| member.rank != rank || *id >= 30);
                assert_eq!(gone, (before - model.len()) as u64);
            }
            3 => {
                let (name, rank) = (some(draw), rank(draw));
                let group = Members::all().filter(member::name.ge(name.as_str()) & member::rank.is_not_null());
                let written = context.update(&group, Changes::new().set(member::manager_id, rank)).unwrap();
                let those = model.values_mut().filter(|member| member.name >= name && member.rank.is_some());
                assert_eq!(written, those.map(|member| member.manager_id = rank).count() as u64);
            }
            _ => {
                let mut edits = context.edit_all(Members::all().view::<Member>()).unwrap();
                for edit in &mut edits {
                    let what = draw.byte();
                    if what & 1 > 0 {
                        edit.name = some(draw);
                    }
                    if what & 2 > 0 {
                        edit.rank = rank(draw);
                    }
                    if what & 12 == 12 {
                        edit.manager_id = rank(draw);
                    }
                    model.insert(edit.id, (**edit).clone());
                }
                context.save_all(&mut edits).unwrap();
                assert!(edits.iter().all(|edit| !Edit::is_changed(edit) && model[&edit.id] == **edit));
            }
        }
        let stored = context.realise(Members::all()).unwrap();
        assert_eq!(stored, model.values().cloned().collect::<Vec<_>>(), "at step {step}");
    }
    assert!(model.len() > 5);
}

//! Generic functions over all views that flatten a common part, and over the part itself.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

use persist::prelude::*;
use persist_tests::stores;
use persist_tests::tracker::*;
use std::sync::Arc;

/// A line, its owner, and how much is said of it.
#[derive(Debug, PartialEq, View)]
#[view(of = Task, budget = 2)]
struct OwnedTask {
    #[view(flatten, as_ref)]
    line: TaskLine,
    owner: Arc<MemberName>,
}

/// A line with its notes.
#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
struct NotedTask {
    state: State,
    #[view(flatten, as_ref)]
    line: TaskLine,
    notes: Vec<Note>,
}

/// A part that holds a part, of which both are given out, and the entity as a part besides.
#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
struct WholeTask {
    #[view(as_ref(OwnedTask, TaskLine), flatten)]
    owned: OwnedTask,
    #[view(flatten, as_ref)]
    task: Task,
}

fn is_hot(task: &impl AsRef<TaskLine>) -> bool {
    task.as_ref().heat > 10
}

fn owner_of(task: &impl AsRef<OwnedTask>) -> &str {
    &task.as_ref().owner.name
}

fn is_open(task: &impl AsRef<Task>) -> bool {
    task.as_ref().state == State::Open
}

/// Without a store: a view is a plain struct.
#[test]
fn a_part_is_the_parts_own_rows() {
    let line = |heat| TaskLine { id: task_id(1), title: "t".into(), heat };
    let owner = || Arc::new(MemberName { id: 1, name: "Ada".into() });
    assert!(is_hot(&line(11)) && !is_hot(&line(10)));
    assert!(is_hot(&OwnedTask { line: line(11), owner: owner() }));
    assert!(!is_hot(&NotedTask { state: State::Open, line: line(3), notes: Vec::new() }));
    let tasks = [OwnedTask { line: line(11), owner: owner() }, OwnedTask { line: line(2), owner: owner() }];
    assert_eq!(tasks.iter().filter(|task| is_hot(*task)).count(), 1);
    assert_eq!(owner_of(&tasks[0]), "Ada");
}

#[test]
fn parts_of_rows_that_were_loaded() {
    for mut fresh in stores::every(TABLES) {
        let mut context = fresh.context();
        context.insert(&Member { id: 1, name: "Ada".into(), rank: None, team_name: None, manager_id: None }).unwrap();
        let task = |n, heat, state| Task {
            id: task_id(n),
            title: "t".into(),
            heat,
            score: None,
            state,
            owner_id: 1,
            assignee_id: None,
        };
        context.insert_all(&[task(1, 5, State::Open), task(2, 50, State::Closed)]).unwrap();
        let all = Tasks::all();
        let (lines, owned, noted, whole, tasks) = context
            .realise((
                all.view::<TaskLine>(),
                all.view::<OwnedTask>(),
                all.view::<NotedTask>(),
                all.view::<WholeTask>(),
                &all,
            ))
            .unwrap();
        assert_eq!(lines.iter().map(is_hot).collect::<Vec<_>>(), [false, true]);
        assert_eq!(owned.iter().map(is_hot).collect::<Vec<_>>(), [false, true]);
        assert_eq!(noted.iter().map(is_hot).collect::<Vec<_>>(), [false, true]);
        assert_eq!(whole.iter().map(is_hot).collect::<Vec<_>>(), [false, true], "a part of a part");
        assert_eq!(whole.iter().map(owner_of).collect::<Vec<_>>(), ["Ada", "Ada"]);
        assert_eq!(whole.iter().map(is_open).collect::<Vec<_>>(), [true, false]);
        assert_eq!(tasks.iter().map(is_open).collect::<Vec<_>>(), [true, false], "an entity is a view of itself");
    }
}

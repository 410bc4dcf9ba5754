//! The engine with no store at all: its fetches are read, its rows are fed by hand.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use persist::engine::{Asks, Failed, Keys, Run, Task};
use persist::group::Scopes;
use persist::{Problem, Request, Value};
use persist_tests::*;

type Rows = Vec<Vec<Value>>;

fn int(value: i64) -> Value {
    Value::Int(value)
}

/// Runs `request`; `answer` gives the rows of each fetch.
fn drive<R: Request>(
    request: R,
    max_keys: usize,
    mut answer: impl FnMut(usize, &Task) -> Rows,
) -> Result<R::Output, Failed> {
    let mut asks = Asks::default();
    let ticket = request.ask(&mut asks);
    let mut run = Run::new(asks, Scopes::new()).unwrap();
    let mut round = 0;
    loop {
        let tasks = run.next_round(|_| max_keys);
        if tasks.is_empty() {
            let mut results = run.finish()?;
            return R::answer(ticket, &mut results).map_err(|_| Failed::Broken);
        }
        round += 1;
        for task in &tasks {
            let rows = answer(round, task);
            let mut sink = run.sink(task);
            rows.iter().for_each(|row| sink.row(&row.as_slice()));
        }
    }
}

fn person(id: i64) -> Vec<Value> {
    vec![int(id), format!("p{id}").as_str().into(), Value::Null]
}

#[test]
fn fetches_go_out_in_rounds_and_rows_come_in_any_order() {
    let mut seen = Vec::new();
    let bugs = drive(Bugs::all().view::<BugPage>(), usize::MAX, |round, task| {
        let fetch = task.fetch.to_string();
        let rows = answer(&fetch);
        seen.push(format!("{round}: {fetch}"));
        rows
    })
    .unwrap();
    let parts: Vec<_> = bugs.iter().map(|page| (page.id, page.assignee.as_ref().map(|p| p.name.as_str()))).collect();
    assert_eq!(parts, [(1, Some("p7")), (2, None), (3, Some("p7"))]);
    let comments: Vec<Vec<i64>> = bugs.iter().map(|page| page.comments.iter().map(|c| c.id).collect()).collect();
    assert_eq!(comments, [vec![10], vec![], vec![12, 11]], "stitched by key, each list in the order its rows came");
    assert_eq!(
        seen,
        [
            "1: id, assignee_id of bugs",
            "2: bug_id, id, author_id of comments by bug_id of 3 keys",
            "3: id, nick, picture of persons by id of 2 keys",
        ]
    );
}

fn answer(fetch: &str) -> Rows {
    if fetch.contains("of bugs") {
        vec![vec![int(1), int(7)], vec![int(2), Value::Null], vec![int(3), int(7)]]
    } else if fetch.contains("of comments") {
        // Of bug 3, then 1, then 3 again.
        vec![vec![int(3), int(12), int(8)], vec![int(1), int(10), int(8)], vec![int(3), int(11), int(7)]]
    } else {
        vec![person(8), person(7)]
    }
}

#[test]
fn keys_past_the_limit_go_out_in_chunks() {
    let mut chunks = Vec::new();
    let bugs = drive(Bugs::all().view::<BugPage>(), 2, |_, task| {
        chunks.push(task.is_chunk);
        let keys = task.fetch.keyed.as_ref().map(|keyed| match &keyed.keys {
            Keys::Given(keys) => keys.iter().map(|key| key[0].clone()).collect::<Vec<_>>(),
            Keys::Selected(_) => panic!("nothing asks for that"),
        });
        let mut rows = answer(&task.fetch.to_string());
        rows.retain(|row| keys.as_ref().is_none_or(|keys| keys.contains(&row[0])));
        rows
    });
    assert_eq!(bugs.unwrap().len(), 3);
    assert_eq!(chunks, [false, false, true, false], "three keys of comments, two of people");
}

#[test]
fn a_missing_row_is_named_and_a_faulty_one_is_not_missing() {
    let none = drive(Bugs::all().view::<BugPage>(), usize::MAX, |_, task| {
        if task.fetch.table().name == "persons" { Vec::new() } else { answer(&task.fetch.to_string()) }
    });
    let Err(Failed::Rows(rows)) = none else { panic!("let through") };
    let texts: Vec<_> = rows.rows().iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "Bug 1, field `assignee` of `BugPage`: it refers to Person 7, which is not there",
            "Bug 3, field `assignee` of `BugPage`: it refers to Person 7, which is not there",
            "Comment 12, field `author` of `Remark`: it refers to Person 8, which is not there",
            "Comment 10, field `author` of `Remark`: it refers to Person 8, which is not there",
            "Comment 11, field `author` of `Remark`: it refers to Person 7, which is not there",
        ]
    );
    let faulty = drive(Bugs::all().view::<BugPage>(), usize::MAX, |_, task| {
        let mut rows = answer(&task.fetch.to_string());
        if task.fetch.table().name == "persons" {
            rows[1][1] = int(5);
        }
        rows
    });
    let Err(Failed::Rows(rows)) = faulty else { panic!("let through") };
    let [row] = rows.rows() else { panic!("{rows}") };
    assert_eq!((row.entity, row.field, row.column, &row.key), ("Person", "name", Some("nick"), &vec![int(7)]));
    assert!(matches!(row.problem, Problem::Unfit(_)));
}

#[test]
fn an_empty_group_asks_for_nothing_more() {
    let mut asked = 0;
    let bugs = drive(Bugs::all().view::<BugPage>(), usize::MAX, |_, _| {
        asked += 1;
        Vec::new()
    });
    assert_eq!((bugs.unwrap().len(), asked), (0, 1));
    let none = drive((Bugs::from_keys([]), Bugs::from_keys([]).count()), usize::MAX, |_, _| panic!("asked"));
    assert_eq!(none.unwrap(), (vec![], 0));
}

/// A view for these tests: a bug with who works on it, and what was said.
#[derive(Debug, persist::View)]
#[view(of = Bug, budget = 3)]
struct BugPage {
    id: i32,
    assignee: Option<std::sync::Arc<Person>>,
    comments: Vec<Remark>,
}

#[derive(Debug, persist::View)]
#[view(of = Comment)]
struct Remark {
    id: i64,
    #[allow(dead_code, reason = "loaded with the rest")]
    author: std::sync::Arc<Person>,
}

//! Which indexes a request misses: what the databases say of how they would run it.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use persist::engine::Request;
use persist::prelude::*;
use persist_tests::data::Data;
use persist_tests::stores::{self, Fresh};
use persist_tests::tracker::*;

#[derive(Debug, View)]
#[view(of = Member)]
#[allow(dead_code, reason = "nothing is loaded")]
struct Page {
    name: String,
    assigned: Vec<Task>,
    #[view(count(owned))]
    owned: i64,
    #[view(from = watched, limit = 2, order_by = task::heat.desc())]
    hottest: Vec<Task>,
}

/// The indexes that `stores` makes for references.
const REFERENCES: [(&str, &str); 3] =
    [("tasks", "tasks_owner_id_idx"), ("tasks", "tasks_assignee_id_idx"), ("watches", "watches_member_id_idx")];

fn hints<R: Request>(store: &mut Fresh, request: R) -> Vec<String> {
    let plan = store.context().explain_indexes(request).unwrap();
    let hints: Vec<String> =
        plan.statements().iter().flat_map(|statement| &statement.hints).map(ToString::to_string).collect();
    assert!(hints.iter().all(|hint| plan.to_string().contains(&format!("\n    {hint}\n"))), "{plan}");
    hints
}

fn scans(table: &str, columns: &str) -> Vec<String> {
    vec![format!("scans {table}: an index on {table}({columns}) would serve")]
}

fn databases(rows: u32) -> Vec<Fresh> {
    let mut stores = stores::databases(TABLES);
    stores.iter_mut().for_each(|store| Data::of(rows).insert(&mut store.context()).unwrap());
    stores
}

#[test]
fn an_edge_without_its_index_is_named() {
    for mut store in [0, 1, 40].into_iter().flat_map(databases) {
        assert_eq!(hints(&mut store, Members::all().view::<Page>()), [""; 0], "{}", store.name());
        store.drop_index("tasks", "tasks_assignee_id_idx");
        let missing = scans("tasks", "assignee_id");
        assert_eq!(hints(&mut store, Members::all().view::<Page>()), missing, "{}", store.name());
        store.execute("CREATE INDEX again ON tasks (assignee_id, heat)");
        assert_eq!(hints(&mut store, Members::all().view::<Page>()), [""; 0], "{}", store.name());
        store.drop_index("tasks", "tasks_owner_id_idx");
        store.drop_index("watches", "watches_member_id_idx");
        let missing = hints(&mut store, Members::all().view::<Page>());
        assert!(missing.contains(&scans("tasks", "owner_id")[0]), "{}: {missing:?}", store.name());
        // PostgreSQL reads the key's index, in which the column comes second.
        let by_key = store.name() == "PostgreSQL";
        assert_eq!(missing.contains(&scans("watches", "member_id")[0]), !by_key, "{}: {missing:?}", store.name());
        assert_eq!(missing.len(), if by_key { 1 } else { 2 }, "{}: {missing:?}", store.name());
    }
}

#[test]
fn a_filter_without_an_index_is_named_with_its_order() {
    for mut store in [0, 40].into_iter().flat_map(databases) {
        let open = || Tasks::all().filter(task::state.eq(State::Open)).order_by(task::heat.desc()).limit(3);
        assert_eq!(hints(&mut store, open()), scans("tasks", "state, heat"), "{}", store.name());
        assert_eq!(hints(&mut store, open().count()), scans("tasks", "state"), "{}", store.name());
        // No index of MySQL's takes the whole of a text of any length.
        let state = if matches!(store, Fresh::Mysql(_)) { "state(20)" } else { "state" };
        store.execute(&format!("CREATE INDEX by_state ON tasks ({state}, heat)"));
        assert_eq!(hints(&mut store, open()), [""; 0], "{}", store.name());
        store.drop_index("tasks", "by_state");
        let hot = || Tasks::all().filter(task::heat.gt(3));
        assert_eq!(hints(&mut store, hot()), scans("tasks", "heat"), "{}", store.name());
        store.execute("CREATE INDEX by_heat ON tasks (heat)");
        assert_eq!(hints(&mut store, hot()), [""; 0], "{}", store.name());
    }
}

#[test]
fn a_traversal_without_its_index_is_named() {
    for mut store in [0, 40].into_iter().flat_map(databases) {
        let theirs = || Members::from_keys([1]).owned();
        assert_eq!(hints(&mut store, theirs()), [""; 0], "{}", store.name());
        store.drop_index("tasks", "tasks_owner_id_idx");
        assert_eq!(hints(&mut store, theirs()), scans("tasks", "owner_id"), "{}", store.name());
    }
}

#[test]
fn what_reads_a_table_by_right_is_not_named() {
    for mut store in databases(40) {
        REFERENCES.iter().for_each(|(table, index)| store.drop_index(table, index));
        assert_eq!(hints(&mut store, Tasks::all().order_by(task::heat.asc())), [""; 0], "{}", store.name());
        assert_eq!(hints(&mut store, (Tasks::all().count(), Watches::all().exists())), [""; 0]);
        assert_eq!(hints(&mut store, Tasks::from_keys([task_id(1)])), [""; 0], "{}", store.name());
        assert_eq!(hints(&mut store, Tasks::all().owners()), [""; 0], "{}", store.name());
        // No one index serves these.
        assert_eq!(hints(&mut store, Tasks::all().filter(task::heat.eq(1) | task::owner_id.eq(2))), [""; 0]);
        assert_eq!(hints(&mut store, Tasks::all().filter(task::title.contains("task"))), [""; 0]);
    }
}

#[test]
fn asking_leaves_nothing_behind() {
    for mut store in databases(3) {
        let mut context = store.context();
        let before = context.stats();
        context.explain_indexes(Tasks::all().filter(task::heat.eq(1))).unwrap();
        assert_eq!((context.stats() - before).statements, 0);
        drop(context);
        assert_eq!(store.depth(), 0);
        if let Fresh::Postgres(postgres) = &mut store {
            // Nor in a transaction of the caller's.
            use diesel::{Connection, RunQueryDsl, sql_types::Text};
            let seen = postgres.connection.transaction(|connection| {
                Context::borrowing(connection).explain_indexes(Tasks::all().filter(task::heat.eq(1))).unwrap();
                diesel::select(diesel::dsl::sql::<Text>("current_setting('enable_seqscan')"))
                    .get_result::<String>(connection)
            });
            assert_eq!(seen.unwrap(), "on");
        }
    }
    let memory = persist::MemoryStore::new();
    let plan = Context::memory(&memory).explain_indexes(Tasks::all().filter(task::heat.eq(1))).unwrap();
    assert!(plan.statements()[0].hints.is_empty());
}

/// SQLite would look up each pair of two sets over one index: rows are found by their keys, whatever else narrows them.
#[test]
fn sets_over_one_index_are_not_multiplied() {
    let mut sqlite = stores::sqlite(TABLES);
    let plan = |sqlite: &mut Fresh, watches: Watches| {
        sqlite.context().explain(watches.count()).unwrap().statements()[0].text.clone()
    };
    let (some, others) = (Members::all().filter(member::rank.gt(1)), Tasks::all().filter(task::heat.gt(1)));
    let both = watch::member.leads_into(&some) & watch::task.leads_into(&others);
    let text = plan(&mut sqlite, Watches::all().filter(both));
    assert!(text.contains("+t1.`member_id` IN") && text.contains(" AND t1.`task_id` IN"), "{text}");
    let text = plan(&mut sqlite, Watches::all().filter(watch::member.leads_into(&some)));
    assert!(text.contains("WHERE t1.`member_id` IN"), "{text}");

    let view = Tasks::all().view::<persist_tests::figures::TaskFigures>();
    let explained = sqlite.context().explain(view).unwrap();
    let narrowed = |text: &str| text.contains("json_each") && text.contains(" AND +t1.`member_id` IN");
    assert!(explained.statements().iter().any(|statement| narrowed(&statement.text)), "{explained}");
}

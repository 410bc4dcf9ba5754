//! Whatever connection a program has: Diesel's own, pooled, or an asynchronous one behind its wrapper. They read, edit and
//! collide alike, within the caller's transaction and without; and no statement is kept for a number of rows.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use diesel::connection::{Connection, DefaultLoadingMode, InstrumentationEvent, LoadConnection, SimpleConnection};
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Error as PoolError, Pool, R2D2Connection};
use diesel::result::Error::RollbackTransaction;
use diesel::{PgConnection, SqliteConnection};
use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use persist::prelude::*;
use persist::store::diesel::Dialect;
use persist::{Error, Fault};
use persist_tests::data::Data;
use persist_tests::stores::{self, Fresh, MysqlConnection, TempDir};
use persist_tests::tracker::*;
use std::sync::{Arc, Mutex};

type AsyncPg = AsyncConnectionWrapper<AsyncPgConnection>;

const ROWS: u32 = 30;

fn fill<C: LoadConnection<DefaultLoadingMode, Backend: Dialect>>(connection: &mut C) {
    Data::of(ROWS).insert(&mut Context::borrowing(connection)).unwrap();
}

fn heat(context: &mut Context<'_>) -> i32 {
    context.realise(Tasks::from_keys([task_id(0)])).unwrap()[0].heat
}

/// What every connection does: over tables that were filled before.
fn works<C: LoadConnection<DefaultLoadingMode, Backend: Dialect> + Send>(connection: &mut C) {
    let mut context = Context::borrowing(connection);
    let all = Data::of(ROWS);
    let pages = context.realise(Tasks::all().view::<TaskPage>()).unwrap();
    assert_eq!(pages.len(), all.tasks.len());
    let of_tasks = all.notes.iter().filter(|note| note.task_id.is_some()).count();
    assert_eq!(pages.iter().map(|page| page.notes.len()).sum::<usize>(), of_tasks);

    let mut task = context.edit::<Task>(task_id(0)).unwrap();
    task.title = "renamed".to_owned();
    context.save(&mut task).unwrap();
    let before = heat(&mut context);
    let undone: Result<(), Error> = context.transaction(|context| {
        let mut task = context.edit::<Task>(task_id(0))?;
        task.heat += 1;
        context.save(&mut task)?;
        Err(context.insert_all(&all.teams).unwrap_err())
    });
    assert!(undone.unwrap_err().store().is_some_and(|error| matches!(error.fault(), Fault::Duplicate(_))));
    assert_eq!(heat(&mut context), before);
    drop(context);

    // The caller's own transaction stays theirs.
    let undone = connection.transaction(|connection| {
        let mut context = Context::borrowing(connection);
        let mut task = context.edit::<Task>(task_id(0)).unwrap();
        task.heat += 1;
        context.save(&mut task).unwrap();
        assert_eq!(heat(&mut context), before + 1);
        Err::<(), _>(RollbackTransaction)
    });
    assert_eq!(undone, Err(RollbackTransaction));
    assert_eq!(heat(&mut Context::borrowing(connection)), before);
}

/// Through a pool; each connection is told first what it needs.
fn pooled<C>(url: &str, first: String)
where
    C: R2D2Connection + LoadConnection<DefaultLoadingMode, Backend: Dialect> + Send + 'static,
{
    let manager = ConnectionManager::<C>::new(url);
    let pool = Pool::builder().max_size(2).connection_customizer(Box::new(First(first))).build(manager).unwrap();
    works(&mut pool.get().unwrap());
    let mut owned = Context::owning(pool.get().unwrap());
    std::thread::spawn(move || assert_eq!(owned.realise(Tasks::all().count()).unwrap(), u64::from(ROWS)))
        .join()
        .unwrap();
    assert_eq!(pool.state().connections, pool.state().idle_connections, "they come back");
}

#[derive(Debug)]
struct First(String);

impl<C: SimpleConnection + 'static> CustomizeConnection<C, PoolError> for First {
    fn on_acquire(&self, connection: &mut C) -> Result<(), PoolError> {
        connection.batch_execute(&self.0).map_err(PoolError::QueryError)
    }
}

#[test]
fn of_sqlite() {
    let dir = TempDir::new();
    let mut connection = stores::sqlite_at(&dir);
    connection.batch_execute(&stores::sqlite_tables(TABLES)).unwrap();
    fill(&mut connection);
    works(&mut connection);
    pooled::<SqliteConnection>(&dir.path().join("test.db").display().to_string(), String::new());
}

#[test]
fn of_postgres() {
    let Some(Fresh::Postgres(mut postgres)) = stores::postgres(TABLES) else { return };
    fill(&mut postgres.connection);
    works(&mut postgres.connection);
    pooled::<PgConnection>(postgres.url(), postgres.search_path());
    let mut connection = AsyncPg::establish(postgres.url()).unwrap();
    connection.batch_execute(&postgres.search_path()).unwrap();
    works(&mut connection);
    pooled::<AsyncPg>(postgres.url(), postgres.search_path());
}

#[test]
fn of_mysql() {
    let Some(Fresh::Mysql(mut mysql)) = stores::mysql(TABLES) else { return };
    fill(&mut mysql.connection);
    works(&mut mysql.connection);
    pooled::<MysqlConnection>(&mysql.url(), "SELECT 1".to_owned());
}

/// Realises and edits more and more rows: no statement is kept anew for their number.
fn keeps_no_more_for_more_rows<C: LoadConnection<DefaultLoadingMode, Backend: Dialect>>(connection: &mut C) {
    fill(connection);
    let kept = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&kept);
    connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::CacheQuery { sql, .. } = event {
            heard.lock().unwrap().push(sql.to_owned());
        }
    });
    let mut work = |rows: u32| {
        let mut context = Context::borrowing(connection);
        let asked = Tasks::from_keys((0..rows).map(task_id));
        assert_eq!(context.realise(asked.view::<TaskPage>()).unwrap().len(), rows as usize);
        let mut edits = context.edit_all(asked.view::<Task>()).unwrap();
        let mut work = Work::new();
        for task in &mut edits {
            task.heat += 1;
            let _ = work.save(task);
        }
        context.commit(work).unwrap();
    };
    // Where a statement has one of few lengths, one of each.
    [1, 2, 4, 16, ROWS].into_iter().for_each(&mut work);
    let few = kept.lock().unwrap().len();
    assert!(few > 0);
    (1..=ROWS).for_each(&mut work);
    let more = kept.lock().unwrap().split_off(few);
    assert!(more.is_empty(), "{more:#?}");
}

#[test]
fn no_statement_is_kept_for_a_number_of_rows() {
    for fresh in stores::databases(TABLES) {
        match fresh {
            Fresh::Sqlite(mut connection) => keeps_no_more_for_more_rows(&mut connection),
            Fresh::Postgres(mut postgres) => keeps_no_more_for_more_rows(&mut postgres.connection),
            Fresh::Mysql(mut mysql) => keeps_no_more_for_more_rows(&mut mysql.connection),
            Fresh::Memory(_) | Fresh::File(..) => {}
        }
    }
}

//! Transactions: the caller's own stay the caller's; a realise of several statements sees one state; whatever fails, no
//! transaction stays open. On plain, pooled and instrumented connections.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use diesel::connection::{InstrumentationEvent, LoadConnection, SimpleConnection};
use diesel::r2d2::{ConnectionManager, Pool};
use diesel::{Connection, PgConnection, SqliteConnection};
use persist::store::diesel::Dialect;
use persist::{Context, MemoryStore};
use persist_tests::data::Data;
use persist_tests::hooked::Hooked;
use persist_tests::stores::{self, Fresh, TempDir};
use persist_tests::tracker::*;
use std::sync::{Arc, Mutex};

type Log = Arc<Mutex<Vec<String>>>;

/// Notes every statement and every transaction of `connection`.
fn instrument<C: Connection>(connection: &mut C) -> Log {
    let log = Log::default();
    let inner = Arc::clone(&log);
    connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            inner.lock().unwrap().push(query.to_string());
        }
    });
    log
}

/// What begins and ends, whether Diesel has sent it or, of a snapshot on a server, persist.
fn control(log: &Log) -> Vec<&'static str> {
    let words = log.lock().unwrap();
    let meant = |text: &String| match text.split([' ', ';']).next()? {
        "BEGIN" => Some("begin"),
        "SET" if text.contains("START TRANSACTION") => Some("begin"),
        "COMMIT" => Some("commit"),
        "ROLLBACK" => Some("rollback"),
        _ => None,
    };
    words.iter().filter_map(meant).collect()
}

fn note(id: i64) -> Note {
    Note { id, task_id: Some(task_id(0)), author_id: 0, body: "late".into(), pinned: true }
}

fn inside_a_transaction_of_the_callers<C>(connection: &mut C)
where
    C: LoadConnection<Backend: Dialect>,
{
    Data::of(12).insert(&mut Context::borrowing(connection)).unwrap();
    let log = instrument(connection);
    let rolled_back = connection.transaction::<(), diesel::result::Error, _>(|connection| {
        let mut context = Context::borrowing(connection);
        context.insert(&note(500)).unwrap();
        let pages = context.realise(Tasks::from_keys([task_id(0)]).view::<TaskPage>()).unwrap();
        assert!(pages[0].notes.iter().any(|note| note.id == 500), "one's own rows are seen");
        assert_eq!(pages[0].note_count, pages[0].notes.len() as i64);
        drop(context);
        assert_eq!(control(&log), ["begin"], "nothing is begun or ended but by the caller");
        Err(diesel::result::Error::RollbackTransaction)
    });
    assert!(rolled_back.is_err());
    assert_eq!(control(&log), ["begin", "rollback"]);
    let mut context = Context::borrowing(connection);
    assert!(context.realise(Notes::from_keys([500])).unwrap().is_empty(), "and it was the caller's to undo");
    log.lock().unwrap().clear();
    context.realise(Tasks::all()).unwrap();
    assert_eq!(control(&log), [] as [&str; 0], "one statement sees one state by itself");
    context.realise(Tasks::all().view::<TaskPage>()).unwrap();
    assert_eq!(control(&log), ["begin", "commit"]);
    log.lock().unwrap().clear();
    let mut context = context.with_snapshots(false);
    context.realise(Tasks::all().view::<TaskPage>()).unwrap();
    assert_eq!(control(&log), [] as [&str; 0]);
    let queries = log.lock().unwrap().len();
    assert_eq!(queries, TaskPage::STATEMENTS, "and nothing else was sent");
    use persist::View as _;
}

#[test]
fn the_callers_transaction() {
    let Fresh::Sqlite(mut sqlite) = stores::sqlite(TABLES) else { unreachable!() };
    inside_a_transaction_of_the_callers(&mut sqlite);
    if let Some(Fresh::Postgres(mut postgres)) = stores::postgres(TABLES) {
        inside_a_transaction_of_the_callers(&mut postgres.connection);
    }
    if let Some(Fresh::Mysql(mut mysql)) = stores::mysql(TABLES) {
        inside_a_transaction_of_the_callers(&mut mysql.connection);
    }
}

/// Realises a page while somebody else adds a note before each statement; gives what the page says twice: the notes and
/// their number.
fn while_written(fresh: &mut Fresh, snapshots: bool, write: impl FnMut(usize) + Send) -> (i64, i64) {
    let hooked = Hooked::new(fresh.store(), write);
    let mut context = Context::over(hooked).with_snapshots(snapshots);
    let pages = context.realise(Tasks::from_keys([task_id(0)]).view::<TaskPage>()).unwrap();
    (pages[0].notes.len() as i64, pages[0].note_count)
}

fn check_snapshots(fresh: &mut Fresh, mut write: impl FnMut(i64) + Send) {
    Data::of(12).insert(&mut fresh.context()).unwrap();
    let name = fresh.name();
    let mut id = 1_000;
    let mut write = |_| {
        id += 1;
        write(id);
    };
    let (notes, count) = while_written(fresh, true, &mut write);
    assert_eq!(notes, count, "{name}: one state");
    let (later, count) = while_written(fresh, false, &mut write);
    assert!(later > notes && later != count, "{name}: without a snapshot, several: {later}, {count}");
    let (notes, count) = while_written(fresh, true, &mut write);
    assert_eq!(notes, count, "{name}: and again one");
    assert!(notes > later, "{name}: a later one");
    assert_eq!(fresh.depth(), 0);
}

/// Row R8: what another writes between two statements of one realise is not seen.
#[test]
fn r08_several_statements_see_one_state() {
    let store = MemoryStore::new();
    let mut other = Context::memory(&store);
    check_snapshots(&mut Fresh::Memory(store.clone()), move |id| other.insert(&note(id)).unwrap());

    for mut fresh in std::iter::once(stores::sqlite_file(TABLES)).chain(stores::servers(TABLES)) {
        let mut other = fresh.another();
        check_snapshots(&mut fresh, move |id| other.insert(&note(id)).unwrap());
    }
}

/// An error in the middle of a snapshot: the connection goes on, and others are not kept waiting.
#[test]
fn after_an_error() {
    let broken: fn(&mut Fresh) = |fresh| {
        Data::of(5).insert(&mut fresh.context()).unwrap();
        fresh.execute("ALTER TABLE members RENAME TO hidden");
        for _ in 0..3 {
            assert!(fresh.context().realise(Tasks::all().view::<TaskPage>()).is_err());
            assert_eq!(fresh.depth(), 0);
        }
        fresh.execute("ALTER TABLE hidden RENAME TO members");
        let pages = fresh.context().realise(Tasks::all().view::<TaskPage>()).unwrap();
        assert_eq!(pages.len(), 5);
        assert_eq!(fresh.depth(), 0);
        // Rows that do not fit are an error after the snapshot has ended.
        fresh.context().insert(&Note { author_id: 999, ..note(77) }).unwrap();
        assert!(fresh.context().realise(Tasks::all().view::<TaskPage>()).is_err());
        assert_eq!(fresh.depth(), 0);
        fresh.context().insert(&note(78)).unwrap();
    };
    let mut file = stores::sqlite_file(TABLES);
    broken(&mut file);
    let Fresh::File(_, dir) = &file else { unreachable!() };
    Context::owning(stores::sqlite_at(dir)).insert(&note(79)).unwrap();
    stores::servers(TABLES).iter_mut().for_each(broken);
}

/// An error inside of the caller's transaction leaves it as it was.
#[test]
fn after_an_error_inside_of_a_transaction() {
    let Fresh::Sqlite(mut connection) = stores::sqlite(TABLES) else { unreachable!() };
    Data::of(5).insert(&mut Context::borrowing(&mut connection)).unwrap();
    connection
        .transaction::<(), diesel::result::Error, _>(|connection| {
            let mut context = Context::borrowing(connection);
            context.insert(&note(500)).unwrap();
            assert!(context.insert(&note(500)).is_err());
            // Several statements, all or none: a savepoint of its own.
            let many: Vec<_> = (501..30_000).chain([500]).map(note).collect();
            assert!(context.insert_all(&many).is_err());
            assert_eq!(context.realise(Notes::all().filter(note::id.ge(500)).count()).unwrap(), 1);
            Ok(())
        })
        .unwrap();
    assert_eq!(Context::borrowing(&mut connection).realise(Notes::from_keys([500])).unwrap().len(), 1);
}

#[test]
fn pooled_connections() {
    let dir = TempDir::new();
    stores::sqlite_at(&dir).batch_execute(&stores::sqlite_tables(TABLES)).unwrap();
    let path = dir.path().join("test.db").display().to_string();
    let pool = Pool::builder().max_size(2).build(ConnectionManager::<SqliteConnection>::new(path)).unwrap();
    Data::of(5).insert(&mut Context::owning(pool.get().unwrap())).unwrap();
    let mut pooled = pool.get().unwrap();
    let log = instrument(&mut pooled);
    for _ in 0..5 {
        let mut context = Context::borrowing(&mut pooled);
        assert_eq!(context.realise(Tasks::all().view::<TaskPage>()).unwrap().len(), 5);
    }
    assert_eq!(control(&log).len(), 10);
    drop(pooled);
    assert_eq!(pool.state().idle_connections, 2, "a connection comes back to the pool whole");

    // On another thread: a context goes where it is needed.
    let mut context = Context::owning(pool.get().unwrap());
    std::thread::spawn(move || assert_eq!(context.realise(Tasks::all().count()).unwrap(), 5)).join().unwrap();

    let Some(Fresh::Postgres(postgres)) = stores::postgres(TABLES) else { return };
    let mut own = postgres.another();
    Data::of(5).insert(&mut Context::borrowing(&mut own)).unwrap();
    let customize = Customize(postgres.search_path());
    let manager = ConnectionManager::<PgConnection>::new(postgres.url());
    let pool = Pool::builder().max_size(2).connection_customizer(Box::new(customize)).build(manager).unwrap();
    let mut context = Context::owning(pool.get().unwrap());
    assert_eq!(context.realise(Tasks::all().view::<TaskPage>()).unwrap().len(), 5);
}

#[derive(Debug)]
struct Customize(String);

impl diesel::r2d2::CustomizeConnection<PgConnection, diesel::r2d2::Error> for Customize {
    fn on_acquire(&self, connection: &mut PgConnection) -> Result<(), diesel::r2d2::Error> {
        connection.batch_execute(&self.0).map_err(diesel::r2d2::Error::QueryError)
    }
}

/// The text of a statement does not depend on the number of keys: a database prepares it once.
#[test]
fn statements_have_one_text_for_any_number_of_keys() {
    fn texts<C: LoadConnection<Backend: Dialect>>(connection: &mut C, n: u32) -> Vec<String> {
        let log = instrument(connection);
        let mut context = Context::borrowing(connection).with_snapshots(false);
        let keys = (0..n).map(task_id);
        let filter = task::heat.is_in(0..i32::try_from(n).unwrap()) & task::state.is_in([State::Open, State::Closed]);
        context.realise(Tasks::from_keys(keys).filter(filter | task::heat.ge(0)).view::<TaskPage>()).unwrap();
        drop(context);
        let texts = log.lock().unwrap();
        texts.iter().map(|text| text.split(" -- binds").next().unwrap().to_owned()).collect()
    }
    let Fresh::Sqlite(mut connection) = stores::sqlite(TABLES) else { unreachable!() };
    Data::of(100).insert(&mut Context::borrowing(&mut connection)).unwrap();
    let one = texts(&mut connection, 1);
    assert!(!one.is_empty());
    assert_eq!(texts(&mut connection, 100), one);
    let Some(Fresh::Postgres(mut postgres)) = stores::postgres(TABLES) else { return };
    Data::of(100).insert(&mut Context::borrowing(&mut postgres.connection)).unwrap();
    let one = texts(&mut postgres.connection, 1);
    assert_eq!(texts(&mut postgres.connection, 100), one);
}

/// A realise is one step of a transaction of your own.
#[test]
fn a_transaction_holds_both_kinds_of_error() {
    use diesel::Connection as _;
    let mut connection = diesel::SqliteConnection::establish(":memory:").unwrap();
    let outcome = connection.transaction::<(), persist::Error, _>(|connection| {
        diesel::connection::SimpleConnection::batch_execute(connection, "SELECT 1")?;
        let _ = Context::borrowing(connection).realise(Teams::all())?;
        Ok(())
    });
    assert!(matches!(outcome, Err(persist::Error::Store(_))), "there is no such table: {outcome:?}");
}

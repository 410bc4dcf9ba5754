//! Streams: chunks of bounded size that are the whole together, statements for each chunk, one snapshot while it lasts.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use diesel::Connection;
use persist::{Context, Error, Fault, Group, Stats, View};
use persist_tests::data::Data;
use persist_tests::hooked::Hooked;
use persist_tests::stores::{self, Fresh, sqlite_at};
use persist_tests::tracker::*;
use std::sync::Arc;

fn member(id: i32) -> Member {
    Member {
        id,
        name: format!("m{id}"),
        rank: (id % 3 > 0).then_some(id % 5),
        team_name: None,
        manager_id: Some(id / 2),
    }
}

fn with_members(fresh: &mut Fresh, count: i32) {
    fresh.context().insert_all(&(0..count).map(member).collect::<Vec<_>>()).unwrap();
}

/// The sizes of the chunks, their rows, and what was sent.
fn chunks<V: View>(context: &mut Context<'_>, ask: persist::Ask<V>, size: u32) -> (Vec<usize>, Vec<V>, Stats) {
    let before = context.stats();
    let chunks: Vec<Vec<V>> = context.stream(ask, size).collect::<Result<_, _>>().unwrap();
    let sizes = chunks.iter().map(Vec::len).collect();
    (sizes, chunks.into_iter().flatten().collect(), context.stats() - before)
}

#[test]
fn chunks_are_the_whole_together() {
    for mut fresh in stores::every(TABLES) {
        with_members(&mut fresh, 10);
        let mut context = fresh.context();
        let ranked = Members::all().order_by((member::rank.desc(), member::name.asc()));
        let groups = [
            (ranked.clone(), 3, vec![3, 3, 3, 1]),
            (ranked.clone(), 5, vec![5, 5]),
            (ranked.clone(), 0, vec![1; 10]),
            (ranked.clone(), 100, vec![10]),
            (ranked.limit(7), 3, vec![3, 3, 1]),
            (ranked.limit(6).offset(2), 3, vec![3, 3]),
            (ranked.limit(6).offset(7), 2, vec![2, 1]),
            (ranked.offset(4), 4, vec![4, 2]),
            (ranked.limit(5).filter(member::rank.is_not_null()), 2, vec![2, 2, 1]),
            (ranked.offset(10), 4, vec![]),
            (Members::from_keys([]), 4, vec![]),
        ];
        for (group, size, expected) in groups {
            let whole = context.realise(&group).unwrap();
            let (sizes, rows, sent) = chunks(&mut context, group.view::<Member>(), size);
            assert_eq!((&sizes, &rows), (&expected, &whole), "{group:?} by {size}");
            // None to find out that there is no more.
            let least = u64::from(!group.select().is_never());
            assert_eq!(sent.statements, (sizes.len() as u64).max(least), "{group:?} by {size}");
            let (_, trees, sent) = chunks(&mut context, group.view::<MemberTree>(), size);
            assert!(sent.statements <= (MemberTree::STATEMENTS * sizes.len().max(1)) as u64);
            assert!(trees.iter().zip(&whole).all(|(tree, member)| tree.card.member.id == member.id));
            let singly: Result<Vec<_>, _> = context.stream(group.view::<Member>(), size).rows().collect();
            assert_eq!(singly.unwrap(), whole);
        }
    }
}

/// 100,000 rows with a relation, a thousand at a time.
#[test]
fn a_hundred_thousand_rows() {
    #[derive(persist::View)]
    #[view(of = Member)]
    struct Line {
        id: i32,
        manager: Option<Arc<MemberName>>,
    }
    let mut fresh = stores::sqlite(TABLES);
    fresh.execute(
        "WITH RECURSIVE n (id) AS (SELECT 0 UNION ALL SELECT id + 1 FROM n WHERE id < 99999)
         INSERT INTO members (id, name, rank, manager_id) SELECT id, 'm' || id, id % 7, id / 2 FROM n;
         CREATE INDEX by_rank ON members (rank, id)",
    );
    let mut context = fresh.context();
    let ranked = Members::all().filter(member::rank.is_not_null()).order_by(member::rank.asc());
    let (mut rows, mut least) = (0, (0, 0));
    for chunk in context.stream(ranked.view::<Line>(), 1_000) {
        let chunk = chunk.unwrap();
        assert!(chunk.len() <= 1_000);
        for line in chunk {
            rows += 1;
            assert_eq!(line.manager.unwrap().id, line.id / 2);
            assert!(rows == 1 || (line.id % 7, line.id) > least, "in order, each once");
            least = (line.id % 7, line.id);
        }
    }
    assert_eq!(rows, 100_000);
    assert_eq!(context.stats().statements, 200);
}

/// What others write while a stream runs is not in it; and afterwards nothing of it is left on the connection.
#[test]
fn a_stream_sees_one_state() {
    let mut file = stores::sqlite_file(TABLES);
    with_members(&mut file, 6);
    let Fresh::File(connection, dir) = &mut file else { panic!("not a file") };
    let mut other = sqlite_at(dir);
    let mut context = Context::borrowing(connection);
    let mut stream = context.stream(Members::all().view::<Member>(), 2);
    assert_eq!(stream.next().unwrap().unwrap().len(), 2);
    Context::borrowing(&mut other).insert(&member(100)).unwrap();
    assert_eq!(stream.by_ref().map(|chunk| chunk.unwrap().len()).sum::<usize>(), 4);
    assert!(stream.next().is_none());
    drop(stream);
    assert_eq!(context.realise(Members::all().count()).unwrap(), 7);
    drop(context);
    assert_eq!(file.depth(), 0);
    // Without snapshots it goes on past what was written.
    let Fresh::File(connection, dir) = &mut file else { panic!("not a file") };
    let mut other = sqlite_at(dir);
    let mut context = Context::borrowing(connection).with_snapshots(false);
    let mut stream = context.stream(Members::all().view::<Member>(), 2);
    stream.next().unwrap().unwrap();
    Context::borrowing(&mut other).insert(&member(101)).unwrap();
    assert_eq!(stream.rows().map(|row| row.unwrap().id).last(), Some(101));
}

#[test]
fn a_dropped_stream_ends_its_snapshot() {
    for mut fresh in stores::every(TABLES) {
        with_members(&mut fresh, 6);
        let mut context = fresh.context();
        let mut stream = context.stream(Members::all().view::<Member>(), 2);
        stream.next().unwrap().unwrap();
        drop(stream);
        // A snapshot that is read-only would refuse this, and one that is old would not see it.
        context.insert(&member(100)).unwrap();
        assert_eq!(context.realise(Members::all().count()).unwrap(), 7);
        // One that was never iterated began nothing.
        drop(context.stream(Members::all().view::<Member>(), 2));
        drop(context);
        assert_eq!(fresh.depth(), 0, "{}", fresh.name());
    }
}

#[test]
fn a_stream_inside_a_transaction_of_ones_own() {
    let Fresh::Sqlite(mut connection) = stores::sqlite(TABLES) else { panic!("not SQLite") };
    let rows = connection.transaction::<_, Error, _>(|connection| {
        let mut context = Context::borrowing(connection);
        context.insert_all(&[member(1), member(2), member(3)])?;
        let rows = context.stream(Members::all().view::<Member>(), 2).rows().collect::<Result<Vec<_>, _>>()?;
        context.insert(&member(4))?;
        Ok((rows.len(), context.realise(Members::all().count())?))
    });
    assert_eq!(rows.unwrap(), (3, 4));
}

/// A row that does not fit fails its chunk, and the stream with it; so does a store that fails.
#[test]
fn an_error_ends_a_stream() {
    for mut fresh in stores::databases(TABLES) {
        with_members(&mut fresh, 7);
        fresh.execute("UPDATE members SET manager_id = 99 WHERE id = 3");
        let mut context = fresh.context();
        let mut stream = context.stream(Members::all().view::<MemberTree>(), 2);
        assert_eq!(stream.next().unwrap().unwrap().len(), 2);
        let error = stream.next().unwrap().unwrap_err();
        assert_eq!(error.rows().unwrap().rows().len(), 1, "{error}");
        assert!(stream.next().is_none());
        drop(stream);
        drop(context);
        assert_eq!(fresh.depth(), 0);
        fresh.execute("DROP TABLE members");
        let mut context = fresh.context();
        let mut rows = context.stream(Members::all().view::<Member>(), 2).rows();
        let error = rows.next().unwrap().unwrap_err();
        assert!(matches!(error.store().unwrap().fault(), Fault::MissingTable(_)), "{error}");
        assert!(rows.next().is_none());
    }
}

/// No more than a chunk is asked of the store at once, and nothing before the first.
#[test]
fn chunks_are_loaded_when_they_are_asked_for() {
    let mut fresh = stores::memory();
    Data::of(30).insert(&mut fresh.context()).unwrap();
    let fetches = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = Arc::clone(&fetches);
    let hooked = Hooked::new(fresh.store(), move |_| {
        count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    });
    let mut context = Context::over(hooked);
    let sent = || fetches.load(std::sync::atomic::Ordering::Relaxed);
    let mut rows = context.stream(Group::<Member>::all().view::<Member>(), 4).rows();
    assert_eq!(sent(), 0);
    for row in 0..12 {
        rows.next().unwrap().unwrap();
        assert_eq!(sent(), row / 4 + 1);
    }
}

/// Pages and streams under a scope are pages and streams of what may be seen, of the group's limit too.
#[test]
fn a_scope_holds_in_pages_and_streams() {
    for mut fresh in stores::every(TABLES) {
        with_members(&mut fresh, 20);
        let mut context = fresh.context();
        let context = context.scope::<Member>(Members::all().filter(member::rank.is_not_null()));
        for group in [Members::all().order_by(member::rank.asc()), Members::all().limit(9)] {
            let whole = context.realise(&group).unwrap();
            assert!(whole.len() >= 9 && whole.iter().all(|member| member.rank.is_some()));
            let streamed: Result<Vec<_>, _> = context.stream(group.view::<Member>(), 4).rows().collect();
            assert_eq!(streamed.unwrap(), whole);
            let mut page = context.realise(group.page::<Member>(4)).unwrap();
            let mut paged = page.rows;
            while let Some(next) = page.next {
                page = context.realise(group.page::<Member>(4).after(next).unwrap()).unwrap();
                paged.append(&mut page.rows);
            }
            assert_eq!(paged, whole);
        }
    }
}

//! Servers that are killed while they work, and started again.

use super::place::*;
use diesel::connection::InstrumentationEvent;
use persist::prelude::*;
use persist::{Error, Fault};
use persist_tests::server::{Own, Server};
use std::sync::{Arc, Mutex};

/// When a server is killed: before it is sent the statement of this number, or once it has answered it.
#[derive(Debug, Clone, Copy)]
enum When {
    Before(usize),
    After(usize),
}

/// Makes a server die at that moment. Gives the statements that were sent by then.
fn kill<C: Place>(connection: &mut C, server: &Arc<Mutex<Own>>, when: When) -> Arc<Mutex<Vec<String>>> {
    let sent = Arc::new(Mutex::new(Vec::new()));
    let (server, heard) = (Arc::clone(server), Arc::clone(&sent));
    connection.set_instrumentation(move |event: InstrumentationEvent<'_>| match event {
        InstrumentationEvent::StartQuery { query, .. } => {
            let mut sent = heard.lock().unwrap();
            sent.push(query.to_string());
            if matches!(when, When::Before(number) if number == sent.len()) {
                server.lock().unwrap().kill();
            }
        }
        InstrumentationEvent::FinishQuery { .. } => {
            if matches!(when, When::After(number) if number == heard.lock().unwrap().len()) {
                server.lock().unwrap().kill();
            }
        }
        _ => {}
    });
    sent
}

/// How many statements `work` sends.
fn statements<C: Place>(mut connection: C, server: &Arc<Mutex<Own>>, work: fn(&mut Context<'_>)) -> Vec<String> {
    let sent = kill(&mut connection, server, When::Before(0));
    work(&mut Context::owning(connection));
    let sent = sent.lock().unwrap().clone();
    assert!(sent.len() > 2, "{sent:?}");
    sent
}

fn commit<C: Place>(kind: &'static Server) {
    let Some(own) = start::<C>(kind, &std::env::temp_dir(), "") else { return };
    let (port, server) = (own.port, Arc::new(Mutex::new(own)));
    let all = statements(connect::<C>(kind, port), &server, |context| add(context, 1).unwrap());
    let last = all.iter().rposition(|sql| sql.starts_with("COMMIT")).unwrap() + 1;
    let mut there = vec![1];
    for when in (1..=all.len()).map(When::Before).chain([When::After(last)]) {
        let mut connection = connect::<C>(kind, port);
        kill(&mut connection, &server, when);
        let mut context = Context::owning(connection);
        let number = there.len() as i32 + 1;
        let done = add(&mut context, number);
        match when {
            When::After(_) => {
                done.unwrap();
                there.push(number);
            }
            When::Before(nth) if nth == last => assert_eq!(fault(done), Fault::Unconfirmed, "{when:?}"),
            When::Before(_) => assert_eq!(fault(done), Fault::Closed, "{when:?}"),
        }
        assert_eq!(fault(context.realise(Lefts::all())), Fault::Closed, "{when:?}: and so it stays");
        assert_eq!(fault(add(&mut context, number)), Fault::Closed, "{when:?}: and so it stays");
        server.lock().unwrap().start();
        assert_eq!(numbers(connect::<C>(kind, port)), there, "{when:?}");
    }
    add(&mut Context::owning(connect::<C>(kind, port)), 100).unwrap();
}

fn realise<C: Place>(kind: &'static Server) {
    fn read(context: &mut Context<'_>) -> Result<Vec<Both>, Error> {
        context.realise(Lefts::all().view())
    }
    let Some(own) = start::<C>(kind, &std::env::temp_dir(), "") else { return };
    let (port, server) = (own.port, Arc::new(Mutex::new(own)));
    add(&mut Context::owning(connect::<C>(kind, port)), 1).unwrap();
    let all = statements(connect::<C>(kind, port), &server, |context| drop(read(context).unwrap()));
    for number in 1..=all.len() {
        let mut connection = connect::<C>(kind, port);
        kill(&mut connection, &server, When::Before(number));
        let mut context = Context::owning(connection);
        assert_eq!(fault(read(&mut context)), Fault::Closed, "{}", all[number - 1]);
        assert_eq!(fault(read(&mut context)), Fault::Closed, "{}: and so it stays", all[number - 1]);
        server.lock().unwrap().start();
        assert_eq!(numbers(connect::<C>(kind, port)), [1]);
    }
}

on_servers! {
    commit as postgres_is_killed_while_it_commits, mysql_is_killed_while_it_commits;
    realise as postgres_is_killed_while_it_reads, mysql_is_killed_while_it_reads;
}

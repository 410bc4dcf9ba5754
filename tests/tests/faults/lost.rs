//! Connections that are lost: before the server has heard of something, and before the program has heard its answer.

use super::place::*;
use persist::prelude::*;
use persist::{Changes, Fault, Work};
use persist_tests::server::Server;
use persist_tests::wire::{Cut, Wire};

/// A server of which the tests use a database of their own, by way of a wire that can be cut.
fn lost<C: Place>(kind: &'static Server) {
    let Some(own) = start::<C>(kind, &std::env::temp_dir(), "") else { return };
    let (port, wire) = (own.port, Wire::to(([127, 0, 0, 1], own.port).into()));
    let through = || Context::owning(connect::<C>(kind, wire.port));
    let there = || numbers(connect::<C>(kind, port));

    // On its way to a statement: nothing is written.
    let mut context = through();
    wire.cut(Cut::Before("UPDATE"));
    assert_eq!(fault(add(&mut context, 1)), Fault::Closed);
    assert_eq!(there(), [0; 0]);
    assert_eq!(fault(add(&mut context, 1)), Fault::Closed, "and so it stays");

    // On its way to the commit, and on the way back: the program cannot tell one from the other.
    let mut context = through();
    wire.cut(Cut::Before("COMMIT"));
    assert_eq!(fault(add(&mut context, 2)), Fault::Unconfirmed);
    assert_eq!(there(), [0; 0], "the server never heard of it");
    let mut context = through();
    wire.cut(Cut::After("COMMIT"));
    assert_eq!(fault(add(&mut context, 3)), Fault::Unconfirmed);
    assert_eq!(there(), [3], "the server did it");

    // What could be repeated is not: it would be there twice.
    let mut context = through();
    let mut times = 0;
    wire.cut(Cut::After("COMMIT"));
    let done = context.retry(5, |context| {
        times += 1;
        add(context, 4)
    });
    assert_eq!((fault(done), times), (Fault::Unconfirmed, 1));
    assert_eq!(there(), [3, 4]);

    // A statement without a transaction around it is its own commit.
    let set = |to| Changes::<Total>::new().set(total::total, to);
    let total = || Context::owning(connect::<C>(kind, port)).realise(Totals::from_keys([1])).unwrap()[0].total;
    let mut context = through();
    context.update(&Totals::all(), set(30)).unwrap();
    wire.cut(Cut::Answer);
    assert_eq!(fault(context.update(&Totals::all(), set(31))), Fault::Unconfirmed);
    assert_eq!(total(), 31, "the server did it");
    let mut context = through();
    context.delete_all(&Rights::from_keys([3])).unwrap();
    wire.cut(Cut::Answer);
    assert_eq!(fault(context.delete_all(&Rights::from_keys([4]))), Fault::Unconfirmed);
    assert_eq!(Context::owning(connect::<C>(kind, port)).realise(Rights::all().count()).unwrap(), 0);

    // Reads are lost without harm.
    let mut context = through();
    context.realise(Lefts::all()).unwrap();
    wire.cut(Cut::Answer);
    assert_eq!(fault(context.realise(Lefts::all())), Fault::Closed);

    // What was to be written is still in hand.
    let mut context = through();
    let mut edit = context.edit::<Total>(1).unwrap();
    edit.total = 40;
    let mut right = Right { id: 9, left_id: 3, filling: String::new() };
    let mut work = Work::new();
    let _ = work.save(&mut edit);
    let _ = work.insert(&mut right);
    wire.cut(Cut::Before("COMMIT"));
    assert_eq!(fault(context.commit(work)), Fault::Unconfirmed);
    assert!(Edit::is_changed(&edit));
    through().save(&mut edit).unwrap();
    assert_eq!(total(), 40);
}

on_servers! {
    lost as connections_to_postgres_are_lost, connections_to_mysql_are_lost;
}

//! Statements that take longer than they may.

use super::place::*;
use diesel::PgConnection;
use persist::prelude::*;
use persist::{Changes, Fault};
use persist_tests::server::Server;
use persist_tests::stores::MysqlConnection;

/// Says how long a statement may take, in a connection.
trait Patience: Place {
    const SAID: &'static str;
}

impl Patience for PgConnection {
    const SAID: &'static str = "SET statement_timeout = '100ms'";
}

impl Patience for MysqlConnection {
    const SAID: &'static str = "SET max_statement_time = 0.1";
}

fn slow<C: Patience>(kind: &'static Server) {
    let Some(own) = start::<C>(kind, &std::env::temp_dir(), "") else { return };
    let more = || Changes::<Total>::new().add(total::total, 1);
    let mut holder = Context::owning(connect::<C>(kind, own.port));
    let mut hasty = connect::<C>(kind, own.port);
    hasty.batch_execute(C::SAID).unwrap();
    let mut hasty = Context::owning(hasty);
    let held = holder.transaction(|holder| {
        holder.apply::<Total>(1, more())?;
        assert_eq!(fault(hasty.apply::<Total>(1, more())), Fault::Timeout);
        assert_eq!(fault(add(&mut hasty, 1)), Fault::Timeout, "in a transaction of several statements");
        Ok::<(), persist::Error>(())
    });
    held.unwrap();
    // The connection goes on.
    add(&mut hasty, 1).unwrap();
    let totals = hasty.realise(Totals::all()).unwrap();
    assert_eq!(totals[0].total, 2, "nothing is half done");
}

on_servers! {
    slow as postgres_takes_too_long, mysql_takes_too_long;
}

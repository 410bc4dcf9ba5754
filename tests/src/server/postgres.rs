//! PostgreSQL.

use super::Server;
use diesel::{Connection, PgConnection};
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock};

/// The PostgreSQL server of the tests.
pub static POSTGRES: Server = Server {
    name: "PostgreSQL",
    variable: "PERSIST_TEST_POSTGRES_URL",
    local: |port| format!("postgres://postgres@127.0.0.1:{port}/postgres"),
    port: 5432,
    connect: |url| PgConnection::establish(url).map(drop).map_err(|error| error.to_string()),
    binaries,
    // Nothing in it is to outlive the machine, so it need not wait for the disk.
    script: r#"
        set -e
        bin=$1 options="-p $2 -c listen_addresses=127.0.0.1 -c fsync=off $3"
        dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
        start() {
            "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -o "$options -k $dir" start >/dev/null 2>&1 || { cat "$dir/log"; exit 1; }
            echo ready
        }
        "$bin/initdb" -D "$dir/data" -U postgres -A trust -N -E UTF8 --locale=C --wal-segsize=1 >"$dir/log" 2>&1 ||
            { cat "$dir/log"; exit 1; }
        start
        while read order; do
            case $order in
            start) start ;;
            kill)
                server=$(head -n 1 "$dir/data/postmaster.pid")
                for one in "$server" $(cat "/proc/$server/task/$server/children"); do kill -9 "$one" 2>/dev/null || true; done
                while kill -0 "$server" 2>/dev/null; do sleep 0.01; done
                echo ready ;;
            esac
        done
        "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1"#,
    user: "postgres",
    found: OnceLock::new(),
    own: Mutex::new(None),
};

fn binaries() -> Option<PathBuf> {
    let mut versions: Vec<_> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .collect();
    versions.retain(|bin| bin.join("initdb").exists());
    versions.sort();
    versions.pop()
}

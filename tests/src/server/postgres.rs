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
    script: r#"
        set -e
        dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
        "$1/initdb" -D "$dir/data" -U postgres -A trust -N -E UTF8 --locale=C >"$dir/log" 2>&1 || { cat "$dir/log"; exit 1; }
        "$1/pg_ctl" -D "$dir/data" -l "$dir/log" -w -o "-p $2 -c listen_addresses=127.0.0.1 -k $dir -c fsync=off" \
            start >/dev/null 2>&1 || { cat "$dir/log"; exit 1; }
        echo ready
        read _ || true
        "$1/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1"#,
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

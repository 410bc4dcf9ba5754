//! A PostgreSQL server for the tests: the one that is there, or one of their own.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "for tests")]

use diesel::{Connection, PgConnection};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock};

const LOCAL: &str = "postgres://postgres@127.0.0.1:5432/postgres";

/// Lives as long as the test process: when that ends, however it does, the pipe to it closes and the server stops.
static OWN: Mutex<Option<Child>> = Mutex::new(None);

/// Where the server is; none where there is none, which is said on stderr.
///
/// # Panics
/// Where there is none and `PERSIST_TEST_REQUIRE` is `all`.
pub fn url() -> Option<&'static str> {
    static URL: OnceLock<Result<String, String>> = OnceLock::new();
    match URL.get_or_init(find) {
        Ok(url) => Some(url),
        Err(why) => {
            let test = std::thread::current().name().unwrap_or("a test").to_owned();
            let words = format!("NOT RUN on PostgreSQL: {test}: {why}");
            // Past the harness, which keeps to itself what a test that passes prints.
            let _ = writeln!(std::io::stderr(), "{words}");
            assert!(std::env::var("PERSIST_TEST_REQUIRE").as_deref() != Ok("all"), "{words}");
            None
        }
    }
}

fn find() -> Result<String, String> {
    if let Ok(url) = std::env::var("PERSIST_TEST_POSTGRES_URL") {
        return PgConnection::establish(&url)
            .map(|_| url)
            .map_err(|error| format!("PERSIST_TEST_POSTGRES_URL: {error}"));
    }
    if PgConnection::establish(LOCAL).is_ok() {
        return Ok(LOCAL.to_owned());
    }
    start()
}

fn start() -> Result<String, String> {
    let bin = binaries().ok_or("no server answers on port 5432, and none is installed to start")?;
    let port =
        TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).map_err(|e| e.to_string())?.port();
    // The server does not run as root, so root lends it another user.
    let script = r#"
        set -e
        dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
        "$1/initdb" -D "$dir/data" -U postgres -A trust -N -E UTF8 --locale=C >"$dir/log" 2>&1 || { cat "$dir/log"; exit 1; }
        "$1/pg_ctl" -D "$dir/data" -l "$dir/log" -w -o "-p $2 -c listen_addresses=127.0.0.1 -k $dir -c fsync=off" \
            start >/dev/null 2>&1 || { cat "$dir/log"; exit 1; }
        echo ready
        read _ || true
        "$1/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1"#;
    let root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout.starts_with(b"0\n"));
    let mut command = Command::new(if root { "runuser" } else { "sh" });
    if root {
        command.args(["-u", "postgres", "--", "sh"]);
    }
    command.args(["-c", script, "sh"]).arg(&bin).arg(port.to_string()).current_dir("/");
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = piped.map_err(|error| format!("a server could not be started: {error}"))?;
    let mut said = String::new();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    while !said.ends_with("ready\n") {
        if reader.read_line(&mut said).unwrap_or(0) == 0 {
            return Err(format!("the server of {} did not start: {said}", bin.display()));
        }
    }
    *OWN.lock().unwrap() = Some(child);
    Ok(format!("postgres://postgres@127.0.0.1:{port}/postgres"))
}

fn binaries() -> Option<PathBuf> {
    let mut versions: Vec<_> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .collect();
    versions.retain(|bin| bin.join("initdb").exists());
    versions.sort();
    versions.pop()
}

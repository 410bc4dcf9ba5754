//! Servers for the tests: the ones that are there, or some of their own.
//!
//! One is looked for where the environment says, then where it usually is, then started for the time of the test process
//! from the binaries that are installed. Where none can be had, a line on stderr says what did not run; with
//! `PERSIST_TEST_REQUIRE=all` that is a failure.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "for tests")]

mod mysql;
mod postgres;

pub use mysql::MYSQL;
pub use postgres::POSTGRES;

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Mutex, OnceLock};

/// A kind of server, and the one of it that the tests of this process use.
pub struct Server {
    /// What it is called.
    pub name: &'static str,
    /// Where it is, says this variable of the environment.
    variable: &'static str,
    /// Where it is on a port of this machine.
    local: fn(u16) -> String,
    /// The port that it usually has.
    port: u16,
    /// Whether it answers.
    connect: fn(&str) -> Result<(), String>,
    /// The directory that its binaries are in.
    binaries: fn() -> Option<PathBuf>,
    /// Starts it, given that directory, a port and settings; says `ready`. Then it takes orders: `kill` and `start`, after
    /// which it says so again. It stops the server when stdin ends.
    script: &'static str,
    /// It does not run as root, so root lends it this user.
    user: &'static str,
    found: OnceLock<Result<String, String>>,
    own: Mutex<Option<Own>>,
}

/// A server that was started. It stops when this is dropped; and when the process ends, however it does, since the pipe
/// to it closes then.
pub struct Own {
    /// Where it is.
    pub url: String,
    /// Its port.
    pub port: u16,
    child: Child,
    said: BufReader<ChildStdout>,
}

impl Own {
    /// Kills it, with all who work for it.
    ///
    /// # Panics
    /// When it cannot be.
    pub fn kill(&mut self) {
        self.order("kill");
    }

    /// Starts it again.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start(&mut self) {
        self.order("start");
    }

    fn order(&mut self, order: &str) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{order}").unwrap();
        ready(&mut self.said).unwrap_or_else(|said| panic!("{order}: {said}"));
    }
}

/// Waits until it says that it is ready; gives what it says else.
fn ready(said: &mut impl BufRead) -> Result<(), String> {
    let mut all = String::new();
    while !all.ends_with("ready\n") {
        if said.read_line(&mut all).unwrap_or(0) == 0 {
            return Err(all);
        }
    }
    Ok(())
}

impl Drop for Own {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

impl Server {
    /// Where the server is; none where there is none, which is said on stderr.
    ///
    /// # Panics
    /// Where there is none and `PERSIST_TEST_REQUIRE` is `all`.
    pub fn url(&'static self) -> Option<&'static str> {
        match self.found.get_or_init(|| self.find()) {
            Ok(url) => Some(url),
            Err(why) => {
                self.not_run(why);
                None
            }
        }
    }

    /// Says that a test did not run on a server of this kind, and why.
    ///
    /// # Panics
    /// Where `PERSIST_TEST_REQUIRE` is `all`.
    pub fn not_run(&self, why: &str) {
        let test = std::thread::current().name().unwrap_or("a test").to_owned();
        let words = format!("NOT RUN on {}: {test}: {why}", self.name);
        // Past the harness, which keeps to itself what a test that passes prints.
        let _ = writeln!(std::io::stderr(), "{words}");
        assert!(std::env::var("PERSIST_TEST_REQUIRE").as_deref() != Ok("all"), "{words}");
    }

    /// Where a server is, or a way to one, on a port of this machine.
    pub fn at(&self, port: u16) -> String {
        (self.local)(port)
    }

    fn find(&self) -> Result<String, String> {
        if let Ok(url) = std::env::var(self.variable) {
            return match (self.connect)(&url) {
                Ok(()) => Ok(url),
                Err(error) => Err(format!("{}: {error}", self.variable)),
            };
        }
        let usual = (self.local)(self.port);
        if (self.connect)(&usual).is_ok() {
            return Ok(usual);
        }
        let own = self.start(&std::env::temp_dir(), "")?;
        let url = own.url.clone();
        *self.own.lock().unwrap() = Some(own);
        Ok(url)
    }

    /// Starts one, with its files in a directory below this one, and settings of its own.
    ///
    /// # Errors
    /// Why it could not be.
    pub fn start(&self, at: &Path, settings: &str) -> Result<Own, String> {
        let none = || format!("no server answers on port {}, and none is installed to start", self.port);
        let binaries = (self.binaries)().ok_or_else(none)?;
        let free = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
        let port = free.map_err(|error| error.to_string())?.port();
        let root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout.starts_with(b"0\n"));
        let mut command = Command::new(if root { "runuser" } else { "sh" });
        if root {
            command.args(["-u", self.user, "--", "sh"]);
        }
        command
            .args(["-c", self.script, "sh"])
            .arg(&binaries)
            .args([&port.to_string(), settings])
            .env("TMPDIR", at)
            .current_dir("/");
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = piped.map_err(|error| format!("a server could not be started: {error}"))?;
        let mut said = BufReader::new(child.stdout.take().unwrap());
        ready(&mut said).map_err(|said| format!("the server of {} did not start: {said}", binaries.display()))?;
        let own = Own { url: (self.local)(port), port, child, said };
        (self.connect)(&own.url).map(|()| own)
    }
}

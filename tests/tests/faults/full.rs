//! Disks that are full: small ones, made for the purpose, which only root can mount.

use super::place::*;
use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection, SqliteConnection};
use persist::prelude::*;
use persist::{Error, Fault};
use persist_tests::server::{MYSQL, POSTGRES};
use persist_tests::stores::{MysqlConnection, TempDir};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

/// A small disk, which is gone in the end.
struct Disk(TempDir);

impl Disk {
    /// A disk of so many megabytes; none (and a line on stderr) where none can be mounted.
    fn of(megabytes: u32) -> Option<Self> {
        let at = TempDir::new();
        let size = format!("size={megabytes}m");
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(at.path()).output();
        if !mount.is_ok_and(|mount| mount.status.success()) {
            // Past the harness. No machine can be made to allow it, so that it is never a failure.
            let _ = writeln!(std::io::stderr(), "NOT RUN: full disks: this user may not mount one");
            return None;
        }
        // The servers run as others.
        std::fs::set_permissions(at.path(), std::fs::Permissions::from_mode(0o777)).unwrap();
        Some(Self(at))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").args(["--lazy"]).arg(self.path()).status();
    }
}

/// Several rows, of 64 kB each.
fn fill(context: &mut Context<'_>, number: i32) -> Result<(), Error> {
    // Letters that cannot be packed.
    let next = |seed: &u32| Some(seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    let seeds = std::iter::successors(Some(number as u32), next).take(64_000);
    let filling: String = seeds.map(|seed| char::from(b'a' + (seed >> 24) as u8 % 26)).collect();
    let right = |nth| Right { id: number * 8 + nth, left_id: 1, filling: filling.clone() };
    context.insert_all(&(0..8).map(right).collect::<Vec<_>>())
}

fn filled<C: Place>(connect: impl Fn() -> C, disk: &Disk, ballast: usize) {
    // What is taken away later, so that there is room again.
    let weight = vec![1; ballast << 20];
    let ballast = disk.path().join("ballast");
    std::fs::write(&ballast, weight).unwrap();
    let mut context = Context::owning(connect());
    add(&mut context, 1).unwrap();
    let (written, refused) =
        (1..).map(|number| (number, fill(&mut context, number))).find(|(_, done)| done.is_err()).unwrap();
    assert_eq!(fault(refused), Fault::Full);

    let mut context = Context::owning(connect());
    let count = context.realise(Rights::all().count()).unwrap();
    assert_eq!(count, 1 + (written as u64 - 1) * 8, "what was acknowledged is there, and nothing of what was refused");
    std::fs::remove_file(&ballast).unwrap();
    fill(&mut context, written).unwrap();
}

#[test]
fn sqlite_has_no_room() {
    let mut connection = SqliteConnection::establish(":memory:").unwrap();
    furnish(&mut connection);
    connection.batch_execute("PRAGMA max_page_count = 300").unwrap();
    let mut context = Context::owning(connection);
    add(&mut context, 1).unwrap();
    let (written, refused) =
        (1..).map(|number| (number, fill(&mut context, number))).find(|(_, done)| done.is_err()).unwrap();
    assert_eq!(fault(refused), Fault::Full);
    assert_eq!(context.realise(Rights::all().count()).unwrap(), 1 + (written as u64 - 1) * 8);
    context.delete_all(&Rights::all().filter(right::id.gt(1))).unwrap();
    fill(&mut context, written).unwrap();
}

#[test]
fn the_disk_of_sqlite_is_full() {
    let Some(disk) = Disk::of(6) else { return };
    let path = disk.path().join("test.db").display().to_string();
    furnish(&mut SqliteConnection::establish(&path).unwrap());
    filled(|| SqliteConnection::establish(&path).unwrap(), &disk, 2);
}

/// Its log is on another disk: without that, it would not go on.
#[test]
fn the_disk_of_postgres_is_full() {
    let Some(disk) = Disk::of(24) else { return };
    let Some(own) = start::<PgConnection>(&POSTGRES, &std::env::temp_dir(), "") else { return };
    let at = disk.path().display().to_string();
    assert!(Command::new("chown").args(["postgres", &at]).status().unwrap().success());
    let connect = || connect::<PgConnection>(&POSTGRES, own.port);
    connect().batch_execute(&format!("CREATE TABLESPACE small LOCATION '{at}'")).unwrap();
    connect().batch_execute("ALTER TABLE rights SET TABLESPACE small").unwrap();
    filled(connect, &disk, 16);
}

#[test]
fn the_disk_of_mysql_is_full() {
    let settings =
        "--innodb-log-file-size=4M --innodb-undo-tablespaces=0 --innodb-data-file-path=ibdata1:12M:autoextend";
    let Some(disk) = Disk::of(88) else { return };
    let Some(own) = start::<MysqlConnection>(&MYSQL, disk.path(), settings) else { return };
    filled(|| connect::<MysqlConnection>(&MYSQL, own.port), &disk, 16);
}

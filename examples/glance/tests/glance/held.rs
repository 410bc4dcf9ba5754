//! `--hold`: two programs over one database, one of which takes its time.

use crate::places::{self, Place};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Output, Stdio};

/// A program that has loaded, and waits.
struct Held {
    child: Child,
    said: BufReader<std::process::ChildStderr>,
}

impl Held {
    fn new(place: &Place, arguments: &[&str]) -> Self {
        let mut command = place.program();
        command.arg("--hold").args(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        assert_eq!(line, "loaded; a line on standard input saves\n");
        Self { child, said }
    }

    /// Lets it save; gives what it then said.
    fn release(mut self) -> (Output, String) {
        self.child.stdin.take().unwrap().write_all(b"\n").unwrap();
        let mut complaint = String::new();
        std::io::Read::read_to_string(&mut self.said, &mut complaint).unwrap();
        (self.child.wait_with_output().unwrap(), complaint)
    }

    fn succeeds(self) -> String {
        let (output, complaint) = self.release();
        assert!(output.status.success(), "{complaint}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn fails(self) -> String {
        let (output, complaint) = self.release();
        assert_eq!((output.status.code(), output.stdout), (Some(1), Vec::new()), "{complaint}");
        complaint
    }
}

/// SQLite, and PostgreSQL if there is a server: programs share no memory. In each there is the queued image 1.
fn all() -> impl Iterator<Item = Place> {
    let places = places::lasting().into_iter();
    places.inspect(|place| {
        let formats = ["disk_format=qcow2", "container_format=bare"];
        place.says(&[&["create", "cirros"][..], &formats, &["--property", "speed=slow"]].concat());
    })
}

#[test]
fn two_who_change_two_columns_both_do() {
    for place in all() {
        let held = Held::new(&place, &["update", "1", "name=renamed"]);
        place.says(&["update", "1", "min_ram=512"]);
        assert_eq!(held.succeeds(), "image 1: name: \"cirros\" -> \"renamed\"\n");
        let shown = place.says(&["show", "1"]);
        assert!(shown.starts_with("image 1  renamed\n") && shown.contains("min_ram          512\n"), "{shown}");
    }
}

#[test]
fn two_who_change_one_column_do_so_one_after_the_other() {
    for place in all() {
        let held = Held::new(&place, &["update", "1", "name=late"]);
        place.says(&["update", "1", "name=early"]);
        held.succeeds();
        assert!(place.says(&["show", "1"]).starts_with("image 1  late\n"));
    }
}

#[test]
fn a_property_that_was_added_meanwhile_stays() {
    for place in all() {
        let held = Held::new(&place, &["unset-property", "1", "speed"]);
        place.says(&["set-property", "1", "colour", "red"]);
        held.succeeds();
        let shown = place.says(&["show", "1"]);
        assert!(shown.contains("property colour = red") && !shown.contains("speed"), "{shown}");
    }
}

#[test]
fn a_status_that_was_lost_is_told() {
    for place in all() {
        let held = Held::new(&place, &["update", "1", "status=deleted"]);
        place.says(&["update", "1", "status=saving"]);
        assert_eq!(
            held.fails(),
            "error: Image 1: `status` was expected to be \"queued\", and is \"saving\"; it was to become \"deleted\"\n"
        );
    }
}

#[test]
fn of_two_uploads_the_second_is_told() {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    for place in all() {
        let held = Held::new(&place, &["upload", "1", data]);
        place.says(&["upload", "1", data]);
        assert_eq!(
            held.fails(),
            "error: Image 1: `status` was expected to be \"queued\", and is \"active\"; it was to become \"saving\"\n"
        );
        assert_eq!(place.says(&["show", "1"]).matches("location").count(), 1);
    }
}

#[test]
fn what_was_deleted_meanwhile_is_not_changed() {
    for place in all() {
        let [image, changed, removed] = [
            &["update", "1", "name=late"][..],
            &["set-property", "1", "speed", "fast"],
            &["unset-property", "1", "speed"],
        ]
        .map(|arguments| Held::new(&place, arguments));
        place.says(&["delete", "1"]);
        place.says(&["purge"]);
        assert_eq!(image.fails(), "error: Image 1: it is gone\n");
        assert_eq!(changed.fails(), "error: Property (1, \"speed\"): it is gone\n");
        assert_eq!(removed.succeeds(), "image 1 has no property speed any more\n", "and so it is");
    }
}

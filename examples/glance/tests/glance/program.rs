//! The program, over an SQLite file, PostgreSQL and MariaDB: what it prints is the same.

use crate::places::{self, Place};
use std::process::Command;

const CIRROS: [&str; 8] = [
    "create",
    "cirros",
    "owner=ada",
    "disk_format=qcow2",
    "container_format=bare",
    "--property=speed=slow",
    "--property=colour=red",
    "--tag=tiny",
];

#[test]
fn an_image_from_the_cradle_to_the_grave() {
    for place in places::lasting() {
        assert_eq!(place.says(&CIRROS), "image 1 is queued\n");
        let data = place.data("cirros.img", "abc");
        assert_eq!(place.says(&["upload", "1", &data]), "image 1 is active: 3 bytes\n");
        assert_eq!(
            place.says(&["update", "1", "min_ram=512", "name=", "visibility=public"]),
            "image 1: name: \"cirros\" -> NULL, visibility: \"shared\" -> \"public\", min_ram: 0 -> 512\n"
        );
        assert_eq!(place.says(&["update", "1", "min_ram=512"]), "image 1: nothing\n");
        assert_eq!(place.says(&["set-property", "1", "speed", "fast"]), "image 1: speed = fast\n");
        assert_eq!(place.says(&["unset-property", "1", "colour"]), "image 1 has no property colour any more\n");
        assert_eq!(place.says(&["tag", "1", "test"]), "image 1 is tagged test\n");
        assert_eq!(place.says(&["tag", "1", "test"]), "image 1 was tagged test before\n");
        assert_eq!(place.says(&["untag", "1", "tiny"]), "image 1 is not tagged tiny any more\n");
        assert_eq!(place.says(&["locate", "1", "swift://1"]), "image 1 is also at swift://1\n");
        assert_eq!(place.says(&["share", "1", "bela"]), "image 1 is offered to bela\n");
        assert_eq!(place.says(&["answer", "1", "bela", "accepted"]), "image 1 is accepted by bela\n");
        assert_eq!(place.says(&["show", "1"]), SHOWN.replace("DATA", &data));
        let line = "   1  (no name)            active         public                3  #test\n";
        assert_eq!(place.says(&["list"]), line);
        assert_eq!(place.says(&["list", "--as", "anybody", "--tag", "test"]), line);
        assert_eq!(place.says(&["list", "--tag", "tiny"]), "");
        assert_eq!(
            place.says(&["update", "1", "status=deactivated"]),
            "image 1: status: \"active\" -> \"deactivated\"\n"
        );
        assert_eq!(place.says(&["delete", "1"]), "image 1 is deleted\n");
        assert_eq!(place.says(&["list"]), "");
        assert_eq!(place.says(&["purge"]), "forgotten: 1\n");
    }
}

const SHOWN: &str = "image 1  (no name)
  status           active
  visibility       public
  owner            ada
  size             3
  checksum         ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
  os_hash_algo     sha512
  os_hash_value    ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d\
                             4423643ce80e2a9ac94fa54ca49f
  disk_format      qcow2
  container_format bare
  min_disk         0
  min_ram          512
  protected        false
  hidden           false
  created_at       2016-10-25 09:00:00
  updated_at       2016-10-25 09:00:00
  property speed = fast
  tag test
  location 0 file://DATA
  location 1 swift://1
  member bela (accepted)
";

#[test]
fn what_is_against_the_rules_is_refused_in_words() {
    for place in places::lasting() {
        place.says(&CIRROS);
        for (arguments, words) in [
            (&["create", "x", "status=active"][..], "a new image is queued, and nothing else"),
            (&["show", "2"], "there is no image 2"),
            (&["update", "2", "name=x"], "Image 2: it is gone"),
            (
                &["update", "1", "status=deactivated"],
                "Image 1: `status` does not go from \"queued\" to \"deactivated\"",
            ),
            (&["update", "1", "min_disk=-1"], "`min_disk` cannot be less than 0"),
            (
                &["update", "1", "disk_format=ami"],
                "a disk of the format ami does not come in a container of the format bare",
            ),
            (&["unset-property", "1", "size"], "image 1 has no property size"),
            (&["untag", "1", "huge"], "image 1 has no tag huge"),
            (&["tag", "2", "huge"], "there is no image 2"),
            (&["answer", "1", "bela", "accepted"], "image 1 has no member bela"),
            (&["delete", "1", "2"], "there is no image 2"),
        ] {
            assert_eq!(place.refuses(arguments), format!("error: {words}\n"));
        }
        place.says(&["update", "1", "protected=true"]);
        assert_eq!(place.refuses(&["delete", "1"]), "error: image 1 is protected, and not deleted\n");
        let said = place.refuses(&["upload", "1", "/nowhere/cirros.img"]);
        assert!(said.starts_with("error: cannot read /nowhere/cirros.img: No such file"), "{said}");
        assert!(place.says(&["show", "1"]).contains("status           queued"), "somebody may try again");
    }
}

/// What is sent, but for what is loaded, and the transaction that MariaDB needs to read what it has written.
fn statements(place: &Place, arguments: &[&str]) -> Vec<String> {
    let output = place.program().arg("--statements").args(arguments).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let aside = |line: &str| ["SE", "BEGIN", "COMMIT"].iter().any(|word| line.starts_with(word));
    said.lines().filter(|line| !aside(line)).map(str::to_owned).collect()
}

#[test]
fn a_change_is_one_statement_and_none_is_none() {
    for place in places::lasting() {
        place.says(&CIRROS);
        let sent = statements(&place, &["update", "1", "min_ram=512"]);
        let [update] = &sent[..] else { panic!("{sent:?}") };
        assert!(update.starts_with("UPDATE") && update.contains("min_ram") && !update.contains("min_disk"), "{update}");
        assert!(statements(&place, &["update", "1", "min_ram=512"]).is_empty());
    }
}

#[test]
fn a_status_is_written_with_what_goes_with_it() {
    for place in places::lasting() {
        place.says(&CIRROS);
        place.says(&["update", "1", "status=saving"]);
        let sent = statements(&place, &["update", "1", "status=queued"]).join("\n");
        let (_, update) = sent.split_once(" SET ").unwrap();
        let sets = update.split(" FROM ").next().unwrap().split(" WHERE ").next().unwrap();
        for column in ["status", "size", "checksum", "os_hash_value"] {
            assert!(sets.contains(column), "{sets}");
        }
        assert!(!sets.contains("disk_format") && !update.contains(" SET "), "{sent}");
    }
}

#[test]
fn memory_lasts_as_long_as_the_program() {
    let place = places::memory();
    assert_eq!(place.says(&CIRROS), "image 1 is queued\n");
    assert_eq!(place.refuses(&["show", "1"]), "error: there is no image 1\n");
}

#[test]
fn arguments_that_make_no_sense_are_refused() {
    for arguments in [
        &["show"][..],
        &["show", "one"],
        &["update", "1"],
        &["update", "1", "name"],
        &["update", "1", "colour=red"],
        &["update", "1", "size=1"],
        &["update", "1", "status=asleep"],
        &["create", "x", "--property", "speed"],
        &["--store", "memory", "--database", "x.db", "list"],
        &["--store", "postgres", "list"],
        &["--url", "postgres://x", "list"],
        &["--store", "redis", "list"],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_glance")).args(arguments).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && said.starts_with("error: "), "{arguments:?}: {said}");
    }
}

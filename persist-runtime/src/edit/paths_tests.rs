//! Changes within documents, as text.
#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;

struct Line<'l>(&'l PathChanges, &'l str);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.show(f, "d", Some(&Value::Json(self.1.to_owned())))
    }
}

/// What changes, and that it makes the one document of the other.
fn line(read: &str, now: &str) -> String {
    match between(read, now) {
        None => "nothing".to_owned(),
        Some(To::Paths(changes)) => {
            assert_eq!(changes.applied(&Value::Json(read.to_owned())), Value::Json(now.to_owned()));
            Line(&changes, read).to_string()
        }
        Some(to) => {
            assert_eq!(to, To::Value(Value::Json(now.to_owned())));
            "all".to_owned()
        }
    }
}

#[test]
fn the_fewest_places_are_found() {
    let cases = [
        (r#"{"a":1,"b":[1]}"#, r#"{"a":1,"b":[1]}"#, "nothing"),
        (r#"{"a":1,"b":1}"#, r#"{"b":1,"a":1}"#, "nothing"),
        (r#"{"a":1,"b":1}"#, r#"{"a":null,"b":1}"#, "d.a: 1 -> null"),
        (
            r#"{"a":{"b":{"c":1}},"b":1}"#,
            r#"{"a":{"b":{"c":"é"}},"c":{}}"#,
            r#"d.a.b.c: 1 -> "é", d.b: 1 -> nothing, d.c: nothing -> {}"#,
        ),
        (r#"{"a":[{"b":1}]}"#, r#"{"a":[{"b":2}]}"#, r#"d.a: [{"b":1}] -> [{"b":2}]"#),
        (r#"{"a.b":1,"":1}"#, r#"{"":2,"a.b":2}"#, r#"d."": 1 -> 2, d."a.b": 1 -> 2"#),
        (r#"{"a":{"b":1}}"#, r#"{"a":{"c":1}}"#, r#"d.a: {"b":1} -> {"c":1}"#),
        (r#"{"a":{}}"#, r#"{"a":{"c":1}}"#, "d.a.c: nothing -> 1"),
        (r#"{"a":{"c":1}}"#, r#"{"a":{}}"#, "d.a.c: 1 -> nothing"),
        (r#"{"k":{"q\"q":1,"b":1}}"#, r#"{"k":{"b":1,"q\"q":2}}"#, r#"d.k: {"q\"q":1,"b":1} -> {"b":1,"q\"q":2}"#),
        (r#"{"q\"q":1,"b":1}"#, r#"{"b":2,"q\"q":1}"#, "d.b: 1 -> 2"),
        (r#"{"a":1}"#, r#"{"b":1}"#, "all"),
        (r#"{"a":1}"#, "[]", "all"),
        ("1", "2", "all"),
    ];
    for (read, now, wanted) in cases {
        assert_eq!(line(read, now), wanted, "{read} -> {now}");
    }
}

/// Nothing is read as a number, and so none becomes another one.
#[test]
fn what_did_not_change_stays_the_text_that_it_is() {
    let read = r#"{"a":1,"b":1.00,"c":[0.1000000000000000055,1e400],"d":{"e":123456789012345678901234567890}}"#;
    assert_eq!(line(read, &read.replace("1.00", "1.0")), "d.b: 1.00 -> 1.0");
    assert_eq!(line(read, &read.replace("67890}", "67891}")).split(": ").next(), Some("d.d.e"));
}

#[test]
fn a_change_of_many_places_is_one_of_what_is_around_them() {
    let wide = |n: usize, value: usize| {
        let values: Vec<_> = (100..100 + n).map(|key| format!(r#""{key}":{{"v":{value},"w":1}}"#)).collect();
        format!("{{{}}}", values.join(","))
    };
    let places = |n| match between(&wide(n, 1), &wide(n, 2)) {
        Some(To::Paths(changes)) => Some((changes.all().len(), changes.all()[0].path.len())),
        _ => None,
    };
    assert_eq!(
        [places(128), places(129), places(256), places(257)],
        [Some((128, 2)), Some((129, 1)), Some((256, 1)), None]
    );
}

#[test]
fn two_make_of_one_document_what_each_of_them_made_of_it() {
    let json = |text: &str| Value::Json(text.to_owned());
    let merge = |base: &str, mine: &str, theirs: &str, take: Option<Take>| {
        let mut asked = Vec::new();
        let merged = merged([&json(base), &json(mine), &json(theirs)], &mut |path, all| {
            asked.push(format!("{} {} {} {}", Steps(path), all[0], all[1], all[2]));
            take
        });
        (merged.unwrap().to_string(), asked)
    };
    let plain = merge(r#"{"a":{"x":1,"y":1},"b":1}"#, r#"{"a":{"x":2,"y":1}}"#, r#"{"a":{"x":1},"b":1,"c":1}"#, None);
    assert_eq!(plain, (r#"{"a":{"x":2},"c":1}"#.to_owned(), vec![]));
    let (base, mine, theirs) = (r#"{"a":{"x":1},"b":1}"#, r#"{"a":{"x":2},"b":2}"#, r#"{"a":{"x":3}}"#);
    let asked = vec![".a.x 1 2 3".to_owned(), ".b 1 2 NULL".to_owned()];
    assert_eq!(merge(base, mine, theirs, Some(Take::Mine)), (mine.to_owned(), asked.clone()));
    assert_eq!(merge(base, mine, theirs, Some(Take::Theirs)), (theirs.to_owned(), asked));
    assert_eq!(merge("[1]", "[2]", "[3]", Some(Take::Mine)).0, "[2]");
    assert_eq!(merged([&Value::Null, &json("1"), &json("2")], &mut |_, _| None), None);
}

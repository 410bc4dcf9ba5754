//! Plans as snapshots.

use std::fmt::Write;
use std::path::Path;

/// Demands that the plan of a view is the one that was looked at and accepted: its text, or the file that holds it (by
/// its path below the crate's folder). A relation more, a statement more, a round more: the test shows it.
///
/// A file is written anew where the environment says `PERSIST_ACCEPT=1`. Spaces at the ends of lines, and empty lines
/// before and after, do not count.
///
/// ```
#[doc = tracker!()]
/// #[derive(View)]
/// #[view(of = Bug)]
/// struct Line {
///     title: String,
///     owner: Arc<Person>,
/// }
/// persist::assert_plan!(Line, "
/// Line of Bug: at most 2 statements, 2 rounds
/// round 1
///   1. bugs: the group
///        for Line: Line
/// round 2
///   2. people by id
///        for Line.owner: Person
/// ");
/// // persist::assert_plan!(Line, file "plans/line.txt");
/// ```
///
/// # Panics
/// When the plan is another one; the difference is shown.
#[macro_export]
macro_rules! assert_plan {
    ($view:ty, file $path:expr $(,)?) => {
        $crate::testkit::check_plan_file(
            &<$view as $crate::View>::plan().to_string(),
            ::core::env!("CARGO_MANIFEST_DIR"),
            $path,
        )
    };
    ($view:ty, $expected:expr $(,)?) => {
        $crate::testkit::check_plan(&<$view as $crate::View>::plan().to_string(), $expected)
    };
}

#[doc(hidden)]
#[track_caller]
pub fn check_plan(found: &str, expected: &str) {
    if let Some(difference) = difference(expected, found) {
        panic!("the plan has changed\n{difference}if that is meant, this is the new one:\n{found}");
    }
}

#[doc(hidden)]
#[track_caller]
pub fn check_plan_file(found: &str, folder: &str, path: &str) {
    let path = Path::new(folder).join(path);
    if std::env::var_os("PERSIST_ACCEPT").is_some_and(|accept| accept == "1") {
        let written = path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(&path, found));
        return written.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    let how = "if that is meant, run the test with PERSIST_ACCEPT=1";
    match std::fs::read_to_string(&path) {
        Err(error) => panic!("{}: {error}; {how}", path.display()),
        Ok(expected) => {
            if let Some(difference) = difference(&expected, found) {
                panic!("the plan is no longer that of {}\n{difference}{how}", path.display());
            }
        }
    }
}

/// The lines of both, those that only one has marked; nothing where they are the same.
fn difference(expected: &str, found: &str) -> Option<String> {
    let lines = |text: &str| text.trim().lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
    let (old, new) = (lines(expected), lines(found));
    if old == new {
        return None;
    }
    let mut text = String::new();
    let mut next = 0;
    for line in &old {
        match new.iter().skip(next).position(|other| other == line) {
            Some(ahead) => {
                for added in &new[next..next + ahead] {
                    let _ = writeln!(text, "+ {added}");
                }
                let _ = writeln!(text, "  {line}");
                next += ahead + 1;
            }
            None => drop(writeln!(text, "- {line}")),
        }
    }
    for added in &new[next..] {
        let _ = writeln!(text, "+ {added}");
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_shown_line_by_line() {
        assert_eq!(difference("a\nb  \nc\n", "\na\nb\nc"), None);
        assert_eq!(difference("a\nb\nc", "a\nx\nc\nd").as_deref(), Some("  a\n- b\n+ x\n  c\n+ d\n"));
    }

    #[test]
    fn a_file_is_written_where_that_is_wished_only() {
        let folder = std::env::temp_dir().join(format!("persist_plan_{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("plan.txt"), "a\nb\n").unwrap();
        let folder_name = folder.display().to_string();
        check_plan_file("a\nb", &folder_name, "plan.txt");
        let other = std::panic::catch_unwind(|| check_plan_file("a\nc", &folder_name, "plan.txt")).unwrap_err();
        let words = other.downcast_ref::<String>().unwrap();
        assert!(words.contains("- b\n+ c\n") && words.ends_with("PERSIST_ACCEPT=1"), "{words}");
        assert!(std::panic::catch_unwind(|| check_plan_file("a", &folder_name, "none.txt")).is_err());
        std::fs::remove_dir_all(folder).unwrap();
    }
}

//! Several stores side by side.

use super::registry::Case;
use super::suite::{Suite, Verdict};
use std::fmt;

/// What several stores pass: a table of cases × stores, in Markdown.
///
/// It says what the suites expect of each cell; that it is so is what their tests show.
#[derive(Debug)]
pub struct Matrix<'s>(pub &'s [Suite]);

impl Matrix<'_> {
    /// The rooms in place of their cases: how many there are, and how many of them each store passes; below it, what
    /// keeps a store from passing all.
    #[must_use]
    pub fn by_room(&self) -> String {
        let mut rows = Vec::new();
        let mut rooms: Vec<&str> = Case::ALL.iter().map(|case| case.room).collect();
        rooms.dedup();
        let mut totals = vec![0; self.0.len()];
        for room in rooms {
            let cases: Vec<_> = Case::ALL.iter().filter(|case| case.room == room).collect();
            let passed = |suite: &Suite| cases.iter().filter(|case| suite.expected(case) == Verdict::Passes).count();
            let passed: Vec<_> = self.0.iter().map(passed).collect();
            totals.iter_mut().zip(&passed).for_each(|(total, passed)| *total += passed);
            rows.push(row(room, cases.len(), &passed));
        }
        rows.push(row("**all**", Case::ALL.len(), &totals));
        let mut text = self.heading("room", "| cases ");
        text.push_str(&rows.concat());
        text
    }

    /// What is missing, and why: a line for each store, case and reason.
    #[must_use]
    pub fn missing(&self) -> Vec<String> {
        let of = |suite: &Suite| {
            let missing = Case::ALL.iter().filter_map(|case| match suite.expected(case) {
                Verdict::Passes | Verdict::NotRun => None,
                Verdict::Lacks(capability) => Some(format!("{}: {case:?}: it cannot {capability}", suite.name())),
                Verdict::Excepted(reason) => Some(format!("{}: {case:?}: {reason}", suite.name())),
            });
            missing.collect::<Vec<_>>()
        };
        self.0.iter().flat_map(of).collect()
    }

    fn heading(&self, first: &str, second: &str) -> String {
        let names: String = self.0.iter().map(|suite| format!("| {} ", suite.name())).collect();
        let columns = self.0.len() + usize::from(!second.is_empty());
        format!("| {first} {second}{names}|\n|---|{}\n", "---|".repeat(columns))
    }
}

fn row(room: &str, cases: usize, passed: &[usize]) -> String {
    let passed: String = passed.iter().map(|passed| format!("| {passed} ")).collect();
    format!("| {room} | {cases} {passed}|\n")
}

/// Case by case.
impl fmt::Display for Matrix<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.heading("case", ""))?;
        for case in Case::ALL {
            write!(f, "| {case:?} ")?;
            for suite in self.0 {
                let cell = match suite.expected(case) {
                    Verdict::Passes => "passes".to_owned(),
                    Verdict::Lacks(capability) => format!("cannot {capability}"),
                    Verdict::Excepted(reason) => format!("excepted: {reason}"),
                    Verdict::NotRun => "not run".to_owned(),
                };
                write!(f, "| {cell} ")?;
            }
            writeln!(f, "|")?;
        }
        Ok(())
    }
}

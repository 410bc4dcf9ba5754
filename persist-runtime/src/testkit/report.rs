//! What was loaded and never read.

use crate::context::Context;
use crate::view::WatchLog;
pub use crate::view::Watched;
use std::fmt::{self, Write};
use std::sync::Arc;

/// A context over the same store that reports which [watched](Watched) fields of views it loads, and which of them are
/// read; it borrows `context` meanwhile. What it gave can be read after it has gone, and counts.
///
/// The report is of the fields that are of the type [`Watched`], since a plain field does not tell who reads it. Of a
/// field that nobody reads anywhere rustc itself warns, where the view is private; this is for one that a page loads and
/// does not read. A view whose fields shall be watched in tests alone has an alias for them:
///
/// ```
#[doc = tracker!()]
/// use persist::testkit;
///
/// // #[cfg(not(test))]
/// // type Field<T> = T;
/// // #[cfg(test)]
/// type Field<T> = testkit::Watched<T>;
///
/// #[derive(View)]
/// #[view(of = Bug)]
/// struct Line {
///     title: Field<String>,
///     owner: Field<Arc<Person>>,
///     assignee: Field<Option<Arc<Person>>>,
/// }
/// fn page(context: &mut Context<'_>) -> Result<String, persist::Error> {
///     let lines = context.realise(Bugs::all().view::<Line>())?;
///     Ok(lines.iter().map(|line| format!("{} ({})\n", line.title, line.owner.name)).collect())
/// }
///
/// let (mut watched, report) = testkit::watch(&mut context);
/// page(&mut watched)?;
/// let unread: Vec<_> = report.unread().iter().map(ToString::to_string).collect();
/// assert_eq!(unread, ["Line.assignee, in 3 rows"]);
/// # Ok::<(), persist::Error>(())
/// ```
#[must_use = "the report is of what this context loads"]
pub fn watch<'a>(context: &'a mut Context<'_>) -> (Context<'a>, Report) {
    let log = Arc::new(WatchLog::default());
    (context.watched(Arc::clone(&log)), Report(log))
}

/// Which watched fields were loaded, and which of them never read; made by [`watch`].
#[derive(Clone)]
pub struct Report(Arc<WatchLog>);

/// A field of a view that was loaded, and read in no row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unread {
    /// The view.
    pub view: &'static str,
    /// The field.
    pub field: &'static str,
    /// In how many rows it was loaded.
    pub rows: u64,
}

impl Report {
    /// The fields that were loaded and have not been read so far, by view and field.
    #[must_use]
    pub fn unread(&self) -> Vec<Unread> {
        let fields = self.0.fields().into_iter().filter(|(.., read)| !read);
        fields.map(|(view, field, rows, _)| Unread { view, field, rows }).collect()
    }

    /// Demands that every watched field that was loaded has been read in some row.
    ///
    /// # Panics
    /// When one was not; when none was loaded at all, so that nothing is shown.
    #[track_caller]
    pub fn assert_all_read(&self) {
        if self.0.fields().is_empty() {
            panic!("no watched field was loaded, so nothing is shown to be read");
        }
        let unread = self.unread();
        if !unread.is_empty() {
            let mut text = String::from("loaded and never read:");
            for field in unread {
                let _ = write!(text, "\n    {field}");
            }
            panic!("{text}");
        }
    }
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.unread()).finish()
    }
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { view, field, rows } = self;
        write!(f, "{view}.{field}, in {rows} row{}", if *rows == 1 { "" } else { "s" })
    }
}

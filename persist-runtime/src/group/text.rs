//! Tests of text: with and without regard to the case of ASCII letters.

use super::condition::{Case, Condition, TextTest};
use super::predicate::Predicate;
use crate::entity::{Column, Field, TextScalar};

/// Predicates on text: for `String`, and for newtypes and enums that are stored as text.
///
/// `%`, `_` and `\\` are ordinary characters in all of them. Those that ignore case take `A` to `Z` for `a` to `z` and
/// nothing else, which is the rule that every store can keep: `É` is not `é`, and `ß` is not `SS`.
impl<E, F: Field> Column<E, F> {
    /// The text begins with `text`; case counts. False for NULL; every text begins with the empty one.
    ///
    /// ```
    #[doc = tracker!()]
    /// let found = Bugs::all().filter(bug::title.starts_with("Crash"));
    /// assert_eq!(context.realise(found.count())?, 1);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn starts_with(self, text: impl Into<String>) -> Predicate<E>
    where
        F::Base: TextScalar,
    {
        self.text(TextTest::StartsWith, Case::Counts, text)
    }

    /// The text ends with `text`; case counts. False for NULL.
    ///
    /// ```
    #[doc = tracker!()]
    /// let found = Bugs::all().filter(bug::title.ends_with("start"));
    /// assert_eq!(context.realise(found.count())?, 1);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn ends_with(self, text: impl Into<String>) -> Predicate<E>
    where
        F::Base: TextScalar,
    {
        self.text(TextTest::EndsWith, Case::Counts, text)
    }

    /// The text contains `text`; case counts. False for NULL.
    ///
    /// ```
    #[doc = tracker!()]
    /// let found = Bugs::all().filter(bug::title.contains("s"));
    /// assert_eq!(context.realise(found.count())?, 2);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn contains(self, text: impl Into<String>) -> Predicate<E>
    where
        F::Base: TextScalar,
    {
        self.text(TextTest::Contains, Case::Counts, text)
    }

    /// The text is `text`, but for the case of ASCII letters. False for NULL.
    ///
    /// ```
    #[doc = tracker!()]
    /// let found = Bugs::all().filter(bug::title.eq_ignore_ascii_case("slow START"));
    /// assert_eq!(context.realise(found.count())?, 1);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn eq_ignore_ascii_case(self, text: impl Into<String>) -> Predicate<E>
    where
        F::Base: TextScalar,
    {
        self.text(TextTest::Equals, Case::AsciiIgnored, text)
    }

    /// The text begins with `text`, but for the case of ASCII letters. False for NULL.
    ///
    /// ```
    #[doc = tracker!()]
    /// let found = Bugs::all().filter(bug::title.starts_with_ignore_ascii_case("crash"));
    /// assert_eq!(context.realise(found.count())?, 1);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn starts_with_ignore_ascii_case(self, text: impl Into<String>) -> Predicate<E>
    where
        F::Base: TextScalar,
    {
        self.text(TextTest::StartsWith, Case::AsciiIgnored, text)
    }

    /// The text ends with `text`, but for the case of ASCII letters. False for NULL.
    ///
    /// ```
    #[doc = tracker!()]
    /// let found = Bugs::all().filter(bug::title.ends_with_ignore_ascii_case("START"));
    /// assert_eq!(context.realise(found.count())?, 1);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn ends_with_ignore_ascii_case(self, text: impl Into<String>) -> Predicate<E>
    where
        F::Base: TextScalar,
    {
        self.text(TextTest::EndsWith, Case::AsciiIgnored, text)
    }

    /// The text contains `text`, but for the case of ASCII letters. False for NULL.
    ///
    /// ```
    #[doc = tracker!()]
    /// let found = Bugs::all().filter(bug::title.contains_ignore_ascii_case("S"));
    /// assert_eq!(context.realise(found.count())?, 2);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn contains_ignore_ascii_case(self, text: impl Into<String>) -> Predicate<E>
    where
        F::Base: TextScalar,
    {
        self.text(TextTest::Contains, Case::AsciiIgnored, text)
    }

    fn text(self, test: TextTest, case: Case, text: impl Into<String>) -> Predicate<E> {
        Predicate::new(Condition::Text { column: self.def(), test, case, text: text.into() })
    }
}

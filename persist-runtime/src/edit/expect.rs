//! What one save expects of rows of a collection, beside what the field says: [`Edit::expect`], [`Edit::replace_all`].

use super::editable::Editable;
use super::held::Edit;
use super::layout::Layout;
use super::refused::{Refused, Why};
use super::wishes::OfRows;
use super::work::values;
use crate::engine::KeyText;
use crate::entity::{Entity, Key, Table, Value};
use crate::group::Relation;
use crate::view::{Graph, Putting, not_whole};

/// What is expected of an element of a collection where it is put, changed or taken out: what [`Edit::expect`] says of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expect {
    /// A new one is not there; one that changes, or goes, may hold anything by now.
    Absent,
    /// Nothing: a new one takes the place of one that is there, and one that changes, or goes, may hold anything by now.
    Any,
    /// A new one is not there; one that changes, or goes, still is what was read.
    Equal,
}

impl Expect {
    /// As a policy of puts, and of removals.
    pub(super) const fn policy(self) -> (Putting, bool) {
        match self {
            Self::Absent => (Putting::Absent, false),
            Self::Any => (Putting::Any, false),
            Self::Equal => (Putting::Equal, true),
        }
    }
}

/// Refuses, at compile time, a collection that `V` does not hold, or not whole.
#[allow(clippy::panic, reason = "the compiler says it")]
const fn assert_whole<V: Editable, T: Entity>() {
    if let Some(message) = not_whole(V::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF, T::TABLE) {
        panic!("{}", message.as_str());
    }
}

impl<V: Editable> Edit<V> {
    /// The collection becomes just what is in hand when the edit is saved: nothing that others put in meanwhile stays beside
    /// it. So nothing may have happened to it since it was read: if others put something in, changed or took something
    /// out, the save is a conflict that says so, and writes nothing.
    ///
    /// Elements that are the same are not written. A save takes two statements more: one that locks the row, so that
    /// two who replace wait for one another, and one that looks at the collection. It holds for the next save.
    ///
    /// The relation is one of the row's own, which the view, or the entity, holds. Within [scopes](crate::Context::scope) it
    /// is what they show.
    ///
    /// ```
    #[doc = tracker!()]
    /// use persist::Edit;
    ///
    /// #[derive(View)]
    /// #[view(of = Person, edit)]
    /// struct Desk {
    ///     id: i32,
    ///     bugs: Vec<Bug>,
    /// }
    /// let new = |id: i32| Bug { id, title: "Loud fan".into(), heat: 1, owner_id: 1, assignee_id: None };
    /// let mut desk = context.edit::<Desk>(1)?;
    /// desk.bugs = vec![new(20)];
    /// Edit::replace_all(&mut desk, person::bugs);
    /// context.insert(&new(10))?;                                          // somebody else
    /// let conflict = context.save(&mut desk).unwrap_err().to_string();
    /// assert!(conflict.starts_with("Bug 10: it was put in meanwhile"));
    /// assert_eq!(context.realise(Bugs::from_keys([20]).count())?, 0);
    /// # Ok::<(), persist::Error>(())
    /// ```
    ///
    /// A collection that is limited or filtered is not loaded whole. The program is not built then:
    ///
    /// ```compile_fail,E0080
    #[doc = tracker!()]
    /// # use persist::Edit;
    /// #[derive(View)]
    /// #[view(of = Person, edit)]
    /// struct Desk {
    ///     id: i32,
    ///     #[view(limit = 5)]
    ///     bugs: Vec<Bug>,
    /// }
    /// let mut desk = context.edit::<Desk>(1)?;
    /// Edit::replace_all(&mut desk, person::bugs);
    /// # Ok::<(), persist::Error>(())
    /// ```
    ///
    /// ```compile_fail,E0080
    #[doc = tracker!()]
    /// # use persist::Edit;
    /// # #[derive(View)]
    /// # #[view(of = Person, edit)]
    /// # struct Desk {
    /// #     id: i32,
    /// #     #[view(filter = bug::heat.gt(1))]
    /// #     bugs: Vec<Bug>,
    /// # }
    /// # let mut desk = context.edit::<Desk>(1)?;
    /// # Edit::replace_all(&mut desk, person::bugs);
    /// # Ok::<(), persist::Error>(())
    /// ```
    ///
    /// Nor is it where no field holds such rows:
    ///
    /// ```compile_fail,E0080
    #[doc = tracker!()]
    /// # use persist::Edit;
    /// let mut bug = context.edit::<Person>(1)?;
    /// Edit::replace_all(&mut bug, person::bugs);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn replace_all<C, T: Entity>(edit: &mut Self, relation: Relation<V::Of, C, T>) {
        const { assert_whole::<V, T>() };
        edit.settle();
        edit.said_of_rows(relation.def().name, OfRows::Whole);
    }

    /// What the next save expects of one element of a collection, which may be new, changed or taken out: instead of what the
    /// field says of all of them (`put`, `remove`). The element is named by what it is told from others by: the key of
    /// a map, the value of a set, the key of a row in a list.
    ///
    /// ```
    #[doc = tracker!()]
    /// use persist::{Edit, Expect};
    ///
    /// #[derive(View)]
    /// #[view(of = Person, edit)]
    /// struct Desk {
    ///     id: i32,
    ///     bugs: Vec<Bug>,
    /// }
    /// let mut desk = context.edit::<Desk>(1)?;
    /// desk.bugs.retain(|bug| bug.id != 7);
    /// Edit::expect(&mut desk, person::bugs, 7, Expect::Equal);            // if nobody has touched it
    ///
    /// let mut other = context.edit::<Bug>(7)?;
    /// other.heat = 50;
    /// context.save(&mut other)?;
    /// let conflict = context.save(&mut desk).unwrap_err().to_string();
    /// assert_eq!(conflict, "Bug 7: `heat` was expected to be 42, and is 50");
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn expect<C, T: Entity>(edit: &mut Self, relation: Relation<V::Of, C, T>, element: impl Key, expect: Expect) {
        edit.settle();
        edit.said_of_rows(relation.def().name, OfRows::Element(values(&element), expect));
    }
}

/// What was said of the rows below one row.
#[derive(Clone, Copy)]
pub(super) struct Said<'s> {
    pub(super) table: &'static Table,
    pub(super) rows: &'s [(&'static str, OfRows)],
}

impl Said<'_> {
    /// What was said of a collection, if it is one of that row.
    fn of(&self, layout: &Layout) -> impl DoubleEndedIterator<Item = &OfRows> {
        let relation = &layout.edge.relation;
        let here = relation.from.is(self.table);
        self.rows.iter().filter(move |(name, _)| here && *name == relation.name).map(|(_, said)| said)
    }

    pub(super) fn is_whole(&self, layout: &Layout) -> bool {
        self.of(layout).any(|said| *said == OfRows::Whole)
    }

    /// What is expected where a row is put, and whether one that goes is what was read.
    pub(super) fn policy(&self, layout: &Layout, row: &Graph) -> (Putting, bool) {
        let upkeep = layout.upkeep();
        if self.rows.is_empty() {
            return (upkeep.put, upkeep.remove_equal);
        }
        if self.is_whole(layout) {
            return Expect::Equal.policy();
        }
        let expected = |said: &OfRows| match said {
            OfRows::Element(element, expect) if layout.identity(row) == *element => Some(expect.policy()),
            _ => None,
        };
        self.of(layout).rev().find_map(expected).unwrap_or((upkeep.put, upkeep.remove_equal))
    }

    /// Whether all of it can be meant.
    pub(super) fn check(&self, layouts: &[Layout], base: &Graph, now: &Graph) -> Result<(), Refused> {
        for (relation, said) in self.rows {
            let is_named = |layout: &Layout| {
                let known = &layout.edge.relation;
                known.from.is(self.table) && known.name == *relation
            };
            let refused = |key: &[Value], why| {
                Err(Refused { entity: self.table.entity, key: KeyText(key.to_vec()), column: relation, why })
            };
            let mut found = layouts.iter().enumerate().filter(|(_, layout)| is_named(layout)).peekable();
            if found.peek().is_none() {
                return refused(&[], Why::NotInView);
            }
            match said {
                OfRows::Whole if !found.all(|(_, layout)| layout.is_whole()) => return refused(&[], Why::NotWhole),
                OfRows::Element(element, _) => {
                    let holds = |(nth, layout): (usize, &Layout)| {
                        let rows = [base, now].into_iter().filter_map(|graph| graph.below.get(nth)).flatten();
                        rows.into_iter().any(|row| layout.identity(row) == *element)
                    };
                    if !found.any(holds) {
                        return refused(element, Why::NoElement);
                    }
                }
                OfRows::Whole => {}
            }
        }
        Ok(())
    }
}

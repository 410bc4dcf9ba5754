//! Pages: a group as a view, so many rows at a time, from a [`Cursor`] on.

use super::{Ask, View, ViewOf};
use crate::entity::Entity;
use crate::group::{Cursor, CursorError, Group, IntoCursor, Place, Prints, Start};
use std::fmt;

/// Some rows of an ordered group, and where to go on: what a [`Group::page`] realises to.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<V: View> {
    /// The rows, in the group's order; fewer than asked for only at the end of the group (or, before a cursor, at its
    /// beginning).
    pub rows: Vec<V>,
    /// Where the next page begins. None where there is no row after these.
    pub next: Option<Cursor<V::Of>>,
    /// Where the page before this one ends. None where there is no row before these.
    pub previous: Option<Cursor<V::Of>>,
}

/// A group, the view to load it as, and which of its pages: a [request](crate::Request) that realises to a [`Page`].
/// Made by [`Group::page`].
#[must_use = "nothing is loaded until a context realises it"]
pub struct AskPage<V: View> {
    pub(crate) ask: Ask<V>,
    pub(crate) size: u32,
    pub(crate) from: PageFrom,
}

/// Where a page stands in its group.
#[derive(Debug, Clone)]
pub(crate) enum PageFrom {
    Beginning,
    After(Place),
    Before(Place),
    End,
}

impl PageFrom {
    /// The rows of the page, as a selection that begins with its first: the last, where they come backward.
    pub(crate) fn start(&self) -> Start<'_> {
        match self {
            Self::Beginning => Start { from: None, backward: false },
            Self::After(place) => place.start(false),
            Self::Before(place) => place.start(true),
            Self::End => Start { from: None, backward: true },
        }
    }

    pub(crate) const fn is_backward(&self) -> bool {
        matches!(self, Self::Before(_) | Self::End)
    }

    /// The place it starts from; none at the group's ends.
    pub(crate) const fn place(&self) -> Option<&Place> {
        match self {
            Self::After(place) | Self::Before(place) => Some(place),
            Self::Beginning | Self::End => None,
        }
    }
}

impl<V: View> Clone for AskPage<V> {
    fn clone(&self) -> Self {
        Self { ask: self.ask.clone(), from: self.from.clone(), ..*self }
    }
}

impl<V: View> fmt::Debug for AskPage<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} in pages of {}, from {:?}", self.ask, self.size, self.from)
    }
}

impl<V: View> AskPage<V> {
    /// The page that begins after `cursor`; the first one, without a cursor. It takes the place of an earlier
    /// [`before`](Self::before) or [`last`](Self::last).
    ///
    /// An example is at [`Group::page`].
    ///
    /// # Errors
    /// When the cursor was made in another order or another group.
    pub fn after(self, cursor: impl IntoCursor<V::Of>) -> Result<Self, CursorError> {
        let from = self.place(cursor.into_cursor())?.map_or(PageFrom::Beginning, PageFrom::After);
        Ok(Self { from, ..self })
    }

    /// The page that ends before `cursor`; the last one, without a cursor. It takes the place of an earlier
    /// [`after`](Self::after).
    ///
    /// ```
    #[doc = tracker!()]
    /// let bugs = Bugs::all();
    /// let first = context.realise(bugs.page::<Bug>(2))?;
    /// let second = context.realise(bugs.page::<Bug>(2).after(&first.next)?)?;
    /// let back = context.realise(bugs.page::<Bug>(2).before(&second.previous)?)?;
    /// assert_eq!(back, first);
    /// # Ok::<(), persist::Error>(())
    /// ```
    ///
    /// # Errors
    /// When the cursor was made in another order or another group.
    pub fn before(self, cursor: impl IntoCursor<V::Of>) -> Result<Self, CursorError> {
        let from = self.place(cursor.into_cursor())?.map_or(PageFrom::End, PageFrom::Before);
        Ok(Self { from, ..self })
    }

    /// The page at the end of the group: its last rows, in the group's order.
    ///
    /// ```
    #[doc = tracker!()]
    /// let last = context.realise(Bugs::all().page::<Bug>(2).last())?;
    /// assert_eq!(last.rows.iter().map(|bug| bug.id).collect::<Vec<_>>(), [8, 9]);
    /// assert!(last.next.is_none() && last.previous.is_some());
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn last(self) -> Self {
        Self { from: PageFrom::End, ..self }
    }

    fn place(&self, cursor: Option<Cursor<V::Of>>) -> Result<Option<Place>, CursorError> {
        let place = cursor.map(Cursor::into_place);
        place.as_ref().map_or(Ok(()), |place| place.belongs_to(&self.ask.select))?;
        Ok(place)
    }

    /// What the cursors of this page belong to.
    pub(crate) fn prints(&self) -> Prints {
        Prints::of(&self.ask.select)
    }
}

impl<E: Entity<Group: From<Group<E>>>> Group<E> {
    /// Asks for `size` rows of this group as `V`s, and for where to go on: a request that realises to a [`Page`].
    ///
    /// It is the first page, until [`after`](AskPage::after), [`before`](AskPage::before) or [`last`](AskPage::last)
    /// say another. A page has at least one row: a size of 0 counts as 1.
    ///
    /// Pages go by the values of the order's columns and of the key, never by counting rows. So a row that is inserted
    /// or deleted between two pages shifts nothing: no row comes twice and none that stays is passed over, also where
    /// many are equal in the order, or NULL. (A row whose own place in the order changes may do either.) The same holds
    /// within a limit of the group, except that the limit is taken anew for each page.
    ///
    /// A page takes as many statements as the view does, however far it is from the beginning: whether there are more
    /// rows is seen from one row more, which is not decoded. Looking for the place is the index's work where one serves
    /// the order.
    ///
    /// [`next`](Page::next) and [`previous`](Page::previous) of a page after or before a cursor: on the side of the
    /// cursor there was a row when the cursor was made, which is not looked at again, so that this side is never none.
    ///
    /// ```
    #[doc = tracker!()]
    /// let hot = Bugs::all().order_by(bug::heat.desc());
    /// let first = context.realise(hot.page::<Bug>(2))?;
    /// assert_eq!(first.rows.iter().map(|bug| bug.id).collect::<Vec<_>>(), [7, 9]);
    /// assert!(first.previous.is_none());
    ///
    /// context.insert(&Bug { id: 1, title: "New".into(), heat: 50, owner_id: 1, assignee_id: None })?;
    /// let second = context.realise(hot.page::<Bug>(2).after(&first.next)?)?;
    /// assert_eq!(second.rows.iter().map(|bug| bug.id).collect::<Vec<_>>(), [8]);
    /// assert!(second.next.is_none());
    /// # Ok::<(), persist::Error>(())
    /// ```
    ///
    /// To put a cursor into a link, [seal](Cursor::seal) it.
    pub fn page<V: View + ViewOf<E>>(&self, size: u32) -> AskPage<V> {
        self.view().page(size)
    }
}

impl<V: View> Ask<V> {
    /// Asks for a page of these rows: what [`Group::page`] does, of a view that is at hand.
    pub fn page(self, size: u32) -> AskPage<V> {
        AskPage { ask: self, size: size.max(1), from: PageFrom::Beginning }
    }
}

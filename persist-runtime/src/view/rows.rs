//! Rows of a view on their way: decoded, waiting for their relations, finished.

use super::View;
#[cfg(feature = "testkit")]
use super::WatchLog;
use crate::entity::{CellError, Reader, Value};
use std::any::Any;
use std::sync::Arc;

/// A row without a place: a NULL reference.
pub const NOWHERE: u32 = u32::MAX;

/// A relation did not hold what the plan promised. The engine checks references before it finishes rows, so this says
/// that a view was put together by hand in a way that does not fit.
#[derive(Debug, Clone, Copy)]
pub struct Missing;

/// Rows of one view, of whatever type.
pub trait ViewRows: Send {
    /// Decodes one row.
    ///
    /// # Errors
    /// When a cell does not fit; the row is not kept then.
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), CellError>;

    /// What makes the rows entries of a map, one behind the other; nothing where they are in none.
    fn entries(&self) -> Vec<Value>;

    /// Leaves out the rows for which `keep` is false.
    fn retain(&mut self, keep: &[bool]);

    /// Puts all rows together with what their relations hold.
    ///
    /// # Errors
    /// When the supplies are not those of this view.
    fn finish(self: Box<Self>, supplies: Supplies) -> Result<Finished, Missing>;
}

/// Finished rows of a view `V`.
pub struct Finished {
    rows: Box<dyn Any + Send>,
    share: fn(Box<dyn Any + Send>) -> Arc<dyn Any + Send + Sync>,
}

impl Finished {
    /// The rows, a `Vec<V>`.
    #[must_use]
    pub fn into_owned(self) -> Box<dyn Any + Send> {
        self.rows
    }

    /// The rows, a `Vec<Arc<V>>`, for many parents.
    #[must_use]
    pub fn into_shared(self) -> Arc<dyn Any + Send + Sync> {
        (self.share)(self.rows)
    }
}

fn share<V: View>(rows: Box<dyn Any + Send>) -> Arc<dyn Any + Send + Sync> {
    let rows = rows.downcast::<Vec<V>>().map_or_else(|_| Vec::new(), |rows| *rows);
    Arc::new(rows.into_iter().map(Arc::new).collect::<Vec<_>>())
}

/// The decoded rows of `V`, in portions: rows are moved once, to a `Vec` of exactly their number, never to make room.
pub(crate) struct RowsOf<V: View> {
    full: Vec<Vec<V::Partial>>,
    last: Vec<V::Partial>,
}

/// The fewest and the most rows of a portion. One that is too large would come from the system and go back to it.
const PORTION: (usize, usize) = (8, 512);

impl<V: View> RowsOf<V> {
    pub(crate) fn boxed() -> Box<dyn ViewRows> {
        Box::new(Self { full: Vec::new(), last: Vec::new() })
    }

    #[cold]
    fn make_room(&mut self) {
        let portion = (2 * self.last.len()).clamp(PORTION.0, PORTION.1);
        self.full.push(std::mem::replace(&mut self.last, Vec::with_capacity(portion)));
    }
}

impl<V: View> ViewRows for RowsOf<V> {
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), CellError> {
        if self.last.len() == self.last.capacity() {
            self.make_room();
        }
        self.last.push(V::decode(reader)?);
        Ok(())
    }

    fn entries(&self) -> Vec<Value> {
        let mut entries = Vec::new();
        self.full.iter().chain([&self.last]).flatten().for_each(|row| V::push_entry(row, &mut entries));
        entries
    }

    fn retain(&mut self, keep: &[bool]) {
        let mut keep = keep.iter();
        for portion in self.full.iter_mut().chain([&mut self.last]) {
            portion.retain(|_| keep.next().is_none_or(|keep| *keep));
        }
    }

    fn finish(self: Box<Self>, mut supplies: Supplies) -> Result<Finished, Missing> {
        let Self { mut full, last } = *self;
        full.push(last);
        let mut rows = Vec::with_capacity(full.iter().map(Vec::len).sum());
        for portion in full {
            for partial in portion {
                supplies.at(rows.len());
                rows.push(V::finish(partial, &mut supplies)?);
            }
        }
        Ok(Finished { rows: Box::new(rows), share: share::<V> })
    }
}

/// What the relations and the loaders of a view hold, field by field, for the row that is being finished.
pub struct Supplies {
    edges: Vec<Supply>,
    next: usize,
    row: usize,
    /// Where watched fields are noted.
    #[cfg(feature = "testkit")]
    log: Option<Arc<WatchLog>>,
}

/// What one relation, or one loader, holds for all rows of its parent.
pub struct Supply {
    /// For each row, its place in `values`: the position of the row it refers to, or the number of its list, or of its key.
    pub places: Vec<u32>,
    /// What stands there.
    pub values: Values,
}

/// The values of a relation, by place.
pub enum Values {
    /// Shared rows, a `Vec<Arc<V>>`.
    Shared(Arc<dyn Any + Send + Sync>),
    /// Lists of shared rows.
    Lists(Lists, Arc<dyn Any + Send + Sync>),
    /// Containers of owned rows, a `Vec<Option<F>>` for a field of type `F`.
    Owned(Box<dyn Any + Send>),
    /// Lists of shared rows, each with its link: the links as for [`Owned`](Self::Owned), with a `Vec` as container.
    Linked(Box<dyn Any + Send>, Lists, Arc<dyn Any + Send + Sync>),
    /// Aggregates, in their neutral form.
    Figures(Vec<Value>),
    /// What a loader gave, by the number of the key.
    Loaded(Arc<dyn Any + Send + Sync>),
    /// A tree's next level, which was not loaded.
    Cut,
}

/// Lists of positions, one behind the other.
#[derive(Debug, Default)]
pub struct Lists {
    /// Where each list begins; one more at the end.
    pub starts: Vec<u32>,
    /// The positions.
    pub items: Vec<u32>,
}

impl Lists {
    /// The list at `place`.
    #[must_use]
    pub fn get(&self, place: u32) -> &[u32] {
        if place == NOWHERE {
            return &[];
        }
        let place = place as usize;
        match (self.starts.get(place), self.starts.get(place + 1)) {
            (Some(start), Some(end)) => self.items.get(*start as usize..*end as usize).unwrap_or(&[]),
            _ => &[],
        }
    }

    /// Lists out of pairs of a list's number and an item, each list in the order of its pairs.
    #[must_use]
    pub fn of(pairs: &[(u32, u32)], lists: usize) -> Self {
        let mut starts = vec![0_u32; lists + 1];
        for (list, _) in pairs {
            starts[*list as usize + 1] += 1;
        }
        for list in 0..lists {
            starts[list + 1] += starts[list];
        }
        let mut next = starts.clone();
        let mut items = vec![0_u32; pairs.len()];
        for (list, item) in pairs {
            let place = &mut next[*list as usize];
            items[*place as usize] = *item;
            *place += 1;
        }
        Self { starts, items }
    }
}

impl Supplies {
    /// The supplies of a view, in the order of [`Node::supplied`](super::Node::supplied).
    #[must_use]
    pub const fn new(edges: Vec<Supply>) -> Self {
        Self {
            edges,
            next: 0,
            row: 0,
            #[cfg(feature = "testkit")]
            log: None,
        }
    }

    /// The same, where watched fields are noted.
    #[cfg(feature = "testkit")]
    pub(crate) fn noting(self, log: Option<Arc<WatchLog>>) -> Self {
        Self { log, ..self }
    }

    #[cfg(feature = "testkit")]
    pub(super) const fn log(&self) -> Option<&Arc<WatchLog>> {
        self.log.as_ref()
    }

    const fn at(&mut self, row: usize) {
        self.next = 0;
        self.row = row;
    }

    pub(super) const fn pass(&mut self, edges: usize) {
        self.next += edges;
    }

    fn edge(&mut self) -> Result<(u32, &mut Values), Missing> {
        let supply = self.edges.get_mut(self.next).ok_or(Missing)?;
        self.next += 1;
        let place = *supply.places.get(self.row).ok_or(Missing)?;
        Ok((place, &mut supply.values))
    }

    pub(super) fn one<V: View>(&mut self) -> Result<Option<&Arc<V>>, Missing> {
        let (place, Values::Shared(rows)) = self.edge()? else { return Err(Missing) };
        if place == NOWHERE {
            return Ok(None);
        }
        let rows = rows.downcast_ref::<Vec<Arc<V>>>().ok_or(Missing)?;
        rows.get(place as usize).map(Some).ok_or(Missing)
    }

    pub(super) fn many<F: 'static>(&mut self) -> Result<F, Missing> {
        let (place, Values::Owned(containers)) = self.edge()? else { return Err(Missing) };
        owned(containers, place)
    }

    pub(super) fn linked<W: View, V: View, F>(&mut self, hold: fn(&Arc<V>) -> F) -> Result<Vec<(W, F)>, Missing> {
        let (place, Values::Linked(links, lists, rows)) = self.edge()? else { return Err(Missing) };
        let rows = rows.downcast_ref::<Vec<Arc<V>>>().ok_or(Missing)?;
        let links: Vec<W> = owned(links, place)?;
        let row = |position: &u32| rows.get(*position as usize).map(hold).ok_or(Missing);
        // A link to what is hidden is none.
        let links = links.into_iter().zip(lists.get(place)).filter(|(_, position)| **position != NOWHERE);
        links.map(|(link, position)| Ok((link, row(position)?))).collect()
    }

    pub(super) fn shared<V: View>(&mut self) -> Result<impl ExactSizeIterator<Item = Option<&Arc<V>>>, Missing> {
        let (place, Values::Lists(lists, rows)) = self.edge()? else { return Err(Missing) };
        let rows = rows.downcast_ref::<Vec<Arc<V>>>().ok_or(Missing)?;
        Ok(lists.get(place).iter().map(|position| rows.get(*position as usize)))
    }

    /// Whether the relation at hand was not looked at, since the tree ends here; if so, goes on to the next.
    pub(super) fn is_cut(&mut self) -> bool {
        let cut = matches!(self.edges.get(self.next), Some(Supply { values: Values::Cut, .. }));
        self.next += usize::from(cut);
        cut
    }

    pub(super) fn loaded_values(&mut self) -> Result<(u32, &(dyn Any + Send + Sync)), Missing> {
        let (place, Values::Loaded(values)) = self.edge()? else { return Err(Missing) };
        Ok((place, &**values))
    }

    pub(super) fn figure(&mut self) -> Result<&Value, Missing> {
        let (place, Values::Figures(values)) = self.edge()? else { return Err(Missing) };
        values.get(place as usize).ok_or(Missing)
    }
}

/// The container at `place`, taken out.
fn owned<F: 'static>(containers: &mut Box<dyn Any + Send>, place: u32) -> Result<F, Missing> {
    let containers = containers.downcast_mut::<Vec<Option<F>>>().ok_or(Missing)?;
    containers.get_mut(place as usize).and_then(Option::take).ok_or(Missing)
}

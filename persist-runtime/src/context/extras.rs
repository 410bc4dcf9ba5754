//! What loaders of views are called with: values of the program's, by type.

use super::{Context, Error};
use crate::engine::{MissingExtras, Run};
use crate::view::Loader;
use std::any::{Any, TypeId};
use std::time::Instant;

/// The extras of a context, the last ones given counting first.
#[derive(Clone, Default)]
pub(super) struct Extras<'c>(Vec<&'c (dyn Any + Sync)>);

impl Extras<'_> {
    /// Those that a loader takes.
    fn of(&self, loader: &Loader) -> Result<&dyn Any, MissingExtras> {
        let (id, _) = loader.extras();
        if id == TypeId::of::<()>() {
            return Ok(&());
        }
        let found = self.0.iter().rev().find(|extras| (***extras).type_id() == id);
        found.map(|extras| *extras as &dyn Any).ok_or_else(|| loader.missing())
    }

    /// Whether all are there that a run may need.
    pub(super) fn check(&self, run: &Run) -> Result<(), MissingExtras> {
        run.loaders().into_iter().try_for_each(|loader| self.of(loader).map(drop))
    }
}

impl Context<'_> {
    /// A context over the same store that has `extras` to call the loaders of views with: the functions of fields with
    /// `#[view(with = ..)]` whose first parameter is an `&X`. It borrows this one, and has its extras too; of two of one
    /// type the last counts.
    ///
    /// A loader is called once for each field in a realise (of a [stream](Context::stream), in each chunk), with the keys
    /// of all rows that have the field, each once, and not where there are none. It is called when everything is read and
    /// the snapshot of the realise has ended (that of a stream has not), and no statement is counted for it. A function
    /// that takes `&()` needs no extras.
    ///
    /// ```
    #[doc = tracker!()]
    /// use std::collections::HashMap;
    ///
    /// struct Karma(HashMap<i32, f64>);                                    // a client of another service, say
    ///
    /// fn karma_of(karma: &Karma, people: &[i32]) -> Result<HashMap<i32, f64>, std::io::Error> {
    ///     if karma.0.is_empty() {
    ///         return Err(std::io::ErrorKind::ConnectionRefused.into());
    ///     }
    ///     Ok(people.iter().filter_map(|id| Some((*id, *karma.0.get(id)?))).collect())
    /// }
    ///
    /// #[derive(Debug, View)]
    /// #[view(of = Person)]
    /// struct Card {
    ///     name: String,
    ///     #[view(with = karma_of)]
    ///     karma: Option<f64>,
    /// }
    /// let karma = Karma(HashMap::from([(1, 2.5)]));
    /// let cards = context.with_extras(&karma).realise(People::all().view::<Card>())?;
    /// assert_eq!((cards[0].karma, cards[1].karma), (Some(2.5), None));
    ///
    /// let down = Karma(HashMap::new());
    /// let error = context.with_extras(&down).realise(People::all().view::<Card>()).unwrap_err();
    /// let persist::Error::Loader(error) = &error else { panic!("{error}") };
    /// assert_eq!(error.source.downcast_ref::<std::io::Error>().unwrap().kind(), std::io::ErrorKind::ConnectionRefused);
    /// # Ok::<(), persist::Error>(())
    /// ```
    #[must_use = "the extras are those of a context of its own"]
    pub fn with_extras<'a, X: Any + Sync>(&'a mut self, extras: &'a X) -> Context<'a> {
        let mut context = self.borrowed();
        context.extras.0.push(extras);
        context
    }

    /// Calls the loaders of a run that has read everything.
    pub(super) fn call_loaders(&self, run: &mut Run) -> Result<(), Error> {
        for lookup in run.lookups()? {
            let begun = Instant::now();
            let loaded = lookup.call(self.extras.of(lookup.loader())?);
            let Loader { view, field, function, .. } = *lookup.loader();
            let (keys, micros, failed) = (lookup.len(), super::micros(begun), loaded.is_err());
            tracing::debug!(target: "persist", view, field, function, keys, micros, failed, "loader");
            run.supply(&lookup, loaded?);
        }
        Ok(())
    }
}

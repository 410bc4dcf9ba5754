//! Fields that functions of the program load: which keys each function is to be called with, and where its values go.
//!
//! A run hands out the calls as it hands out fetches; whoever drives it makes them.

use super::error::{Problem, RowError};
use super::finish::Failed;
use super::run::{Pool, Run};
use super::whole::{At, Noted};
use crate::entity::Value;
use crate::view::{Loaded, Loader, Supply, Values};
use std::any::Any;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::error::Error;
use std::sync::Arc;

/// A loader as a field of one pool.
pub(super) struct LoadedRun {
    pub(super) loader: &'static Loader,
    /// For each row, the number of its key among those of the call.
    pub(super) places: Vec<u32>,
    /// What came; nothing where no row asked.
    pub(super) values: Option<Arc<dyn Any + Send + Sync>>,
}

/// One call of a loader, for all rows of a realise.
pub struct Lookup {
    loader: &'static Loader,
    /// Each key once.
    keys: Vec<Vec<Value>>,
    /// The pools that have the field, with its number among their loaders.
    homes: Vec<(usize, usize)>,
}

/// A function that a view [loads with](crate::Context::with_extras) failed; its own error is the
/// [source](Error::source), to be downcast to its type.
///
/// An example is at [`Context::with_extras`](crate::Context::with_extras).
#[derive(Debug, thiserror::Error)]
#[error("`{function}`, which loads field `{field}` of `{view}`, failed: {source}")]
#[non_exhaustive]
pub struct LoaderError {
    /// The view that declares the field.
    pub view: &'static str,
    /// The field.
    pub field: &'static str,
    /// The function, as the field names it.
    pub function: &'static str,
    /// What the function says.
    pub source: Box<dyn Error + Send + Sync>,
}

/// A view loads a field with a function whose extras the context does not have; nothing was sent.
///
/// ```
#[doc = tracker!()]
/// use std::collections::HashMap;
///
/// struct Karma;
/// fn karma_of(_: &Karma, _: &[i32]) -> Result<HashMap<i32, f64>, String> {
///     Ok(HashMap::new())
/// }
/// #[derive(Debug, View)]
/// #[view(of = Person)]
/// struct Card {
///     #[view(with = karma_of)]
///     karma: f64,
/// }
/// let error = context.realise(People::all().view::<Card>()).unwrap_err();
/// assert!(error.to_string().starts_with("field `karma` of `Card` is loaded with `karma_of`, which takes extras of type"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "field `{field}` of `{view}` is loaded with `{function}`, which takes extras of type `{extras}`, and this context has none: \
     realise it with one that has, `context.with_extras(&..)`"
)]
#[non_exhaustive]
pub struct MissingExtras {
    /// The type of the extras.
    pub extras: &'static str,
    /// The view that declares the field.
    pub view: &'static str,
    /// The field.
    pub field: &'static str,
    /// The function, as the field names it.
    pub function: &'static str,
}

impl Lookup {
    /// The loader to be called.
    #[must_use]
    pub const fn loader(&self) -> &'static Loader {
        self.loader
    }

    /// With how many keys.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is nothing to ask for; such calls are not handed out.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Calls it.
    ///
    /// # Errors
    /// The function's own; or that the extras are not of the [type](Loader::extras) that it takes.
    pub fn call(&self, extras: &dyn Any) -> Result<Loaded, LoaderError> {
        let Loader { view, field, function, .. } = *self.loader;
        self.loader.load(extras, &self.keys).map_err(|source| LoaderError { view, field, function, source })
    }
}

impl Loader {
    /// That its extras are missing.
    pub(crate) fn missing(&self) -> MissingExtras {
        let Self { view, field, function, .. } = *self;
        MissingExtras { extras: self.extras().1, view, field, function }
    }
}

impl Run {
    /// The loaders that this run may call, each once.
    #[must_use]
    pub fn loaders(&self) -> Vec<&'static Loader> {
        let mut loaders: Vec<&'static Loader> = Vec::new();
        for run in self.pools.iter().flat_map(|pool| &pool.loaded) {
            if !loaders.iter().any(|known| known.is(run.loader)) {
                loaders.push(run.loader);
            }
        }
        loaders
    }

    /// The calls to be made, once all rounds have been fed: one for each loader that has rows. What each gives goes to
    /// [`supply`](Self::supply).
    ///
    /// # Errors
    /// When rows do not fit what their views promise, so that no call is of use.
    pub fn lookups(&mut self) -> Result<Vec<Lookup>, Failed> {
        let loaders = self.loaders();
        if loaders.is_empty() {
            return Ok(Vec::new());
        }
        self.bear()?;
        let lookups = loaders.into_iter().map(|loader| self.lookup(loader));
        Ok(lookups.filter(|lookup| !lookup.is_empty()).collect())
    }

    fn lookup(&mut self, loader: &'static Loader) -> Lookup {
        let mut lookup = Lookup { loader, keys: Vec::new(), homes: Vec::new() };
        let mut numbers: HashMap<Vec<Value>, u32> = HashMap::new();
        for (at, pool) in self.pools.iter_mut().enumerate() {
            let Pool { loaded, keys: Some(keys), len, .. } = pool else { continue };
            for (nth, run) in loaded.iter_mut().enumerate().filter(|(_, run)| run.loader.is(loader)) {
                let place = |row| match numbers.entry(keys.get(row)) {
                    Entry::Occupied(known) => *known.get(),
                    Entry::Vacant(new) => {
                        lookup.keys.push(new.key().clone());
                        *new.insert(lookup.keys.len() as u32 - 1)
                    }
                };
                run.places = (0..*len as usize).map(place).collect();
                lookup.homes.push((at, nth));
            }
        }
        lookup
    }

    /// Takes what a call gave; a row whose key has no value is noted.
    pub fn supply(&mut self, lookup: &Lookup, loaded: Loaded) {
        let Loaded { values, without } = loaded;
        let mut faults = vec![None; lookup.keys.len()];
        for (key, unfit) in without {
            let function = lookup.loader.function;
            faults[key] = Some(unfit.map_or(Problem::NotLoaded { function }, Problem::Unfit));
        }
        for (at, nth) in &lookup.homes {
            let Pool { node, loaded, .. } = &mut self.pools[*at];
            let Some(run) = loaded.get_mut(*nth) else { continue };
            run.values = Some(Arc::clone(&values));
            for (row, key) in run.places.iter().enumerate() {
                let Some(problem) = faults[*key as usize].clone() else { continue };
                let (key, field) = (lookup.keys[*key as usize].clone(), run.loader.field);
                let (entity, view) = (node.table.entity, node.view);
                let error = RowError { entity, view, field, part: None, column: None, key, problem };
                self.errors.push(Noted { error, at: At::Row(*at, row) });
            }
        }
    }
}

impl LoadedRun {
    pub(super) const fn new(loader: &'static Loader) -> Self {
        Self { loader, places: Vec::new(), values: None }
    }

    pub(super) fn into_supply(self) -> Supply {
        // Without a value there is no row to ask for one.
        let values = Values::Loaded(self.values.unwrap_or_else(|| Arc::new(())));
        Supply { places: self.places, values }
    }
}

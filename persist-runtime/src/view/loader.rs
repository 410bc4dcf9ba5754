//! Fields that a function of the program's loads, for a whole set of rows in one call: `#[view(with = karma_of)]`.
//!
//! A function is known here with its types, as a constant that the derive emits, and without them, as the engine calls
//! it. Nothing here calls it.

use super::View;
use super::node::Node;
use super::rows::{Missing, Supplies};
use crate::entity::{Entity, Key, Unfit, Value};
use crate::group::key_of;
use std::any::{Any, TypeId, type_name};
use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::fmt;
use std::hash::{BuildHasher, Hash};
use std::marker::PhantomData;
use std::sync::Arc;

type BoxedError = Box<dyn Error + Send + Sync>;

/// A field of a view whose values a function loads.
pub struct Loader {
    /// The view that declares it.
    pub view: &'static str,
    /// Which type that is.
    pub id: fn() -> TypeId,
    /// The field.
    pub field: &'static str,
    /// The function, as the field names it.
    pub function: &'static str,
    load: &'static dyn Erased,
}

/// A loader without its types. The derive emits `&loader::<E, F, _, _>(function)`.
#[doc(hidden)]
pub trait Erased: Send + Sync {
    /// The type of the extras, and its name.
    fn extras(&self) -> (TypeId, &'static str);

    /// The values of these keys.
    ///
    /// # Errors
    /// The function's own.
    fn load(&self, extras: &dyn Any, keys: &[Vec<Value>]) -> Result<Loaded, BoxedError>;
}

/// What a loader gave.
pub struct Loaded {
    /// For each key its value, a `Given<F>`.
    pub(crate) values: Arc<dyn Any + Send + Sync>,
    /// The keys without a value, by number, with what is wrong with the key itself, if that is why.
    pub(crate) without: Vec<(usize, Option<Unfit>)>,
}

/// The values of a field of type `F`, by the number of their key, and how they are cloned.
struct Given<F> {
    values: Vec<Option<F>>,
    clone: fn(&F) -> F,
    placed: fn(F, &Supplies, &'static Node, &'static str) -> F,
}

impl Loader {
    /// The field of the view `V` that `load` loads. Emitted by the derive.
    #[doc(hidden)]
    #[must_use]
    pub const fn of<V: View>(
        view: &'static str,
        field: &'static str,
        function: &'static str,
        load: &'static dyn Erased,
    ) -> Self {
        Self { view, id: TypeId::of::<V>, field, function, load }
    }

    /// The type of the extras that the function takes, and its name.
    #[must_use]
    pub fn extras(&self) -> (TypeId, &'static str) {
        self.load.extras()
    }

    /// Calls the function.
    pub(crate) fn load(&self, extras: &dyn Any, keys: &[Vec<Value>]) -> Result<Loaded, BoxedError> {
        self.load.load(extras, keys)
    }

    /// Whether both are the same field of the same view.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        (self.id)() == (other.id)() && self.field == other.field
    }
}

impl fmt::Display for Loader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { view, field, function, .. } = self;
        write!(f, "{function} for {view}.{field}")
    }
}

/// A function that can load a field of type `F`, in a view of an entity whose key is a `K`:
/// `fn(&Extras, &[K]) -> Result<HashMap<K, F>, E>`.
///
/// `S` stands for the types that the function names. Implemented here for functions; there is no way to add one.
#[diagnostic::on_unimplemented(
    message = "this cannot load a field of type `{F}` for keys of type `{K}`",
    label = "not a `fn(&Extras, &[{K}]) -> Result<HashMap<{K}, {F}>, E>`",
    note = "`with` names a function `fn(&Extras, &[{K}]) -> Result<HashMap<{K}, {F}>, E>`, or one that gives a `BTreeMap`; \
            `Extras` is what `Context::with_extras` was given, or `()`, and `E` an error",
    note = "the map of an `Option<T>` may be one of `T`s; `{F}` must be `Clone`, since several rows may have one key"
)]
pub trait Loads<K, F, S>: Send + Sync + 'static {
    /// What it takes besides the keys.
    type Extras: Any;
    /// The map that it gives.
    type Values: ValuesOf<K, F>;

    /// Calls it.
    #[doc(hidden)]
    fn call(&self, extras: &Self::Extras, keys: &[K]) -> Result<Self::Values, BoxedError>;

    /// Several rows may have one key.
    #[doc(hidden)]
    fn clone(value: &F) -> F;

    /// The same value, in its place: the field of this name in the view of this node.
    #[doc(hidden)]
    fn placed(value: F, supplies: &Supplies, node: &'static Node, field: &'static str) -> F;
}

#[diagnostic::do_not_recommend]
impl<L, K, F, X, G, M, R> Loads<K, F, (X, G, M, R)> for L
where
    F: Clone,
    L: Fn(&X, &[G]) -> Result<M, R> + Send + Sync + 'static,
    X: Any,
    G: KeyFor<K>,
    M: ValuesOf<K, F>,
    R: Into<BoxedError>,
{
    type Extras = X;
    type Values = M;

    fn call(&self, extras: &X, keys: &[K]) -> Result<M, BoxedError> {
        self(extras, G::these(keys)).map_err(Into::into)
    }

    fn clone(value: &F) -> F {
        value.clone()
    }

    fn placed(value: F, supplies: &Supplies, node: &'static Node, field: &'static str) -> F {
        M::placed(value, supplies, node, field)
    }
}

/// What a loader takes as a key: the entity's. A type of its own, so that another is told in words of [`Loads`].
pub trait KeyFor<K>: Sized {
    /// The same.
    #[doc(hidden)]
    fn these(keys: &[K]) -> &[Self];
}

impl<K> KeyFor<K> for K {
    fn these(keys: &[K]) -> &[K] {
        keys
    }
}

/// A map from keys to the values of a field of type `F`.
pub trait ValuesOf<K, F> {
    /// The value of a key, which is asked for once.
    #[doc(hidden)]
    fn take(&mut self, key: &K) -> Option<F>;

    /// A value in its place.
    #[doc(hidden)]
    fn placed(value: F, supplies: &Supplies, node: &'static Node, field: &'static str) -> F;
}

impl<K: Eq + Hash, T, F: Accepts<T>, S: BuildHasher> ValuesOf<K, F> for HashMap<K, T, S> {
    fn take(&mut self, key: &K) -> Option<F> {
        F::accept(self.remove(key))
    }

    fn placed(value: F, supplies: &Supplies, node: &'static Node, field: &'static str) -> F {
        value.placed(supplies, node, field)
    }
}

impl<K: Ord, T, F: Accepts<T>> ValuesOf<K, F> for BTreeMap<K, T> {
    fn take(&mut self, key: &K) -> Option<F> {
        F::accept(self.remove(key))
    }

    fn placed(value: F, supplies: &Supplies, node: &'static Node, field: &'static str) -> F {
        value.placed(supplies, node, field)
    }
}

/// A field of type `Self` takes what a loader gives as a `T`: the same, or an `Option` of it.
pub trait Accepts<T>: Sized {
    /// The value of a key that has one, or of one that has none.
    #[doc(hidden)]
    fn accept(value: Option<T>) -> Option<Self>;

    /// The same value, in its place: the field of this name in the view of this node.
    #[doc(hidden)]
    #[must_use]
    fn placed(self, _: &Supplies, _: &'static Node, _: &'static str) -> Self {
        self
    }
}

impl<T> Accepts<T> for T {
    fn accept(value: Option<T>) -> Option<T> {
        value
    }
}

impl<T> Accepts<T> for Option<T> {
    fn accept(value: Option<T>) -> Option<Self> {
        Some(value)
    }
}

/// A function with its types. Made by the derive.
#[doc(hidden)]
pub struct Typed<K, F, S, L> {
    load: L,
    types: PhantomData<fn(K, F, S)>,
}

/// The function as the loader of a field of type `F`, in a view of `E`. Emitted by the derive.
#[doc(hidden)]
#[must_use]
pub const fn loader<E: Entity, F, S, L: Loads<E::Key, F, S>>(load: L) -> Typed<E::Key, F, S, L> {
    Typed { load, types: PhantomData }
}

impl<K: Key, F: Send + Sync + 'static, S, L: Loads<K, F, S>> Erased for Typed<K, F, S, L> {
    fn extras(&self) -> (TypeId, &'static str) {
        (TypeId::of::<L::Extras>(), type_name::<L::Extras>())
    }

    fn load(&self, extras: &dyn Any, keys: &[Vec<Value>]) -> Result<Loaded, BoxedError> {
        let extras = extras.downcast_ref().ok_or("the extras are not those of this loader")?;
        let mut without = Vec::new();
        let mut read = Vec::with_capacity(keys.len());
        let mut numbers = Vec::with_capacity(keys.len());
        for (number, parts) in keys.iter().enumerate() {
            match key_of::<K>(parts) {
                Ok(key) => {
                    read.push(key);
                    numbers.push(number);
                }
                Err(unfit) => without.push((number, Some(unfit))),
            }
        }
        let mut values: Vec<Option<F>> = std::iter::repeat_with(|| None).take(keys.len()).collect();
        let mut given = self.load.call(extras, &read)?;
        for (key, number) in read.iter().zip(numbers) {
            values[number] = given.take(key);
            if values[number].is_none() {
                without.push((number, None));
            }
        }
        Ok(Loaded { values: Arc::new(Given { values, clone: L::clone, placed: L::placed }), without })
    }
}

impl Supplies {
    /// What was loaded for the row at hand. Emitted by the derive.
    ///
    /// # Errors
    /// When the supplies are not those of this view.
    #[doc(hidden)]
    pub fn loaded<V: View, F: 'static>(&mut self, field: &'static str) -> Result<F, Missing> {
        let (place, values) = self.loaded_values()?;
        let Given { values, clone, placed } = values.downcast_ref::<Given<F>>().ok_or(Missing)?;
        let value = values.get(place as usize).and_then(Option::as_ref).map(clone).ok_or(Missing)?;
        let placed = *placed;
        Ok(placed(value, self, V::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF, field))
    }
}

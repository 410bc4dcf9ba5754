//! What generated groups stand on besides: the requests for their numbers, their state, and what the operators take.

use super::{Group, Select};
use std::sync::Arc;

/// "How many?" A [request](crate::Request) that realises to a `u64`, made by [`Group::count`].
#[derive(Debug, Clone)]
#[must_use = "nothing is counted until a context realises it"]
pub struct Count {
    pub(crate) select: Arc<Select>,
}

/// "Is there any?" A [request](crate::Request) that realises to a `bool`, made by [`Group::exists`].
#[derive(Debug, Clone)]
#[must_use = "nothing is looked up until a context realises it"]
pub struct Exists {
    pub(crate) select: Arc<Select>,
}

/// The state of a group that has been realised. No group ever is: rows are plain structs in a `Vec`.
///
/// It is there for the message that the compiler gives where a group is iterated.
#[diagnostic::on_unimplemented(
    message = "a group holds no rows, so it cannot be iterated",
    label = "this is a description of a set, not its rows",
    note = "realise it first: `context.realise(group.view::<SomeView>())?` gives a `Vec` of plain structs"
)]
pub trait Realised {}

/// The state of every group: nothing is loaded yet. The parameter of a generated group has this as its default, and
/// nobody writes it.
#[derive(Debug, Clone, Copy)]
pub enum Unrealised {}

/// A group of `E`, by value or by reference: the other side of `|`, `&` and `-`. Implemented by the derive.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a group of `{E}`",
    label = "a group of something else",
    note = "`|`, `&` and `-` take two groups of the same entity; to load groups of several entities, realise them in one \
            call: `context.realise((a.view::<A>(), b.view::<B>()))`"
)]
pub trait GroupOf<E> {
    /// The group.
    fn group(&self) -> &Group<E>;
}

impl<E, G: GroupOf<E>> GroupOf<E> for &G {
    fn group(&self) -> &Group<E> {
        (*self).group()
    }
}

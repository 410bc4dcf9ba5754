//! What a relation asks of the types of the fields that refer: answered by traits, so that a mistake is rustc's error at the
//! field.

use crate::entity::{Field, Maybe, One, Scalar};

/// A field, or a tuple of fields, that holds a key of type `K`: the key's own type, or an `Option` of it. Of several
/// fields, one `Option` makes the relation nullable.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot refer to a key of type `{K}`",
    label = "does not hold that key",
    note = "the type of a `belongs_to` field is the key's type, or an `Option` of it"
)]
pub trait RefersTo<K> {
    /// [`One`] or [`Maybe`].
    type Cardinality;
}

impl<K: Scalar> RefersTo<K> for K {
    type Cardinality = One;
}

impl<K: Scalar> RefersTo<K> for Option<K> {
    type Cardinality = Maybe;
}

/// A reference of several columns leads to one row if all of them are required, and to none if one of them is NULL.
#[doc(hidden)]
pub trait Together<C> {
    type Cardinality;
}

impl Together<One> for One {
    type Cardinality = One;
}

impl Together<Maybe> for One {
    type Cardinality = Maybe;
}

impl<C> Together<C> for Maybe {
    type Cardinality = Maybe;
}

type Both<A, B> = <A as Together<B>>::Cardinality;

impl<A: RefersTo<K>, B: RefersTo<L>, K: Scalar, L: Scalar> RefersTo<(K, L)> for (A, B)
where
    A::Cardinality: Together<B::Cardinality>,
{
    type Cardinality = Both<A::Cardinality, B::Cardinality>;
}

impl<A: RefersTo<K>, B: RefersTo<L>, C: RefersTo<M>, K: Scalar, L: Scalar, M: Scalar> RefersTo<(K, L, M)> for (A, B, C)
where
    A::Cardinality: Together<B::Cardinality>,
    Both<A::Cardinality, B::Cardinality>: Together<C::Cardinality>,
{
    type Cardinality = Both<Both<A::Cardinality, B::Cardinality>, C::Cardinality>;
}

/// A field that refers to a column of type `R`: of the same type, either of which may be NULL. What `to = ..` asks for.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot refer to a column of type `{R}`",
    label = "does not hold what that column holds",
    note = "the type of a `belongs_to` field is the type of the column that `to` names, or an `Option` of it"
)]
pub trait RefersToColumn<R> {}

#[diagnostic::do_not_recommend]
impl<F: Field, R: Field<Base = F::Base>> RefersToColumn<R> for F {}

/// A relation that need not lead to a row: what `on_delete = nullify` asks of the relation back.
#[diagnostic::on_unimplemented(
    message = "`nullify` leaves rows that refer to nothing, and these always refer to a row",
    label = "their `belongs_to` is over a field that is no `Option`",
    note = "make that field an `Option`, or say `cascade` (they go too) or `restrict` (they keep the row)"
)]
pub trait RefersToNothing {}

impl RefersToNothing for Maybe {}

/// A relation to the row that a field refers to: what can be joined.
#[diagnostic::on_unimplemented(
    message = "`join` is for a `belongs_to`, and this is another relation",
    label = "leads to more than the row that a field refers to",
    note = "load it by `keys` (which is the default) or by `subselect`"
)]
pub trait ToOne {}

impl ToOne for One {}
impl ToOne for Maybe {}

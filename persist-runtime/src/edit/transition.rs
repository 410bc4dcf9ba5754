//! Whether a guarded column goes from one value to another: [`Transition`].

use super::change::Changes;
use super::write::To;
use crate::entity::{Besides, Field, Move, Row, Value};

/// The answer of the function that `#[entity(guard = ..)]` names: whether the column may go from the one value to the
/// other, and what else is written then.
///
/// ```
/// use persist::prelude::*;
/// use persist::{Changes, Transition};
/// # mod schema {
/// #     diesel::table! { images (id) { id -> Integer, status -> Text, size -> Nullable<BigInt>, } }
/// # }
///
/// #[derive(Debug, Clone, Copy, PartialEq, Scalar)]
/// pub enum Status {
///     Queued,
///     Saving,
///     Active,
/// }
///
/// #[derive(Debug, Clone, PartialEq, Entity)]
/// #[entity(table = schema::images)]
/// pub struct Image {
///     #[entity(key)]
///     pub id: i32,
///     #[entity(guard = moves)]
///     pub status: Status,
///     pub size: Option<i64>,
/// }
///
/// fn moves(from: &Status, to: &Status) -> Transition<Image> {
///     match (from, to) {
///         (_, Status::Queued) => Transition::with(Changes::new().set(image::size, None)),
///         (Status::Queued, Status::Saving) | (Status::Saving, Status::Active) => Transition::allowed(),
///         _ => Transition::refused(),
///     }
/// }
/// # let memory = persist::MemoryStore::new();
/// # let mut context = persist::Context::memory(&memory);
/// context.insert(&Image { id: 7, status: Status::Saving, size: Some(42) })?;
/// let mut image = context.edit::<Image>(7)?;
/// image.status = Status::Queued;
/// context.save(&mut image)?;
/// assert_eq!(image.size, None);                                       // it went with the status
///
/// image.status = Status::Active;
/// assert_eq!(
///     context.save(&mut image).unwrap_err().to_string(),
///     r#"Image 7: `status` does not go from "queued" to "active""#
/// );
/// # Ok::<(), persist::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "the answer says whether the column may change"]
pub struct Transition<E>(Option<Changes<E>>);

impl<E> Transition<E> {
    /// It may, and nothing else is written.
    pub const fn allowed() -> Self {
        Self(Some(Changes::new()))
    }

    /// It may not: the change is refused before anything is sent.
    pub const fn refused() -> Self {
        Self(None)
    }

    /// It may where `allowed`: for what `matches!` says.
    pub const fn when(allowed: bool) -> Self {
        if allowed { Self::allowed() } else { Self::refused() }
    }

    /// It may, and these changes are written with it; what they expect must be so.
    ///
    /// A column that the same write sets to something else makes a contradiction, which is refused.
    pub const fn with(changes: Changes<E>) -> Self {
        Self(Some(changes))
    }
}

/// What `rule` says of two neutral values; what cannot be read as the column's type goes nowhere. Emitted by the derive.
#[doc(hidden)]
pub fn transition<E, F: Field>(from: &Value, to: &Value, rule: fn(&F, &F) -> Transition<E>) -> Move {
    let (Some(from), Some(to)) = (field(from), field(to)) else { return Move::Refused };
    match rule(&from, &to).0 {
        Some(changes) => Move::Allowed(besides(&changes)),
        None => Move::Refused,
    }
}

fn field<F: Field>(value: &Value) -> Option<F> {
    F::read_at(Row::of(&std::slice::from_ref(value)), 0).ok()
}

fn besides<E>(changes: &Changes<E>) -> Besides {
    let mut besides = Besides { expected: changes.expected().to_vec(), ..Besides::default() };
    for changed in changes.changed() {
        match &changed.to {
            To::Value(value) => besides.sets.push((changed.column, value.clone())),
            To::Plus(more) => besides.sums.push((changed.column, more.clone())),
            // A rule has read no document that it could be the change of.
            #[cfg(feature = "json")]
            To::Paths(_) => besides.sums.push((changed.column, Value::Null)),
        }
    }
    // Said twice it is refused, as in any other changes.
    besides.sums.extend(changes.contradiction().map(|column| (column, Value::Null)));
    besides
}

//! The rules that a derive can judge by itself, one function each; everything that needs types is left to rustc.

mod changes;
mod embedded;
mod entity;
mod mixed;
mod rules;
mod scalar;
mod view;

pub(crate) use changes::changes;
pub(crate) use embedded::embedded;
pub(crate) use entity::entity;
pub(crate) use mixed::mixed;
pub(crate) use scalar::scalar;
pub(crate) use view::view;

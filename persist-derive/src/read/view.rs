//! What `#[view(..)]` says.

use super::load::Load;
use darling::util::{Flag, PreservedStrExpr};
use darling::{Error, FromMeta, Result};
use syn::{Ident, Meta, Path};

/// On the struct.
#[derive(Default, FromMeta)]
#[darling(default)]
pub(crate) struct ViewAttrs {
    pub(crate) of: Option<Path>,
    pub(crate) budget: Option<PreservedStrExpr>,
    #[darling(rename = "crate")]
    pub(crate) krate: Option<Path>,
}

/// On a field.
#[derive(Default, FromMeta)]
#[darling(default)]
pub(crate) struct ViewFieldAttrs {
    pub(crate) from: Option<Ident>,
    pub(crate) flatten: Flag,
    pub(crate) filter: Option<PreservedStrExpr>,
    pub(crate) order_by: Option<PreservedStrExpr>,
    pub(crate) link_order_by: Option<PreservedStrExpr>,
    pub(crate) by: Option<PreservedStrExpr>,
    pub(crate) limit: Option<PreservedStrExpr>,
    pub(crate) load: Option<Load>,
    pub(crate) count: Option<CountOf>,
    pub(crate) compute: Option<PreservedStrExpr>,
    pub(crate) depth: Option<PreservedStrExpr>,
}

/// `count(subscribers)`.
pub(crate) struct CountOf(pub(crate) Ident);

impl FromMeta for CountOf {
    fn from_meta(item: &Meta) -> Result<Self> {
        let words = "`count` names one relation: `count(comments)`";
        match item {
            Meta::List(list) => list.parse_args().map(Self).map_err(|_| Error::custom(words).with_span(item)),
            other => Err(Error::custom(words).with_span(other)),
        }
    }
}

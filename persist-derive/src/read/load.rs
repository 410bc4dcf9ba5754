//! `load = keys`, `load = join`, `load = subselect`.

use darling::{Error, FromMeta, Result};
use proc_macro2::Ident;
use syn::Expr;

/// How a relation is loaded; the word is the user's.
#[derive(Clone)]
pub(crate) struct Load(pub(crate) Ident);

impl Load {
    pub(crate) fn is_join(&self) -> bool {
        self.0 == "join"
    }
}

impl FromMeta for Load {
    fn from_expr(expr: &Expr) -> Result<Self> {
        match Ident::from_expr(expr) {
            Ok(word) if ["keys", "join", "subselect"].iter().any(|known| word == known) => Ok(Self(word)),
            _ => Err(Error::custom("a relation is loaded by `keys`, `join` or `subselect`").with_span(expr)),
        }
    }
}

//! What `#[scalar(..)]` says.

use darling::{Error, FromMeta, Result};
use syn::{Expr, Ident, LitStr, Path};

/// On the type.
#[derive(Default, FromMeta)]
#[darling(default)]
pub(crate) struct ScalarAttrs {
    pub(crate) rename_all: Option<LitStr>,
    pub(crate) integer: Option<Integer>,
    #[darling(rename = "crate")]
    pub(crate) krate: Option<Path>,
}

/// On a variant.
#[derive(Default, FromMeta)]
#[darling(default)]
pub(crate) struct VariantAttrs {
    pub(crate) rename: Option<LitStr>,
}

/// `integer`, or `integer = i16`.
pub(crate) struct Integer(pub(crate) Option<Ident>);

impl FromMeta for Integer {
    fn from_word() -> Result<Self> {
        Ok(Self(None))
    }

    fn from_expr(expr: &Expr) -> Result<Self> {
        match Ident::from_expr(expr) {
            Ok(width) if ["i16", "i32", "i64"].iter().any(|known| width == known) => Ok(Self(Some(width))),
            _ => Err(Error::custom("an enum is stored as an `i16`, `i32` or `i64`").with_span(expr)),
        }
    }
}

//! What an entity says of how its rows are written: `guard`, `counter`, `together(..)`, `unique(..)`, `on_delete = ..`.

use darling::ast::NestedMeta;
use darling::util::PreservedStrExpr;
use darling::{Error, FromMeta, Result};
use proc_macro2::Span;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, Ident, Meta, MetaNameValue, Path, Token};

/// `guard`, or `guard = moves`: along which ways.
pub(crate) struct GuardBy {
    pub(crate) at: Span,
    pub(crate) by: Option<Path>,
}

impl FromMeta for GuardBy {
    fn from_meta(item: &Meta) -> Result<Self> {
        let at = item.path().span();
        match item {
            Meta::Path(_) => Ok(Self { at, by: None }),
            Meta::NameValue(MetaNameValue { value: Expr::Path(by), .. }) => Ok(Self { at, by: Some(by.path.clone()) }),
            Meta::NameValue(_) | Meta::List(_) => {
                let words = "`guard` may name a function of the value before and the value after: `guard = moves`";
                Err(Error::custom(words).with_span(item))
            }
        }
    }
}

/// `updated = now`: what the column becomes with each write of its row.
pub(crate) struct UpdatedBy {
    pub(crate) at: Span,
    pub(crate) by: Path,
}

impl FromMeta for UpdatedBy {
    fn from_meta(item: &Meta) -> Result<Self> {
        match item {
            Meta::NameValue(MetaNameValue { value: Expr::Path(by), .. }) => {
                Ok(Self { at: item.path().span(), by: by.path.clone() })
            }
            _ => {
                let words =
                    "`updated` names a function that says what the column becomes with each write: `updated = now`";
                Err(Error::custom(words).with_span(item))
            }
        }
    }
}

/// `counter`, or `counter(min = 0, max = 100)`.
pub(crate) struct Counts {
    pub(crate) at: Span,
    pub(crate) bounds: Bounds,
}

#[derive(Default, FromMeta)]
#[darling(default)]
pub(crate) struct Bounds {
    pub(crate) min: Option<PreservedStrExpr>,
    pub(crate) max: Option<PreservedStrExpr>,
}

impl FromMeta for Counts {
    fn from_meta(item: &Meta) -> Result<Self> {
        let at = item.path().span();
        let bounds = match item {
            Meta::Path(_) => Bounds::default(),
            Meta::List(list) => {
                let items = NestedMeta::parse_meta_list(list.tokens.clone()).map_err(Error::from)?;
                Bounds::from_list(&items)?
            }
            Meta::NameValue(_) => {
                let words = "a counter may have bounds: `counter(min = 0, max = 100)`";
                return Err(Error::custom(words).with_span(item));
            }
        };
        Ok(Self { at, bounds })
    }
}

/// `together(low, high)`, `unique(parent_id, name)`: fields.
pub(crate) struct FieldList {
    pub(crate) at: Span,
    pub(crate) fields: Vec<Ident>,
}

impl FromMeta for FieldList {
    fn from_meta(item: &Meta) -> Result<Self> {
        let word = item.path().get_ident().map(ToString::to_string).unwrap_or_default();
        let words = format!("`{word}` names fields: `{word}(low, high)`");
        let Meta::List(list) = item else { return Err(Error::custom(words).with_span(item)) };
        let fields = list.parse_args_with(Punctuated::<Ident, Token![,]>::parse_terminated);
        let fields = fields.map_err(|_| Error::custom(words).with_span(item))?;
        Ok(Self { at: item.path().span(), fields: fields.into_iter().collect() })
    }
}

/// `on_delete = cascade`: the word, where it stands.
pub(crate) struct OnDelete(pub(crate) Ident);

impl FromMeta for OnDelete {
    fn from_expr(expr: &Expr) -> Result<Self> {
        match Ident::from_expr(expr) {
            Ok(word) if ["cascade", "restrict", "nullify"].iter().any(|known| word == known) => Ok(Self(word)),
            _ => {
                let words = "`on_delete` is `cascade` (they go too), `restrict` (they keep the row) or `nullify` (they \
                             refer to nothing)";
                Err(Error::custom(words).with_span(expr))
            }
        }
    }
}

//! What `#[view(..)]` says of an enum, and of its variants.

use darling::util::PreservedStrExpr;
use darling::{Error, FromMeta, Result};
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Ident, Meta, Path, Token, Type};

/// On the enum.
#[derive(Default, FromMeta)]
#[darling(default)]
pub(crate) struct MixedAttrs {
    pub(crate) common: Option<Common>,
    pub(crate) group: Option<Ident>,
    pub(crate) columns: Option<Ident>,
    pub(crate) budget: Option<PreservedStrExpr>,
    #[darling(rename = "crate")]
    pub(crate) krate: Option<Path>,
}

/// On a variant.
#[derive(Default, FromMeta)]
#[darling(default)]
pub(crate) struct KindAttrs {
    pub(crate) common: Option<Renamed>,
}

/// `common(name: String, created: NaiveDateTime)`.
#[derive(Default)]
pub(crate) struct Common(pub(crate) Vec<(Ident, Type)>);

/// `common(name = nick)`.
#[derive(Default)]
pub(crate) struct Renamed(pub(crate) Vec<(Ident, Ident)>);

/// A name and what is said of it.
struct Pair<T>(Ident, T);

impl Parse for Pair<Type> {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse()?;
        input.parse::<Token![:]>()?;
        Ok(Self(name, input.parse()?))
    }
}

impl Parse for Pair<Ident> {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse()?;
        input.parse::<Token![=]>()?;
        Ok(Self(name, input.parse()?))
    }
}

fn pairs<T>(item: &Meta, words: &str) -> Result<Vec<(Ident, T)>>
where
    Pair<T>: Parse,
{
    let Meta::List(list) = item else { return Err(Error::custom(words).with_span(item)) };
    let pairs = Punctuated::<Pair<T>, Token![,]>::parse_terminated.parse2(list.tokens.clone());
    let pairs = pairs.map_err(|error| syn::Error::new(error.span(), words)).map_err(Error::from)?;
    Ok(pairs.into_iter().map(|Pair(name, said)| (name, said)).collect())
}

impl FromMeta for Common {
    fn from_meta(item: &Meta) -> Result<Self> {
        pairs(item, "a common column is a name and a type: `common(name: String)`").map(Self)
    }
}

impl FromMeta for Renamed {
    fn from_meta(item: &Meta) -> Result<Self> {
        pairs(item, "say which column of this kind a common one is: `common(name = title)`").map(Self)
    }
}

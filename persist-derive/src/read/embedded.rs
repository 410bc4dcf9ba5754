//! What `#[embedded(..)]` says, and `embed(..)` on a field of an entity.

use darling::util::Flag;
use darling::{Error, FromMeta, Result};
use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Ident, Meta, Path, Token, Type, parenthesized};

/// On the struct.
#[derive(Default, FromMeta)]
#[darling(default)]
pub(crate) struct EmbeddedAttrs {
    pub(crate) columns: Option<Ident>,
    #[darling(rename = "crate")]
    pub(crate) krate: Option<Path>,
}

/// On a field.
#[derive(Default, FromMeta)]
#[darling(default)]
pub(crate) struct EmbeddedFieldAttrs {
    pub(crate) embed: Flag,
}

/// `embed(street = home_street, place: Place(city = home_city))`.
#[derive(Default)]
pub(crate) struct EmbedAs(pub(crate) Vec<Part>);

/// One field of an embedded struct, and where it is stored.
pub(crate) struct Part {
    pub(crate) field: Ident,
    pub(crate) stored: Stored,
}

pub(crate) enum Stored {
    /// In this column.
    Column(Ident),
    /// As an embedded struct of this type.
    Embed(Box<Type>, Vec<Part>),
}

type Parts = Punctuated<Part, Token![,]>;

impl Parse for Part {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let field = input.parse()?;
        if input.parse::<Option<Token![=]>>()?.is_some() {
            return Ok(Self { field, stored: Stored::Column(input.parse()?) });
        }
        input.parse::<Token![:]>()?;
        // Up to the parenthesis, which would belong to a type such as `Fn(..)`.
        let mut ty = TokenStream::new();
        while !input.peek(syn::token::Paren) {
            ty.extend([input.parse::<proc_macro2::TokenTree>()?]);
        }
        let parts;
        parenthesized!(parts in input);
        let parts = Parts::parse_terminated(&parts)?;
        Ok(Self { field, stored: Stored::Embed(Box::new(syn::parse2(ty)?), parts.into_iter().collect()) })
    }
}

impl FromMeta for EmbedAs {
    fn from_meta(item: &Meta) -> Result<Self> {
        let words = "say which column holds each field: `embed(street = home_street, city = home_city)`";
        let Meta::List(list) = item else { return Err(Error::custom(words).with_span(item)) };
        let parts = Parts::parse_terminated.parse2(list.tokens.clone());
        let parts = parts.map_err(|error| syn::Error::new(error.span(), words)).map_err(Error::from)?;
        if parts.is_empty() {
            return Err(Error::custom(words).with_span(item));
        }
        Ok(Self(parts.into_iter().collect()))
    }
}

impl Part {
    /// How many columns it has.
    pub(crate) fn width(&self) -> usize {
        match &self.stored {
            Stored::Column(_) => 1,
            Stored::Embed(_, parts) => parts.iter().map(Self::width).sum(),
        }
    }
}

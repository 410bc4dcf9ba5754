//! Generated code: data and glue. Nothing here can fail.
//!
//! Every name that a user writes is mentioned in one place, and what is checked against it carries the spans of the
//! user's own tokens, so that a mistake is one error there. Paths are absolute, since the names of the user's crate may
//! hide those of the prelude.
//!
//! Functions are `#[inline]`, each of them: what the user's crate does not call is not compiled then, and most of it is not
//! called.

mod changes;
mod edited;
mod embedded;
mod entity;
mod group;
mod mixed;
mod relation;
mod rules;
mod scalar;
mod shell;
mod view;
mod view_field;

pub(crate) use changes::{changes, fallback as changes_fallback};
pub(crate) use embedded::{embedded, fallback as embedded_fallback};
pub(crate) use entity::entity;
pub(crate) use mixed::{fallback as mixed_fallback, mixed};
pub(crate) use scalar::{fallback as scalar_fallback, scalar};
pub(crate) use view::{fallback as view_fallback, view};

use crate::read::Load;
use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::format_ident;

/// `tokens` as if they stood at `span` in the user's code, so that messages about them look like any other.
fn located(tokens: TokenStream, span: Span) -> TokenStream {
    let relocate = |mut token: TokenTree| {
        if let TokenTree::Group(group) = &token {
            let inner = Group::new(group.delimiter(), located(group.stream(), span));
            token = TokenTree::Group(inner);
        }
        // `$crate` is what it is by its span.
        if token.to_string() != "$crate" {
            token.set_span(span);
        }
        token
    };
    tokens.into_iter().map(relocate).collect()
}

/// `.by_join()`, where the user's word is: what it cannot be said of is told there.
fn load_by(load: &Load) -> TokenStream {
    let by = format_ident!("by_{}", load.0, span = load.0.span());
    located(quote::quote!(.#by()), load.0.span())
}

/// A view is one that it holds itself, so that what takes all views with a part takes the part too.
fn as_itself(ident: &proc_macro2::Ident) -> TokenStream {
    quote::quote! {
        #[automatically_derived]
        impl ::core::convert::AsRef<#ident> for #ident {
            #[inline]
            fn as_ref(&self) -> &Self {
                self
            }
        }
    }
}

/// The slot in views of a type that is no view itself: it is read with the row (`column`), or comes later.
fn slot_of(krate: &crate::krate::Krate, ident: &proc_macro2::Ident, column: bool) -> TokenStream {
    let (this, option) = match column {
        true => (quote::quote!(Self), quote::quote!(::core::option::Option<Self>)),
        false => (quote::quote!(()), quote::quote!(())),
    };
    quote::quote! {
        #[automatically_derived]
        impl #krate::Slot for #ident {
            type Itself = Self;
            type Partial = #this;
            type InOption = #option;
            type InVec = ();
        }
    }
}

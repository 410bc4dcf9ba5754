//! Mistakes, collected until all are known.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use std::fmt::Display;

/// What is wrong with one derive's input.
#[derive(Default)]
pub(crate) struct Errors {
    all: Option<syn::Error>,
}

impl Errors {
    /// Adds a mistake at `tokens`.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, message: impl Display) {
        self.add(syn::Error::new_spanned(tokens, message));
    }

    /// Adds a mistake at `span`.
    pub(crate) fn at_span(&mut self, span: Span, message: impl Display) {
        self.add(syn::Error::new(span, message));
    }

    /// Adds what darling found.
    pub(crate) fn absorb(&mut self, error: darling::Error) {
        for error in error.flatten() {
            // By way of syn, which leaves out where in the attribute it is: the span says so.
            let error = syn::Error::from(error);
            self.at_span(error.span(), words(&error.to_string()));
        }
    }

    fn add(&mut self, error: syn::Error) {
        match &mut self.all {
            Some(all) => all.combine(error),
            None => self.all = Some(error),
        }
    }

    pub(crate) const fn any(&self) -> bool {
        self.all.is_some()
    }

    pub(crate) fn into_tokens(self) -> TokenStream {
        self.all.map(|error| error.into_compile_error()).unwrap_or_default()
    }
}

/// A message of darling, said as ours are.
fn words(message: &str) -> String {
    let message = match message.strip_prefix("Unknown field: ") {
        Some(rest) => format!("unknown attribute {rest}"),
        None => match message.strip_prefix("Duplicate field ") {
            Some(rest) => format!("{rest} is said twice"),
            None => lower_first(message),
        },
    };
    message.replace(". Did you mean", ": did you mean")
}

fn lower_first(message: &str) -> String {
    let mut chars = message.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

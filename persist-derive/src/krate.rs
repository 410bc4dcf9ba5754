//! The runtime's path, under whatever name the user's crate knows it.

use proc_macro_crate::{FoundCrate, crate_name};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::Path;

/// The runtime's package, and the name of its library.
const PACKAGE: &str = "persist-runtime";
const LIBRARY: &str = "persist";

/// The path that generated code names: `::persist::__private`, or what `crate = ..` says.
pub(crate) struct Krate(TokenStream);

impl Krate {
    pub(crate) fn find(stated: Option<&Path>) -> Self {
        if let Some(path) = stated {
            return Self(quote!(#path::__private));
        }
        let name = match crate_name(PACKAGE) {
            // A dependency that is not renamed goes by the name of its library, not of its package.
            Ok(FoundCrate::Name(name)) if name != PACKAGE.replace('-', "_") => name,
            _ => LIBRARY.to_owned(),
        };
        let name = Ident::new(&name, Span::call_site());
        Self(quote!(::#name::__private))
    }
}

impl ToTokens for Krate {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.0.to_tokens(tokens);
    }
}

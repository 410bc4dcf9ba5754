//! The runtime's path, under whatever name the user's crate knows it.

use proc_macro_crate::{FoundCrate, crate_name};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::Path;

/// The runtime's package, and the name of its library.
const PACKAGE: &str = "persist-runtime";
const LIBRARY: &str = "persist";

/// What generated code takes from the runtime: `::persist::__private`, or what `crate = ..` says.
///
/// As tokens it is the short name that the path has inside [`Krate::block`]: an expansion names it some two hundred
/// times, and the compiler resolves each.
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

    /// The path in whole, for what stands outside of a block.
    pub(crate) const fn path(&self) -> &TokenStream {
        &self.0
    }

    /// A place for impls, in which the runtime has its short name.
    pub(crate) fn block(&self, impls: &TokenStream) -> TokenStream {
        let path = self.path();
        quote! {
            // Where a part of an expansion has the user's span, it is linted as the user's own.
            #[allow(unused_imports, unused_qualifications)]
            const _: () = {
                use #path as #self;
                #impls
            };
        }
    }
}

impl ToTokens for Krate {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        Ident::new("__persist", Span::call_site()).to_tokens(tokens);
    }
}

//! Patches: what the fields of a struct say of columns, as changes; and the patch of a whole entity.

use super::located;
use super::relation::as_entity;
use crate::krate::Krate;
use crate::model::{Changes, ChangesField, Entity, Rule};
use crate::names::ends;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;

pub(crate) fn changes(changes: &Changes) -> TokenStream {
    let Changes { krate, ident, of: Some(of), fields, .. } = changes else { return fallback(changes) };
    let [patch, out] = names();
    let entity = as_entity(krate, of);
    let each = fields.iter().map(|ChangesField { ident, ty, column, within, add }| {
        let cols = located(quote!(<#entity::Cols>::), column.span());
        let call = located(if *add { quote!(.patched_by::<) } else { quote!(.patched::<) }, ends(ty).0);
        quote!(let #out = #cols #column #(.#within)* #call #ty>(#patch.#ident, #out);)
    });
    let imp = conversion(krate, ident, &quote!(#of), &quote!(#(#each)*));
    krate.block(&imp)
}

fn names() -> [Ident; 2] {
    ["patch", "changes"].map(|name| Ident::new(name, Span::mixed_site()))
}

fn conversion(krate: &Krate, ident: &Ident, of: &TokenStream, each: &TokenStream) -> TokenStream {
    let [patch, out] = names();
    quote! {
        #[automatically_derived]
        impl ::core::convert::From<#ident> for #krate::Changes<#of> {
            #[inline]
            fn from(#patch: #ident) -> Self {
                let #out = #krate::Changes::<#of>::new();
                #each
                #out
            }
        }
    }
}

/// Stands for one that could not be understood, so that its users are not told about it too.
pub(crate) fn fallback(changes: &Changes) -> TokenStream {
    let Changes { krate, ident, of, .. } = changes;
    let Some(of) = of else { return TokenStream::new() };
    let out = &names()[1];
    krate.block(&conversion(krate, ident, &quote!(#of), &quote!(let _ = &#out;)))
}

/// The patch of a whole entity, where one is asked for: its definition, and what it becomes.
pub(super) fn of_entity(entity: &Entity) -> (TokenStream, TokenStream) {
    let Entity { krate, vis, ident, columns, changes, .. } = entity;
    let Some(name) = changes else { return (TokenStream::new(), TokenStream::new()) };
    let fields: Vec<_> = entity
        .stored()
        .filter(|field| field.key.is_none() && !field.rules.iter().any(|(_, rule)| matches!(rule, Rule::Lock)))
        .collect();
    let (path, shown) = (krate.path(), ident.unraw());
    let doc = format!("What becomes of the columns of a [`{shown}`]: those that are not kept are written.");
    let declared = fields.iter().map(|field| {
        let (name, ty) = (&field.ident, &field.ty);
        let doc = format!("Of `{}`.", name.unraw());
        quote!(#[doc = #doc] #vis #name: #path::Change<#ty>)
    });
    let definition = quote! {
        #[doc = #doc]
        #[derive(::core::clone::Clone, ::core::default::Default)]
        #[must_use = "nothing is written until a context applies it"]
        #vis struct #name {
            #(#declared,)*
        }
    };
    let [patch, out] = names();
    let each = fields.iter().map(|field| {
        let name = &field.ident;
        quote!(let #out = #columns::#name.patched(#patch.#name, #out);)
    });
    let conversion = conversion(krate, name, &quote!(#ident), &quote!(#(#each)*));
    let imp = quote! {
        #conversion

        #[automatically_derived]
        impl ::core::fmt::Debug for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let changes: #krate::Changes<#ident> = ::core::convert::From::from(::core::clone::Clone::clone(self));
                ::core::fmt::Debug::fmt(&changes, f)
            }
        }
    };
    (definition, imp)
}

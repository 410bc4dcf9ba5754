//! The group's type.

use super::located;
use super::relation::as_entity;
use super::shell::Shell;
use crate::model::{Entity, Relation};
use crate::names::{ends, type_text};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ext::IdentExt;

/// The type and its methods: what messages and documentation name.
pub(super) fn group(entity: &Entity) -> TokenStream {
    let definition = definition(entity);
    let methods = methods(entity);
    quote!(#definition #methods)
}

/// The impls of traits.
pub(super) fn impls(entity: &Entity) -> TokenStream {
    let (shell, operators) = (shell(entity).impls(), operators(entity));
    quote!(#shell #operators)
}

fn shell(entity: &Entity) -> Shell<'_> {
    let Entity { krate, vis, ident, group, .. } = entity;
    Shell { krate, vis, name: group, row: ident, inside: quote!(Group), ask: quote!(view::<#ident>()) }
}

fn definition(entity: &Entity) -> TokenStream {
    let name = entity.ident.unraw();
    let doc = format!(
        "A group of [`{name}`]s: a typed set that loads nothing until a context realises it.\n\n\
         It derefs to persist's `Group<{name}>`, which narrows, orders, counts and joins it."
    );
    shell(entity).definition(&doc)
}

fn methods(entity: &Entity) -> TokenStream {
    let Entity { krate, vis, ident, group, relations, .. } = entity;
    let (krate, name) = (krate.path(), ident.unraw());
    let all = format!("Every [`{name}`] there is.");
    let from_keys = format!("The [`{name}`]s with one of these keys; a key that is not stored adds nothing.");
    let of = format!("The stored [`{name}`]s with the keys of these values.");
    let traversals = relations.iter().map(|relation| traversal(entity, relation));
    quote! {
        #[allow(dead_code, private_interfaces, clippy::must_use_candidate)]
        impl #group {
            #[doc = #all]
            #[inline]
            #vis fn all() -> Self {
                #krate::Group::<#ident>::all()
            }

            #[doc = #from_keys]
            #[inline]
            #vis fn from_keys(
                keys: impl ::core::iter::IntoIterator<Item = <#ident as #krate::Entity>::Key>,
            ) -> Self {
                #krate::Group::<#ident>::from_keys(keys)
            }

            #[doc = #of]
            #[inline]
            #vis fn of<'e>(values: impl ::core::iter::IntoIterator<Item = &'e #ident>) -> Self {
                #krate::Group::<#ident>::of(values)
            }

            #(#traversals)*
        }
    }
}

fn traversal(entity: &Entity, relation: &Relation) -> TokenStream {
    let Entity { vis, columns, .. } = entity;
    let Relation { name, target, group, .. } = relation;
    let doc = format!("The [`{}`]s that `{}` leads to from these; each once.", type_text(target), name.unraw());
    let target_entity = as_entity(entity.krate.path(), target);
    // All of it where the target is, so that the compiler says once what is wrong with it.
    let body = quote!((&self) -> #target_entity::Group {
        self.group.lead(#columns::#name)
    });
    let body = located(body, ends(target).0);
    quote! {
        #[doc = #doc]
        #[inline]
        #vis fn #group #body
    }
}

fn operators(entity: &Entity) -> TokenStream {
    let Entity { krate, ident, group, .. } = entity;
    let operators = [("BitOr", "bitor", "union"), ("BitAnd", "bitand", "intersection"), ("Sub", "sub", "difference")];
    let selves = operators.iter().flat_map(|(operator, method, meaning)| {
        let [operator, method, meaning] = [operator, method, meaning].map(|name| format_ident!("{name}"));
        [quote!(#group), quote!(&#group)].map(|this| {
            quote! {
                impl<R: #krate::GroupOf<#ident>> ::core::ops::#operator<R> for #this {
                    type Output = #group;

                    #[inline]
                    fn #method(self, other: R) -> #group {
                        self.group.#meaning(#krate::GroupOf::group(&other))
                    }
                }
            }
        })
    });
    quote! {
        #[automatically_derived]
        impl #krate::GroupOf<#ident> for #group {
            #[inline]
            fn group(&self) -> &#krate::Group<#ident> {
                &self.group
            }
        }

        #(#selves)*
    }
}

//! The group's type.

use super::located;
use super::relation::as_entity;
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
    let glue = glue(entity);
    let operators = operators(entity);
    let request = request(entity);
    quote!(#glue #operators #request)
}

/// A group by itself is a request too, for whole entities.
fn request(entity: &Entity) -> TokenStream {
    let Entity { krate, ident, group, .. } = entity;
    let ask = quote!(<#krate::Ask<#ident> as #krate::Request>);
    quote! {
        #[automatically_derived]
        impl #krate::Request for #group {
            type Output = #ask::Output;
            type Ticket = #ask::Ticket;

            fn ask(self, asks: &mut #krate::Asks) -> Self::Ticket {
                #krate::Request::ask(self.group.view::<#ident>(), asks)
            }

            fn answer(
                ticket: Self::Ticket,
                answers: &mut #krate::Results,
            ) -> ::core::result::Result<Self::Output, #krate::Missing> {
                #ask::answer(ticket, answers)
            }
        }
    }
}

fn definition(entity: &Entity) -> TokenStream {
    let Entity { krate, vis, ident, group, .. } = entity;
    let (krate, name) = (krate.path(), ident.unraw());
    let doc = format!(
        "A group of [`{name}`]s: a typed set that loads nothing until a context realises it.\n\n\
         It derefs to persist's `Group<{name}>`, which narrows, orders, counts and joins it."
    );
    quote! {
        #[doc = #doc]
        #[must_use = "a group loads nothing until a context realises it"]
        #vis struct #group<S = #krate::Unrealised> {
            group: #krate::Group<#ident>,
            state: ::core::marker::PhantomData<fn() -> S>,
        }
    }
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
            #vis fn all() -> Self {
                #krate::Group::<#ident>::all()
            }

            #[doc = #from_keys]
            #vis fn from_keys(
                keys: impl ::core::iter::IntoIterator<Item = <#ident as #krate::Entity>::Key>,
            ) -> Self {
                #krate::Group::<#ident>::from_keys(keys)
            }

            #[doc = #of]
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
        #vis fn #group #body
    }
}

fn glue(entity: &Entity) -> TokenStream {
    let Entity { krate, ident, group, .. } = entity;
    let shown = format!("{}({{}})", group.unraw());
    quote! {
        #[automatically_derived]
        impl ::core::convert::From<#krate::Group<#ident>> for #group {
            fn from(group: #krate::Group<#ident>) -> Self {
                Self { group, state: ::core::marker::PhantomData }
            }
        }

        #[automatically_derived]
        impl ::core::ops::Deref for #group {
            type Target = #krate::Group<#ident>;

            fn deref(&self) -> &Self::Target {
                &self.group
            }
        }

        #[automatically_derived]
        impl ::core::clone::Clone for #group {
            fn clone(&self) -> Self {
                Self { group: ::core::clone::Clone::clone(&self.group), state: ::core::marker::PhantomData }
            }
        }

        #[automatically_derived]
        impl ::core::fmt::Debug for #group {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::write!(f, #shown, self.group)
            }
        }
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

                    fn #method(self, other: R) -> #group {
                        self.group.#meaning(#krate::GroupOf::group(&other))
                    }
                }
            }
        })
    });
    let never = [quote!(#group<S>), quote!(&#group<S>)].map(|this| {
        quote! {
            #[allow(clippy::copy_iterator)]
            impl<S: #krate::Realised> ::core::iter::Iterator for #this {
                type Item = #ident;

                fn next(&mut self) -> ::core::option::Option<#ident> {
                    ::core::option::Option::None
                }
            }
        }
    });
    quote! {
        #[automatically_derived]
        impl #krate::GroupOf<#ident> for #group {
            fn group(&self) -> &#krate::Group<#ident> {
                &self.group
            }
        }

        #(#selves)*
        #(#never)*
    }
}

//! The typed shell around a group of the runtime: its type, and what every such type can do.

use crate::krate::Krate;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Visibility;
use syn::ext::IdentExt;

/// A generated group, which keeps the runtime's own in its field `group`.
pub(super) struct Shell<'s> {
    pub(super) krate: &'s Krate,
    pub(super) vis: &'s Visibility,
    /// The type's name.
    pub(super) name: &'s Ident,
    /// What it is realised to.
    pub(super) row: &'s Ident,
    /// Which of the runtime's types is inside: `Group` or `Mixed`.
    pub(super) inside: TokenStream,
    /// The call of that type that asks for whole rows.
    pub(super) ask: TokenStream,
}

impl Shell<'_> {
    /// The type, documented.
    pub(super) fn definition(&self, doc: &str) -> TokenStream {
        let Self { krate, vis, name, row, inside, .. } = self;
        let krate = krate.path();
        quote! {
            #[doc = #doc]
            #[must_use = "a group loads nothing until a context realises it"]
            #vis struct #name<S = #krate::Unrealised> {
                group: #krate::#inside<#row>,
                state: ::core::marker::PhantomData<fn() -> S>,
            }
        }
    }

    /// The impls of traits.
    pub(super) fn impls(&self) -> TokenStream {
        let (wrapping, request, never) = (self.wrapping(), self.request(), self.never());
        quote!(#wrapping #request #never)
    }

    fn wrapping(&self) -> TokenStream {
        let Self { krate, name, row, inside, .. } = self;
        let shown = format!("{}({{}})", name.unraw());
        quote! {
            #[automatically_derived]
            impl ::core::convert::From<#krate::#inside<#row>> for #name {
                #[inline]
                fn from(group: #krate::#inside<#row>) -> Self {
                    Self { group, state: ::core::marker::PhantomData }
                }
            }

            #[automatically_derived]
            impl ::core::ops::Deref for #name {
                type Target = #krate::#inside<#row>;

                #[inline]
                fn deref(&self) -> &Self::Target {
                    &self.group
                }
            }

            #[automatically_derived]
            impl ::core::clone::Clone for #name {
                #[inline]
                fn clone(&self) -> Self {
                    Self { group: ::core::clone::Clone::clone(&self.group), state: ::core::marker::PhantomData }
                }
            }

            #[automatically_derived]
            impl ::core::fmt::Debug for #name {
                #[inline]
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    ::core::write!(f, #shown, self.group)
                }
            }
        }
    }

    /// A group by itself is a request too, for whole rows.
    fn request(&self) -> TokenStream {
        let Self { krate, name, row, ask, .. } = self;
        let request = quote!(<#krate::Ask<#row> as #krate::Request>);
        quote! {
            #[automatically_derived]
            impl #krate::Request for #name {
                type Output = #request::Output;
                type Ticket = #request::Ticket;

                #[inline]
                fn ask(self, asks: &mut #krate::Asks) -> Self::Ticket {
                    #krate::Request::ask(self.group.#ask, asks)
                }

                #[inline]
                fn answer(
                    ticket: Self::Ticket,
                    answers: &mut #krate::Results,
                ) -> ::core::result::Result<Self::Output, #krate::Missing> {
                    #request::answer(ticket, answers)
                }
            }
        }
    }

    /// No group is an iterator: the impls are there for the message.
    fn never(&self) -> TokenStream {
        let Self { krate, name, row, .. } = self;
        let never = [quote!(#name<S>), quote!(&#name<S>)].map(|this| {
            quote! {
                #[allow(clippy::copy_iterator)]
                impl<S: #krate::Realised> ::core::iter::Iterator for #this {
                    type Item = #row;

                    #[inline]
                    fn next(&mut self) -> ::core::option::Option<#row> {
                        ::core::option::Option::None
                    }
                }
            }
        });
        quote!(#(#never)*)
    }
}

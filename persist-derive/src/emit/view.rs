//! Views: the impls that use the constants of their fields, and what names them to others.

use super::view_field::{as_slot, constant, name};
use super::{as_itself, edited, located};
use crate::krate::Krate;
use crate::model::{Show, View, ViewField};
use crate::names::ends;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::{Expr, Path, Type};

pub(crate) fn view(view: &View) -> TokenStream {
    let View { krate, ident, of: Some(of), .. } = view else { return fallback(view) };
    let constants = view.loaded().filter_map(|field| constant(view, of, field));
    let imp = impl_view(view, of);
    let parts = parts(
        view,
        |ViewField { ident, ty, .. }, part| quote!(<#ty as ::core::convert::AsRef<#part>>::as_ref(&self.#ident)),
    );
    let budget = view.budget.as_ref().map(|budget| check_budget(krate, ident, budget));
    let (edges, constants_of_edges) = edges(view);
    let edited = edited::edited(view);
    let block = krate.block(&quote! {
        #(#constants)*
        #imp
        #constants_of_edges

        #[automatically_derived]
        impl #krate::ViewOf<#of> for #ident {}

        #parts
        #budget
        #edited
    });
    quote!(#edges #block)
}

/// What a flattened field gives out: the view that it is, or views that it gives out itself.
fn parts(view: &View, give: impl Fn(&ViewField, &Type) -> TokenStream) -> TokenStream {
    let parts = view.fields.iter().flat_map(|field| {
        let views = field.as_ref.iter().flat_map(|as_ref| &as_ref.views);
        views.map(move |part| (field, part))
    });
    let ident = &view.ident;
    let impls = parts.map(|(field, part)| {
        let given = give(field, part);
        let code = quote! {
            #[automatically_derived]
            impl ::core::convert::AsRef<#part> for #ident {
                #[inline]
                fn as_ref(&self) -> &#part {
                    #given
                }
            }
        };
        located(code, ends(part).0)
    });
    let itself = as_itself(ident);
    quote!(#itself #(#impls)*)
}

/// The type whose constants name the view's edges to a request, and the constants. Whether a field holds a relation is
/// found out where one is used.
fn edges(view: &View) -> (TokenStream, TokenStream) {
    let View { krate, ident, vis, edges, .. } = view;
    // One that is named as the view is was refused.
    let Some(edges) = edges.as_ref().filter(|edges| *edges != ident) else {
        return (TokenStream::new(), TokenStream::new());
    };
    let doc = format!("Edges of [`{}`], as constants: what `Ask::edge` takes.", ident.unraw());
    let constants = view.loaded().filter_map(|field| {
        let ViewField { ident: name, ty, .. } = field;
        let label = name.unraw().to_string();
        let doc = format!("Field `{label}` of [`{}`].", ident.unraw());
        let (ty, value) = match field.show {
            Show::Named(_) => (quote!(#krate::EdgeOf<#ident, #ty>), quote!(#krate::EdgeOf::new(#label))),
            Show::Flatten => (quote!(#krate::FlattenedOf<#ident, #ty>), quote!(#krate::FlattenedOf::new())),
            Show::Measure(_) | Show::With(_) | Show::Compute(_) => return None,
        };
        Some(quote!(#[doc = #doc] #vis const #name: #ty = #value;))
    });
    let definition = quote! {
        #[doc = #doc]
        #[allow(non_camel_case_types, dead_code, missing_debug_implementations, missing_copy_implementations)]
        #vis struct #edges {}
    };
    let constants = quote! {
        #[allow(non_upper_case_globals, dead_code, private_interfaces, clippy::type_complexity)]
        impl #edges {
            #(#constants)*
        }
    };
    (definition, constants)
}

/// Stands for a view that could not be understood, so that its users are not told about it too.
pub(crate) fn fallback(view: &View) -> TokenStream {
    let View { krate, ident, of, .. } = view;
    let of = of.as_ref().map_or_else(|| quote!(#krate::Nowhere), |of| quote!(#of));
    let name = ident.unraw().to_string();
    let (edges, constants_of_edges) = edges(view);
    let parts = parts(view, |_, _| quote!(::core::panic!()));
    let edited = edited::fallback(view);
    let block = krate.block(&quote! {
        #constants_of_edges

        #[automatically_derived]
        impl #krate::View for #ident {
            type Of = #of;
            type Partial = ();
            const A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF: &'static #krate::Node =
                &#krate::Node::of::<Self>(#name, &[]);

            #[inline]
            fn decode(_: &mut #krate::Reader<'_>) -> ::core::result::Result<(), #krate::CellError> {
                ::core::panic!()
            }

            #[inline]
            fn finish(_: (), _: &mut #krate::Supplies) -> ::core::result::Result<Self, #krate::Missing> {
                ::core::panic!()
            }
        }

        #[automatically_derived]
        impl<E> #krate::ViewOf<E> for #ident {}

        #parts
        #edited
    });
    quote!(#edges #block)
}

fn impl_view(view: &View, of: &Path) -> TokenStream {
    let View { krate, ident, .. } = view;
    let title = ident.unraw().to_string();
    let reader = Ident::new("reader", Span::mixed_site());
    let partials = view.loaded().map(|field| partial(krate, field));
    let metas = view.loaded().map(|field| meta(krate, of, &title, field));
    let reads = view.loaded().map(|field| match field.show {
        Show::Flatten => {
            let flat = flat(krate, &field.ty);
            let decode = located(quote!(#flat::decode), ends(&field.ty).0);
            quote!(#decode(#reader)?)
        }
        Show::Measure(_) | Show::With(_) => quote!(()),
        Show::Named(_) | Show::Compute(_) => {
            let constant = name(field);
            quote!((#constant.decode)(#reader)?)
        }
    });
    let finish = finish(view);
    let below = view.edit.map(|_| edited::push_below(krate, view.loaded()));
    quote! {
        #[automatically_derived]
        #[allow(clippy::type_complexity)]
        impl #krate::View for #ident {
            type Of = #of;
            type Partial = (#(#partials,)*);
            const A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF: &'static #krate::Node =
                &#krate::Node::of::<Self>(#title, const { &[#(#metas),*] });

            #[inline]
            fn decode(
                #reader: &mut #krate::Reader<'_>,
            ) -> ::core::result::Result<Self::Partial, #krate::CellError> {
                ::core::result::Result::Ok((#(#reads,)*))
            }

            #finish

            #below
        }
    }
}

fn partial(krate: &Krate, field: &ViewField) -> TokenStream {
    match field.show {
        Show::Flatten => {
            let flat = flat(krate, &field.ty);
            located(quote!(#flat::Partial), ends(&field.ty).0)
        }
        Show::Measure(_) | Show::With(_) => quote!(()),
        Show::Named(_) | Show::Compute(_) => {
            let slot = as_slot(krate, &field.ty);
            located(quote!(#slot::Partial), ends(&field.ty).0)
        }
    }
}

fn meta(krate: &Krate, of: &Path, title: &str, field: &ViewField) -> TokenStream {
    match &field.show {
        Show::Flatten => {
            let ty = &field.ty;
            let node = located(quote!(#krate::flatten::<#of, #ty>()), ends(ty).0);
            quote!(#krate::FieldMeta::Flatten(#node))
        }
        Show::With(with) => {
            let (constant, label) = (name(field), field.ident.unraw().to_string());
            let function = quote!(#with).to_string().replace(" :: ", "::");
            quote!(#krate::FieldMeta::Loaded(#krate::Loader::of::<Self>(#title, #label, #function, #constant)))
        }
        Show::Named(_) | Show::Measure(_) | Show::Compute(_) => {
            let constant = name(field);
            quote!(#constant.meta)
        }
    }
}

/// `<Type as View>`, to be continued.
fn flat(krate: &Krate, ty: &Type) -> TokenStream {
    located(quote!(<#ty as #krate::View>), ends(ty).0)
}

fn finish(view: &View) -> TokenStream {
    let krate = &view.krate;
    let [partial, supplies] = ["partial", "supplies"].map(|name| Ident::new(name, Span::mixed_site()));
    let number = |(number, field): (usize, &ViewField)| match field.show {
        Show::Measure(_) | Show::With(_) => quote!(()),
        _ => format_ident!("part_{}", number, span = Span::mixed_site()).into_token_stream(),
    };
    let parts: Vec<_> = view.loaded().enumerate().map(number).collect();
    let loaded = view.loaded().zip(&parts).map(|(field, part)| {
        let (ident, ty) = (&field.ident, &field.ty);
        match field.show {
            Show::Flatten => {
                let flat = flat(krate, ty);
                let finish = located(quote!(#flat::finish), ends(ty).0);
                quote!(let #ident = #finish(#part, #supplies)?;)
            }
            Show::Measure(_) => {
                let constant = name(field);
                quote!(let #ident = #constant.place::<Self>(#supplies)?;)
            }
            Show::With(_) => {
                let label = ident.unraw().to_string();
                quote!(let #ident = #supplies.loaded::<Self, #ty>(#label)?;)
            }
            Show::Named(_) | Show::Compute(_) => {
                let constant = name(field);
                quote!(let #ident = #constant.place::<Self>(#part, #supplies)?;)
            }
        }
    });
    let computed = view.fields.iter().filter_map(|field| {
        let (ident, ty, expr) = (&field.ident, &field.ty, field.computed()?);
        Some(quote!(let #ident: #ty = #expr;))
    });
    let names = view.fields.iter().map(|field| &field.ident);
    quote! {
        #[inline]
        fn finish(
            #partial: Self::Partial,
            #supplies: &mut #krate::Supplies,
        ) -> ::core::result::Result<Self, #krate::Missing> {
            let (#(#parts,)*) = #partial;
            #(#loaded)*
            #(#computed)*
            ::core::result::Result::Ok(Self { #(#names),* })
        }
    }
}

pub(super) fn check_budget(krate: &Krate, ident: &Ident, budget: &Expr) -> TokenStream {
    let span = ends(budget).0;
    let panic = located(quote!(::core::panic!("{}", message.as_str())), span);
    quote! {
        const _: () = {
            let node = <#ident as #krate::View>::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF;
            if let ::core::option::Option::Some(message) = #krate::over_budget(node, #budget) {
                #panic
            }
        };
    }
}

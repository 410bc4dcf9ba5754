//! Views: one constant for each field that is loaded, and the impls that use them.

use super::relation::order_terms;
use super::{load_by, located, slot};
use crate::krate::Krate;
use crate::model::{Measure, Show, View, ViewField};
use crate::names::ends;
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::{Expr, Path, Type};

pub(crate) fn view(view: &View) -> TokenStream {
    let View { krate, ident, of: Some(of), .. } = view else { return fallback(view) };
    let constants = view.loaded().filter_map(|field| constant(view, of, field));
    let imp = impl_view(view, of);
    let slot = slot(krate, ident);
    let budget = view.budget.as_ref().map(|budget| check_budget(krate, ident, budget));
    let (edges, constants_of_edges) = edges(view);
    let block = krate.block(&quote! {
        #(#constants)*
        #imp
        #constants_of_edges

        #[automatically_derived]
        impl #krate::ViewOf<#of> for #ident {}

        #slot
        #budget
    });
    quote!(#edges #block)
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
            Show::Measure(_) | Show::Compute(_) => return None,
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
    let slot = slot(krate, ident);
    let (edges, constants_of_edges) = edges(view);
    let block = krate.block(&quote! {
        #constants_of_edges

        #[automatically_derived]
        impl #krate::View for #ident {
            type Of = #of;
            type Partial = ();
            const A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF: &'static #krate::Node =
                &#krate::Node::of::<Self>(#name, &[]);

            fn decode(_: &mut #krate::Reader<'_>) -> ::core::result::Result<(), #krate::CellError> {
                ::core::panic!()
            }

            fn finish(_: (), _: &mut #krate::Supplies) -> ::core::result::Result<Self, #krate::Missing> {
                ::core::panic!()
            }
        }

        #[automatically_derived]
        impl<E> #krate::ViewOf<E> for #ident {}

        #slot
    });
    quote!(#edges #block)
}

/// The name of a field's constant; the compiler prints it when the field leads back to its view.
fn name(field: &ViewField) -> Ident {
    format_ident!("A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF_BY_{}", field.ident.unraw(), span = ends(&field.ty).0)
}

/// The constant of a loaded field; a flattened view needs none.
///
/// What is said of the type stands where the type begins, all of it: what is wrong with a type is found wherever it is
/// used, and the compiler says the same thing about the same place once.
fn constant(view: &View, of: &Path, field: &ViewField) -> Option<TokenStream> {
    let krate = &view.krate;
    let ViewField { ident, ty, within, .. } = field;
    let relation = match &field.show {
        Show::Flatten | Show::Compute(_) => return None,
        Show::Measure(measure) => return Some(measured(view, of, field, measure)),
        Show::Named(relation) => relation,
    };
    let label = ident.unraw().to_string();
    let at = ends(ty).0;
    let (constant, slot) = (name(field), as_slot(krate, ty));
    let head = located(quote!(const #constant: #krate::ViewField<#of, #slot::Itself> =), at);
    let cols = located(quote!(<<#of as #krate::Entity>::Cols>::), relation.span());
    let load = field.load.as_ref().map(load_by);
    let each = each(field, &quote!(#cols #relation));
    let made = Ident::new("shown", at);
    let make = match &field.depth {
        None => located(quote!(#made.field(#label)), at),
        Some(depth) => {
            let view = &view.ident;
            let make = located(quote!(#made.tree_field::<#view, _>), at);
            quote!(#make(#label, #depth))
        }
    };
    let body = quote! {
        let #made = #cols #relation #(.#within)* #load #each;
        #make
    };
    let mut body = Group::new(Delimiter::Brace, body);
    body.set_span(at);
    let end = located(quote!(;), at);
    Some(quote! {
        #[allow(non_upper_case_globals, clippy::type_complexity)]
        #head #body #end
    })
}

/// The constant of an aggregate.
fn measured(view: &View, of: &Path, field: &ViewField, measure: &Measure) -> TokenStream {
    let krate = &view.krate;
    let ViewField { ident, ty, .. } = field;
    let Measure { how, relation, column } = measure;
    let label = ident.unraw().to_string();
    let at = ends(ty).0;
    let (constant, how) = (name(field), Ident::new(how, Span::call_site()));
    let head = located(quote!(const #constant: #krate::MeasuredField<#of, #ty> =), at);
    let cols = located(quote!(<<#of as #krate::Entity>::Cols>::), relation.span());
    let measure = match column {
        None => quote!(#krate::measures::#how()),
        Some(column) => {
            let at = ends(column).0;
            let measure = located(quote!(#krate::measures::#how), at);
            let mut of = Group::new(Delimiter::Parenthesis, quote!(#column));
            of.set_span(at);
            quote!(#measure #of)
        }
    };
    let load = field.load.as_ref().map(load_by);
    let each = each(field, &quote!(#cols #relation));
    let made = Ident::new("shown", at);
    let make = located(quote!(#made.measured), at);
    let mut body = Group::new(
        Delimiter::Brace,
        quote! {
            let #made = #cols #relation #load #each;
            #make(#measure, #label)
        },
    );
    body.set_span(at);
    let end = located(quote!(;), at);
    quote! {
        #[allow(non_upper_case_globals)]
        #head #body #end
    }
}

/// What is said of the rows of each parent: a call for each option, where the option stands. `relation` is said again in
/// a function of its own, which makes the condition.
fn each(field: &ViewField, relation: &TokenStream) -> TokenStream {
    let ViewField { filter, order_by, link_order_by, by, limit, .. } = field;
    let first = [order_by, link_order_by, limit, filter, by].into_iter().flatten().next();
    let Some(first) = first else { return TokenStream::new() };
    let mut calls = located(quote!(.each()), ends(first).0);
    let mut call = |name: TokenStream, option: &Expr, argument: TokenStream| {
        let name = located(name, ends(option).0);
        calls.extend(quote!(#name (#argument)));
    };
    if let Some(order) = order_by {
        call(quote!(.order_by), order, terms(order));
    }
    if let Some(order) = link_order_by {
        call(quote!(.link_order_by), order, terms(order));
    }
    if let Some(limit) = limit {
        call(quote!(.limit), limit, quote!(#limit));
    }
    if let Some(filter) = filter {
        let condition = located(quote!(.condition), ends(filter).0);
        let words = quote!(#filter).to_string();
        let place = quote!(::core::concat!(::core::module_path!(), ":", ::core::line!(), ":", ::core::column!()));
        call(quote!(.only), filter, quote!(#place, #words, || #relation #condition (#filter)));
    }
    if let Some(by) = by {
        call(quote!(.by), by, quote!(#by));
    }
    calls
}

/// The terms of an order as an array.
fn terms(order: &Expr) -> TokenStream {
    let terms: Vec<_> = order_terms(order);
    quote!([#(#terms),*])
}

fn impl_view(view: &View, of: &Path) -> TokenStream {
    let View { krate, ident, .. } = view;
    let title = ident.unraw().to_string();
    let reader = Ident::new("reader", Span::mixed_site());
    let partials = view.loaded().map(|field| partial(krate, field));
    let metas = view.loaded().map(|field| meta(krate, of, field));
    let reads = view.loaded().map(|field| match field.show {
        Show::Flatten => {
            let flat = flat(krate, &field.ty);
            let decode = located(quote!(#flat::decode), ends(&field.ty).0);
            quote!(#decode(#reader)?)
        }
        Show::Measure(_) => quote!(()),
        Show::Named(_) | Show::Compute(_) => {
            let constant = name(field);
            quote!((#constant.decode)(#reader)?)
        }
    });
    let finish = finish(view);
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
        }
    }
}

fn partial(krate: &Krate, field: &ViewField) -> TokenStream {
    match field.show {
        Show::Flatten => {
            let flat = flat(krate, &field.ty);
            located(quote!(#flat::Partial), ends(&field.ty).0)
        }
        Show::Measure(_) => quote!(()),
        Show::Named(_) | Show::Compute(_) => {
            let slot = as_slot(krate, &field.ty);
            located(quote!(#slot::Partial), ends(&field.ty).0)
        }
    }
}

fn meta(krate: &Krate, of: &Path, field: &ViewField) -> TokenStream {
    match field.show {
        Show::Flatten => {
            let ty = &field.ty;
            let node = located(quote!(#krate::flatten::<#of, #ty>()), ends(ty).0);
            quote!(#krate::FieldMeta::Flatten(#node))
        }
        Show::Named(_) | Show::Measure(_) | Show::Compute(_) => {
            let constant = name(field);
            quote!(#constant.meta)
        }
    }
}

/// `<Type as Slot>`, to be continued.
fn as_slot(krate: &Krate, ty: &Type) -> TokenStream {
    located(quote!(<#ty as #krate::Slot>), ends(ty).0)
}

/// `<Type as View>`, to be continued.
fn flat(krate: &Krate, ty: &Type) -> TokenStream {
    located(quote!(<#ty as #krate::View>), ends(ty).0)
}

fn finish(view: &View) -> TokenStream {
    let krate = &view.krate;
    let [partial, supplies] = ["partial", "supplies"].map(|name| Ident::new(name, Span::mixed_site()));
    let number = |(number, field): (usize, &ViewField)| match field.show {
        Show::Measure(_) => quote!(()),
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
                quote!(let #ident = (#constant.finish)(#supplies)?;)
            }
            Show::Named(_) | Show::Compute(_) => {
                let constant = name(field);
                quote!(let #ident = (#constant.finish)(#part, #supplies)?;)
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

//! The fields of a view: one constant for each that is loaded.

use super::relation::order_terms;
use super::{load_by, located};
use crate::krate::Krate;
use crate::model::{Entity, Keep, Measure, Show, View, ViewField};
use crate::names::ends;
use crate::read::{OrphansAs, PutAs, RemoveAs};
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::{Expr, Path, Type};

/// The name of a field's constant; the compiler prints it when the field leads back to its view.
pub(super) fn name(field: &ViewField) -> Ident {
    format_ident!("A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF_BY_{}", field.ident.unraw(), span = ends(&field.ty).0)
}

/// The constant of a loaded field; a flattened view needs none.
///
/// What is said of the type stands where the type begins, all of it: what is wrong with a type is found wherever it is
/// used, and the compiler says the same thing about the same place once.
pub(super) fn constant(view: &View, of: &Path, field: &ViewField) -> Option<TokenStream> {
    let View { krate, ident, .. } = view;
    match &field.show {
        Show::Flatten | Show::Compute(_) => None,
        Show::Measure(measure) => Some(measured(view, of, field, measure)),
        Show::With(with) => Some(loader(view, of, field, with)),
        Show::Named(relation) => Some(shown(krate, ident, view.edit.is_some(), of, field, relation)),
    }
}

/// The constant of a field of an entity that holds the rows of a relation: as in a view of it that is edited.
pub(super) fn held(entity: &Entity, field: &ViewField) -> Option<TokenStream> {
    let Entity { krate, ident, .. } = entity;
    let Show::Named(relation) = &field.show else { return None };
    Some(shown(krate, ident, true, &ident.clone().into(), field, relation))
}

fn shown(krate: &Krate, view: &Ident, edited: bool, of: &Path, field: &ViewField, relation: &Ident) -> TokenStream {
    let ViewField { ident, ty, within, .. } = field;
    let label = ident.unraw().to_string();
    let at = ends(ty).0;
    let (constant, slot) = (name(field), as_slot(krate, ty));
    let head = located(quote!(const #constant: #krate::ViewField<#of, #slot::Itself> =), at);
    let cols = located(quote!(<<#of as #krate::Entity>::Cols>::), relation.span());
    let load = field.load.as_ref().map(load_by);
    let each = each(field, &quote!(#cols #relation));
    let made = Ident::new("shown", at);
    let field_of = Ident::new(if edited { "edited_field" } else { "field" }, at);
    let make = match &field.depth {
        Some(depth) => {
            let make = located(quote!(#made.tree_field::<#view, _>), at);
            quote!(#make(#label, #depth))
        }
        None if field.recursive.is_some() => located(quote!(#made.whole_tree_field::<#view, _>(#label)), at),
        None => located(quote!(#made.#field_of(#label)), at),
    };
    let body = quote! {
        let #made = #cols #relation #(.#within)* #load #each;
        #make
    };
    let mut body = Group::new(Delimiter::Brace, body);
    body.set_span(at);
    let end = located(quote!(;), at);
    quote! {
        #[allow(non_upper_case_globals, clippy::type_complexity)]
        #head #body #end
    }
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

/// The constant of a field that a function loads: the function.
fn loader(view: &View, of: &Path, field: &ViewField, with: &Expr) -> TokenStream {
    let krate = &view.krate;
    let (constant, ty) = (name(field), &field.ty);
    // Where the function is named, all of it: so that what is wrong with it is said once.
    let at = ends(with).0;
    let head = located(quote!(const #constant: &dyn #krate::Erased = & #krate::loader::<#of, #ty, _, _>), at);
    let mut function = Group::new(Delimiter::Parenthesis, quote!(#with));
    function.set_span(at);
    let end = located(quote!(;), at);
    quote! {
        #[allow(non_upper_case_globals)]
        #head #function #end
    }
}

/// What is said of the rows of each parent: a call for each option, where the option stands. `relation` is said again in
/// a function of its own, which makes the condition.
fn each(field: &ViewField, relation: &TokenStream) -> TokenStream {
    let ViewField { filter, order_by, link_order_by, by, limit, value, keep, .. } = field;
    let first = [order_by, link_order_by, limit, filter, by, value].into_iter().flatten().next();
    let first = first.map(|first| ends(first).0).or(keep.said().map(|(_, at)| at));
    let Some(first) = first else { return TokenStream::new() };
    let mut calls = located(quote!(.each()), first);
    kept(keep, &mut calls);
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
    if let Some(value) = value {
        call(quote!(.value), value, quote!(#value));
    }
    calls
}

/// How the collection is edited.
fn kept(keep: &Keep, calls: &mut TokenStream) {
    let Keep { position, put, remove, orphans } = keep;
    if let Some(position) = position {
        calls.extend(located(quote!(.position), ends(position).0));
        calls.extend(quote!((#position)));
    }
    if let Some(PutAs(word)) = put {
        let name = format_ident!("put_{}", word);
        calls.extend(quote!(.#name()));
    }
    if let Some(RemoveAs(word)) = remove {
        let name = format_ident!("remove_{}", word);
        calls.extend(quote!(.#name()));
    }
    match orphans {
        Some(OrphansAs { expr, nullify: true }) => calls.extend(located(quote!(.nullify_orphans()), ends(expr).0)),
        Some(OrphansAs { expr, nullify: false }) => {
            calls.extend(located(quote!(.mark_orphans), ends(expr).0));
            calls.extend(quote!((#expr)));
        }
        None => {}
    }
}

/// The terms of an order as an array.
fn terms(order: &Expr) -> TokenStream {
    let terms: Vec<_> = order_terms(order);
    quote!([#(#terms),*])
}

/// `<Type as Slot>`, to be continued.
pub(super) fn as_slot(krate: &Krate, ty: &Type) -> TokenStream {
    located(quote!(<#ty as #krate::Slot>), ends(ty).0)
}

//! What an entity declares of writes, as data.

use super::located;
use super::relation::of_cols;
use crate::model::{Entity, Kind, Relation, Rule};
use crate::names::ends;
use crate::read::{FieldList, OnDelete};
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::quote;
use syn::{Expr, Type};

/// The rules of the entity's table: only what is said, since every entity has some.
pub(super) fn rules(entity: &Entity) -> TokenStream {
    let krate = &entity.krate;
    let parts: Vec<_> = [
        lock(entity),
        guards(entity),
        lists("together", entity, &entity.together),
        counters(entity),
        updated(entity),
        generated(entity),
        lists("unique", entity, &entity.unique),
        entity.column_triggers.then(|| quote!(column_triggers: true)),
        references(entity),
        dependents(entity),
    ]
    .into_iter()
    .flatten()
    .collect();
    if parts.is_empty() {
        quote!(&#krate::Rules::NONE)
    } else {
        quote!(&#krate::Rules { #(#parts,)* ..#krate::Rules::NONE })
    }
}

/// The constant of a column, so that what is wrong with it is said of the whole type.
fn column(entity: &Entity, name: &Ident, ty: &Type) -> TokenStream {
    let columns = &entity.columns;
    let (start, end) = ends(ty);
    let (columns, name) = (located(quote!(#columns::), start), located(quote!(#name), end));
    quote!(#columns #name)
}

fn lock(entity: &Entity) -> Option<TokenStream> {
    let krate = &entity.krate;
    let (field, _) = entity.ruled().find(|(_, rule)| matches!(rule, Rule::Lock))?;
    let column = column(entity, &field.ident, &field.ty);
    let lock = located(quote!(#krate::declare::lock), ends(&field.ty).0);
    Some(quote!(lock: ::core::option::Option::Some(#lock(#column))))
}

fn guards(entity: &Entity) -> Option<TokenStream> {
    let Entity { krate, ident, columns, .. } = entity;
    let [from, to] = ["from", "to"].map(|name| Ident::new(name, Span::mixed_site()));
    let guards: Vec<_> = entity
        .ruled()
        .filter_map(|(field, rule)| {
            let Rule::Guard(by) = rule else { return None };
            let (name, ty) = (&field.ident, &field.ty);
            let by = by.as_ref().map_or_else(
                || quote!(::core::option::Option::None),
                |by| {
                    // A call, not the function itself: it may take a `&str` where the field is a `String`.
                    let at = ends(by).0;
                    let arguments = [&from, &to].map(|name| Ident::new(&name.to_string(), name.span().located_at(at)));
                    let mut called = Group::new(Delimiter::Parenthesis, quote!(#(#arguments),*));
                    called.set_span(at);
                    let call = quote!(#krate::transition::<#ident, #ty>(#from, #to, |#from, #to| #by #called));
                    quote!(::core::option::Option::Some(|#from, #to| #call))
                },
            );
            Some(quote!(#krate::declare::guard(#columns::#name, #by)))
        })
        .collect();
    (!guards.is_empty()).then(|| quote!(guards: &[#(#guards),*]))
}

fn counters(entity: &Entity) -> Option<TokenStream> {
    let krate = &entity.krate;
    let counters: Vec<_> = entity
        .ruled()
        .filter_map(|(field, rule)| {
            let Rule::Counter(bounds) = rule else { return None };
            let column = column(entity, &field.ident, &field.ty);
            let at = bounds.iter().flatten().next().map_or_else(|| ends(&field.ty), ends).0;
            let counter = located(quote!(#krate::declare::counter), at);
            let [min, max] = bounds.each_ref().map(|bound| optional(bound.as_ref()));
            let mut bounds = Group::new(Delimiter::Parenthesis, quote!(#column, #min, #max));
            bounds.set_span(at);
            Some(quote!(#counter #bounds))
        })
        .collect();
    (!counters.is_empty()).then(|| quote!(counters: &[#(#counters),*]))
}

fn updated(entity: &Entity) -> Option<TokenStream> {
    let krate = &entity.krate;
    let (field, by) = entity.ruled().find_map(|(field, rule)| match rule {
        Rule::Updated(by) => Some((field, by)),
        _ => None,
    })?;
    let column = column(entity, &field.ident, &field.ty);
    let at = ends(by).0;
    let mut call = Group::new(Delimiter::Parenthesis, TokenStream::new());
    call.set_span(at);
    let value = located(quote!(#krate::declare::stored), at);
    let mut arguments = Group::new(Delimiter::Parenthesis, quote!(#column, #by #call));
    arguments.set_span(at);
    Some(quote!(updated: ::core::option::Option::Some(#krate::declare::updated(#column, || #value #arguments))))
}

fn optional(bound: Option<&Expr>) -> TokenStream {
    match bound {
        Some(bound) => quote!(::core::option::Option::Some(#bound)),
        None => quote!(::core::option::Option::None),
    }
}

fn generated(entity: &Entity) -> Option<TokenStream> {
    let columns = &entity.columns;
    let generated: Vec<_> = entity.generated().collect();
    (!generated.is_empty()).then(|| quote!(generated: &[#(#columns::#generated.def()),*]))
}

fn lists(name: &str, entity: &Entity, lists: &[FieldList]) -> Option<TokenStream> {
    let columns = &entity.columns;
    let name = Ident::new(name, Span::call_site());
    let lists: Vec<_> = lists.iter().map(|FieldList { fields, .. }| quote!(&[#(#columns::#fields.def()),*])).collect();
    (!lists.is_empty()).then(|| quote!(#name: &[#(#lists),*]))
}

/// The constant of a relation, where its target is: what is wrong with that is said there once.
fn reached(entity: &Entity, relation: &Relation) -> TokenStream {
    let (columns, name) = (&entity.columns, &relation.name);
    located(quote!(#columns::#name), ends(&relation.target).0)
}

/// A function, which constant evaluation does not look into: tables may refer to one another.
fn references(entity: &Entity) -> Option<TokenStream> {
    let belongs = |relation: &&Relation| matches!(relation.kind, Kind::BelongsTo(..));
    let references: Vec<_> = entity.relations.iter().filter(belongs).map(|of| reached(entity, of)).collect();
    (!references.is_empty()).then(|| quote!(references: || const { &[#(#references.reference()),*] }))
}

/// Where nothing is said, rows that the entity holds go with it.
fn dependents(entity: &Entity) -> Option<TokenStream> {
    let dependents: Vec<_> = entity
        .relations
        .iter()
        .filter_map(|relation| {
            let (on_delete, (of, inverse)) = (on_delete(entity, relation)?, relation.back()?);
            let (relation, back) = (reached(entity, relation), of_cols(entity, of, inverse));
            let at = on_delete.span();
            let (call, back) = (located(quote!(.#on_delete), at), located(back, at));
            Some(quote!(#relation #call(#back)))
        })
        .collect();
    (!dependents.is_empty()).then(|| quote!(dependents: || const { &[#(#dependents),*] }))
}

fn on_delete(entity: &Entity, relation: &Relation) -> Option<Ident> {
    if let Some(OnDelete(said)) = &relation.on_delete {
        return Some(said.clone());
    }
    let held = entity.collection(relation).filter(|_| relation.filter.is_none())?;
    let at = held.keep.orphans.as_ref().filter(|orphans| orphans.nullify);
    Some(match at {
        Some(orphans) => Ident::new("nullify", ends(&orphans.expr).0),
        None => Ident::new("cascade", relation.name.span()),
    })
}

//! Relations as constants.

use super::{load_by, located};
use crate::model::{Entity, Kind, Relation};
use crate::names::{ends, type_text};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::{Expr, Path};

/// The constant of one relation.
pub(super) fn constant(entity: &Entity, relation: &Relation) -> TokenStream {
    match &relation.kind {
        Kind::BelongsTo(fields, to) => match to.first() {
            None => belongs_to(entity, relation, fields),
            Some(to) => belongs_to_column(entity, relation, fields, to),
        },
        Kind::HasOne(inverse) => {
            has(entity, relation, inverse, ("Sole", "has_one", "the row that belongs to this, of"))
        }
        Kind::HasMany(inverse) => {
            has(entity, relation, inverse, ("Many", "has_many", "the rows that belong to this, of"))
        }
        Kind::ManyToMany(through, from, to) => many_to_many(entity, relation, (through, from, to)),
    }
}

fn belongs_to(entity: &Entity, relation: &Relation, fields: &[Ident]) -> TokenStream {
    let Entity { krate, vis, ident, columns, .. } = entity;
    let Relation { name, target, .. } = relation;
    let types: Vec<_> = fields.iter().filter_map(|field| entity.field(field)).map(|field| &field.ty).collect();
    let held = match types.as_slice() {
        [ty] => ty.to_token_stream(),
        types => quote!((#(#types),*)),
    };
    let text = name.unraw().to_string();
    let doc = doc(entity, relation, "one row of");
    let at = ends(target).0;
    let refers = as_entity(&entity.krate, target);
    let (open, close) =
        (located(quote!(#krate::Relation<#ident, <), at), located(quote!(>::Cardinality, #target>), at));
    let key = located(quote!(as #krate::RefersTo<#refers::Key>), at);
    let make = quote! {
        #krate::Relation::belongs_to(
            #text,
            <#ident as #krate::Entity>::TABLE,
            const { &[#(#columns::#fields.def()),*] },
            #refers::TABLE,
        )
    };
    let make = located(make, at);
    let load = load(relation);
    quote! {
        #[doc = #doc]
        #vis const #name: #open #held #key #close = #make #load;
    }
}

/// A column has no type to name, but whether there may be no such row is said by the field alone; the column's type is
/// compared with it where the relation is made.
fn belongs_to_column(entity: &Entity, relation: &Relation, fields: &[Ident], to: &Ident) -> TokenStream {
    let Entity { krate, vis, ident, columns, .. } = entity;
    let Relation { name, target, .. } = relation;
    let Some(field) = fields.iter().find_map(|field| entity.field(field)) else { return TokenStream::new() };
    let (local, ty) = (&field.ident, &field.ty);
    let text = name.unraw().to_string();
    let doc = doc(entity, relation, "one row of");
    let refers = as_entity(krate, target);
    let load = load(relation);
    let column = of_cols(entity, target, to);
    let call = located(quote!(#krate::Relation::belongs_to_column), to.span());
    let local = located(quote!(#columns::#local), to.span());
    quote! {
        #[doc = #doc]
        #vis const #name: #krate::Relation<
            #ident,
            <#ty as #krate::RefersTo<<#ty as #krate::Field>::Base>>::Cardinality,
            #target
        > = #call(#text, <#ident as #krate::Entity>::TABLE, #local, #refers::TABLE, #column) #load;
    }
}

/// A `has_one` or a `has_many`.
fn has(entity: &Entity, relation: &Relation, inverse: &Ident, (kind, make, what): (&str, &str, &str)) -> TokenStream {
    let Entity { krate, vis, ident, .. } = entity;
    let Relation { name, target, .. } = relation;
    let text = name.unraw().to_string();
    let doc = doc(entity, relation, what);
    let inverse = of_cols(entity, target, inverse);
    let (kind, make) = (format_ident!("{kind}"), format_ident!("{make}"));
    let options = options(entity, relation);
    quote! {
        #[doc = #doc]
        #vis const #name: #krate::Relation<#ident, #krate::#kind, #target> =
            #krate::Relation::#make(#text, #inverse) #options;
    }
}

fn many_to_many(entity: &Entity, relation: &Relation, (through, from, to): (&Path, &Ident, &Ident)) -> TokenStream {
    let Entity { krate, vis, ident, .. } = entity;
    let Relation { name, target, link_order_by, .. } = relation;
    let text = name.unraw().to_string();
    let doc = doc(entity, relation, &format!("through [`{}`], rows of", type_text(through)));
    let (near, far) = (of_cols(entity, through, from), of_cols(entity, through, to));
    let options = options(entity, relation);
    let links = link_order_by.as_ref().map(|order| ordered(entity, through, order, "links_ordered"));
    quote! {
        #[doc = #doc]
        #vis const #name: #krate::Relation<#ident, #krate::Through<#through>, #target> =
            #krate::Relation::many_to_many(#text, #near, #far) #options #links;
    }
}

/// What is said of the rows that a relation leads to.
fn options(entity: &Entity, relation: &Relation) -> TokenStream {
    let krate = &entity.krate;
    let Relation { target, filter, order_by, .. } = relation;
    let filter = filter.as_ref().map(|filter| {
        let at = ends(filter).0;
        let condition = located(quote!(#krate::Predicate::<#target>::into_condition), at);
        quote!(.filtered(::core::module_path!(), || #condition(#filter)))
    });
    let order = order_by.as_ref().map(|order| ordered(entity, target, order, "ordered"));
    let load = load(relation);
    quote!(#filter #order #load)
}

fn ordered(entity: &Entity, of: &Path, order: &Expr, call: &str) -> TokenStream {
    let (krate, call) = (&entity.krate, format_ident!("{call}"));
    let terms = order_terms(order).into_iter().map(|term| {
        let make = located(quote!(#krate::Order::<#of>::term), ends(&term).0);
        quote!(#make(#term))
    });
    quote!(.#call(const { &[#(#terms),*] }))
}

/// The terms of an order: a tuple's, or the one.
pub(super) fn order_terms(order: &Expr) -> Vec<Expr> {
    match order {
        Expr::Tuple(terms) => terms.elems.iter().cloned().collect(),
        term => vec![term.clone()],
    }
}

fn load(relation: &Relation) -> Option<TokenStream> {
    relation.load.as_ref().map(load_by)
}

fn doc(entity: &Entity, relation: &Relation, what: &str) -> String {
    let (name, target) = (relation.name.unraw(), type_text(&relation.target));
    format!("Relation `{name}` of [`{}`]: {what} [`{target}`].", entity.ident.unraw())
}

/// `<Target as Entity>`, to be continued, where the target is. What is wrong with the target is found wherever it is
/// used; the compiler says the same thing about the same place once.
pub(super) fn as_entity(krate: &impl ToTokens, target: &Path) -> TokenStream {
    located(quote!(<#target as #krate::Entity>), ends(target).0)
}

/// A constant of another entity, where its name is.
pub(super) fn of_cols(entity: &Entity, target: &Path, name: &Ident) -> TokenStream {
    let (open, close) = (located(quote!(<), name.span()), located(quote!(>::), name.span()));
    let target = as_entity(&entity.krate, target);
    let cols = located(quote!(#target::Cols), ends(&target).0);
    quote!(#open #cols #close #name)
}

//! Relations as constants.

use super::located;
use crate::model::{Entity, Kind, Relation};
use crate::names::{ends, type_text};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::Path;
use syn::ext::IdentExt;

/// The constant of one relation.
pub(super) fn constant(entity: &Entity, relation: &Relation) -> TokenStream {
    match &relation.kind {
        Kind::BelongsTo(fields) => belongs_to(entity, relation, fields),
        Kind::HasMany(inverse) => has_many(entity, relation, inverse),
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
    quote! {
        #[doc = #doc]
        #vis const #name: #open #held #key #close = #make;
    }
}

fn has_many(entity: &Entity, relation: &Relation, inverse: &Ident) -> TokenStream {
    let Entity { krate, vis, ident, .. } = entity;
    let Relation { name, target, .. } = relation;
    let text = name.unraw().to_string();
    let doc = doc(entity, relation, "the rows that belong to this, of");
    let inverse = of_cols(entity, target, inverse);
    quote! {
        #[doc = #doc]
        #vis const #name: #krate::Relation<#ident, #krate::Many, #target> =
            #krate::Relation::has_many(#text, #inverse);
    }
}

fn many_to_many(entity: &Entity, relation: &Relation, (through, from, to): (&Path, &Ident, &Ident)) -> TokenStream {
    let Entity { krate, vis, ident, .. } = entity;
    let Relation { name, target, .. } = relation;
    let text = name.unraw().to_string();
    let doc = doc(entity, relation, &format!("through [`{}`], rows of", type_text(through)));
    let (near, far) = (of_cols(entity, through, from), of_cols(entity, through, to));
    quote! {
        #[doc = #doc]
        #vis const #name: #krate::Relation<#ident, #krate::Through, #target> =
            #krate::Relation::many_to_many(#text, #near, #far);
    }
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
fn of_cols(entity: &Entity, target: &Path, name: &Ident) -> TokenStream {
    let (open, close) = (located(quote!(<), name.span()), located(quote!(>::), name.span()));
    let target = as_entity(&entity.krate, target);
    let cols = located(quote!(#target::Cols), ends(&target).0);
    quote!(#open #cols #close #name)
}

//! The entity: its columns, its table, its impls.

use super::{group, located, relation, slot};
use crate::model::{Entity, Field};
use crate::names::{ends, type_text};
use crate::read::Collate;
use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;

pub(crate) fn entity(entity: &Entity) -> TokenStream {
    let constants = constants(entity);
    let imp = impl_entity(entity);
    let view = impl_view(entity);
    let slot = slot(&entity.krate, &entity.ident);
    let group = group::impls(entity);
    let impls = entity.krate.block(&quote!(#constants #imp #view #slot #group));
    let columns = columns(entity);
    let group = group::group(entity);
    quote!(#columns #group #impls)
}

fn columns(entity: &Entity) -> TokenStream {
    let Entity { vis, ident, columns, .. } = entity;
    let doc = format!("Columns and relations of [`{}`], as constants.", ident.unraw());
    quote! {
        #[doc = #doc]
        #[allow(non_camel_case_types, dead_code, missing_debug_implementations, missing_copy_implementations)]
        #vis struct #columns {}
    }
}

fn constants(entity: &Entity) -> TokenStream {
    let Entity { columns, relations, .. } = entity;
    let fields = entity.stored().map(|field| column(entity, field));
    let relations = relations.iter().map(|relation| relation::constant(entity, relation));
    quote! {
        #[allow(non_upper_case_globals, dead_code, private_interfaces, clippy::type_complexity)]
        impl #columns {
            #(#fields)*
            #(#relations)*
        }
    }
}

fn column(entity: &Entity, field: &Field) -> TokenStream {
    let Entity { krate, vis, ident, table, .. } = entity;
    let Field { ident: name, ty, column, .. } = field;
    let doc = format!("Column `{}` of [`{}`], a field of type `{}`.", column.unraw(), ident.unraw(), type_text(ty));
    let value = match table {
        // The call stands where the type is, the column where the name is: what is wrong is underlined.
        Some(table) => {
            let (start, end) = ends(ty);
            let (call, close) = (located(quote!(#krate::Column::of::<), start), located(quote!(Stored > ()), end));
            quote!({
                type Stored = #table::#column;
                #call #close
            })
        }
        None => quote!(#krate::Column::unknown()),
    };
    quote! {
        #[doc = #doc]
        #vis const #name: #krate::Column<#ident, #ty> = #value;
    }
}

fn impl_entity(entity: &Entity) -> TokenStream {
    let Entity { krate, ident, columns, group, name, .. } = entity;
    let entity_name = ident.unraw().to_string();
    let schema = match &entity.schema {
        Some(schema) => quote!(::core::option::Option::Some(#schema)),
        None => quote!(::core::option::Option::None),
    };
    let collation = match entity.collation {
        Collate::Portable => quote!(Portable),
        Collate::Native => quote!(Native),
    };
    let fields = entity.stored().map(|field| &field.ident);
    let values = entity.stored().map(|field| &field.ident);
    let (key, key_type, key_value) = key(entity);
    quote! {
        #[automatically_derived]
        impl #krate::Entity for #ident {
            type Key = #key_type;
            type Cols = #columns;
            type Group = #group;
            const TABLE: &'static #krate::Table = &#krate::Table {
                entity: #entity_name,
                schema: #schema,
                name: #name,
                columns: &[#(#columns::#fields.def()),*],
                key: &[#(#columns::#key.def()),*],
                collation: #krate::Collation::#collation,
            };

            fn key(&self) -> Self::Key {
                #key_value
            }

            fn values(&self) -> ::std::vec::Vec<#krate::Value> {
                ::std::vec::Vec::from([#(#columns::#values.value_of(&self.#values)),*])
            }
        }
    }
}

/// The fields of the key, its type, and how it is taken from a value.
fn key(entity: &Entity) -> (Vec<&proc_macro2::Ident>, TokenStream, TokenStream) {
    let fields: Vec<_> = entity.key().map(|field| &field.ident).collect();
    let types: Vec<_> = entity.key().map(|field| &field.ty).collect();
    match (fields.as_slice(), types.as_slice()) {
        ([], _) => (fields, quote!(::core::primitive::i32), quote!(::core::panic!())),
        ([field], [ty]) => {
            let value = quote!(::core::clone::Clone::clone(&self.#field));
            (fields, quote!(#ty), value)
        }
        _ => {
            let value = quote!((#(::core::clone::Clone::clone(&self.#fields)),*));
            (fields, quote!((#(#types),*)), value)
        }
    }
}

fn impl_view(entity: &Entity) -> TokenStream {
    let Entity { krate, ident, columns, .. } = entity;
    let name = ident.unraw().to_string();
    let stored = entity.stored().map(|Field { ident, .. }| {
        let name = ident.unraw().to_string();
        quote!(#krate::FieldMeta::Column(#name, #columns::#ident.def()))
    });
    let row = if entity.whole {
        let fields = entity.fields.iter().map(|Field { ident: name, transient, .. }| match transient {
            None => quote!(#name: #columns::#name.read(reader)?),
            Some(_) => quote!(#name: ::core::default::Default::default()),
        });
        quote!(::core::result::Result::Ok(Self { #(#fields),* }))
    } else {
        quote!(::core::panic!())
    };
    quote! {
        #[automatically_derived]
        impl #krate::View for #ident {
            type Of = Self;
            type Partial = Self;
            const A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF: &'static #krate::Node =
                &#krate::Node::of::<Self>(#name, const { &[#(#stored),*] });

            #[inline]
            fn decode(
                reader: &mut #krate::Reader<'_>,
            ) -> ::core::result::Result<Self, #krate::CellError> {
                let _ = &reader;
                #row
            }

            #[inline]
            fn finish(
                partial: Self,
                _: &mut #krate::Supplies,
            ) -> ::core::result::Result<Self, #krate::Missing> {
                ::core::result::Result::Ok(partial)
            }
        }

        #[automatically_derived]
        impl #krate::ViewOf<#ident> for #ident {}
    }
}

//! The entity: its columns, its table, its impls.

use super::{as_itself, changes, edited, embedded, group, located, relation, rules, view_field};
use crate::model::{Entity, Field};
use crate::names::{ends, type_text};
use crate::read::{Collate, Part, TableAs};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;

pub(crate) fn entity(entity: &Entity) -> TokenStream {
    let constants = constants(entity);
    let imp = impl_entity(entity);
    let view = impl_view(entity);
    let itself = as_itself(&entity.ident);
    let (group, (patch, patched)) = (group::impls(entity), changes::of_entity(entity));
    let impls = entity.krate.block(&quote!(#constants #imp #view #itself #group #patched));
    let columns = columns(entity);
    let group = group::group(entity);
    quote!(#columns #group #patch #impls)
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
    let Entity { krate, vis, ident, .. } = entity;
    let Field { ident: name, ty, column, embed, .. } = field;
    if let Some(parts) = embed {
        return embedded::constant(entity, field, parts);
    }
    let doc = format!("Column `{}` of [`{}`], a field of type `{}`.", column.unraw(), ident.unraw(), type_text(ty));
    // What is wrong with the type is said where it is.
    let value = stored_in(entity, column, ends(ty));
    quote! {
        #[doc = #doc]
        #vis const #name: #krate::Column<#ident, #ty> = #value;
    }
}

/// The column of a field. The call goes from one place to the other, the column stands where its name is.
pub(super) fn stored_in(entity: &Entity, column: &Ident, (start, end): (Span, Span)) -> TokenStream {
    let krate = &entity.krate;
    match &entity.table {
        Some(TableAs::Module(table)) => {
            let (call, close) = (located(quote!(#krate::Column::of::<), start), located(quote!(Stored > ()), end));
            quote!({
                type Stored = #table::#column;
                #call #close
            })
        }
        Some(TableAs::Named(_)) => {
            let name = column.unraw().to_string();
            let (call, name) = (located(quote!(#krate::Column::named), start), located(quote!((#name)), end));
            quote!(#call #name)
        }
        None => quote!(#krate::Column::unknown()),
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
    let out = Ident::new("out", Span::mixed_site());
    let (stored, values) = (stored(entity), values(entity, &out));
    let (key, key_type, key_value) = key(entity);
    let source = match &entity.table {
        Some(TableAs::Module(table)) => quote!(#table::table),
        _ => quote!(()),
    };
    let given = if entity.generated().next().is_some() { quote!(Made) } else { quote!(Given) };
    let (rules, keep_transient) = (rules::rules(entity), keep_transient(entity));
    quote! {
        #[automatically_derived]
        impl #krate::Entity for #ident {
            type Key = #key_type;
            type Cols = #columns;
            type Group = #group;
            type Source = #source;
            type Columns = #krate::#given;
            const TABLE: &'static #krate::Table = &#krate::Table {
                entity: #entity_name,
                schema: #schema,
                name: #name,
                columns: #stored,
                key: &[#(#columns::#key.def()),*],
                collation: #krate::Collation::#collation,
                rules: #rules,
            };

            #[inline]
            fn key(&self) -> Self::Key {
                #key_value
            }

            #[inline]
            fn push_values(&self, #out: &mut #krate::Out<'_>) {
                #values
            }

            #keep_transient
        }
    }
}

/// What is not stored moves over from the value that is replaced.
fn keep_transient(entity: &Entity) -> Option<TokenStream> {
    let fields = entity.fields.iter().filter(|field| field.transient.is_some());
    let fields: Vec<_> = fields.map(|field| &field.ident).collect();
    (!fields.is_empty()).then(|| {
        quote! {
            #[inline]
            fn keep_transient(&mut self, from: &mut Self) {
                #(::core::mem::swap(&mut self.#fields, &mut from.#fields);)*
            }
        }
    })
}

/// Every stored column. Where a field is several, the list is put together by the compiler.
fn stored(entity: &Entity) -> TokenStream {
    let Entity { krate, columns, .. } = entity;
    let fields = entity.stored().map(|field| &field.ident);
    if entity.stored().all(|field| field.embed.is_none()) {
        return quote!(&[#(#columns::#fields.def()),*]);
    }
    let width = |field: &Field| field.embed.as_ref().map_or(1, |parts| parts.iter().map(Part::width).sum::<usize>());
    let (metas, width) = (entity.stored().map(|field| meta(entity, field)), entity.stored().map(width).sum::<usize>());
    quote!(const { &#krate::flat::<#width>(&[#(#metas),*]) })
}

/// Every stored field, as its cells.
fn values(entity: &Entity, out: &Ident) -> TokenStream {
    let Entity { krate, columns, .. } = entity;
    let pushes = entity.stored().map(|Field { ident, ty, embed, .. }| match embed {
        None => quote!(#columns::#ident.push(&self.#ident, #out);),
        Some(_) => {
            let push = located(quote!(<#ty as #krate::Embed>::push_all), ends(ty).0);
            quote!(#push(&self.#ident, #out);)
        }
    });
    quote!(#(#pushes)*)
}

/// A field that is loaded, as a field of the entity's own view.
fn meta(entity: &Entity, Field { ident, embed, held, .. }: &Field) -> TokenStream {
    let Entity { krate, columns, .. } = entity;
    let name = ident.unraw().to_string();
    match (embed, held) {
        (_, Some(held)) => {
            let constant = view_field::name(held);
            quote!(#constant.meta)
        }
        (None, None) => quote!(#krate::FieldMeta::Column(#name, #columns::#ident.def())),
        (Some(_), None) => quote!(#krate::FieldMeta::Embed(#name, #columns::#ident.__parts)),
    }
}

/// The fields of the key, its type, and how it is taken from a value.
fn key(entity: &Entity) -> (Vec<&Ident>, TokenStream, TokenStream) {
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
    let Entity { krate, ident, .. } = entity;
    let name = ident.unraw().to_string();
    let metas = entity.fields.iter().filter(|field| field.transient.is_none()).map(|field| meta(entity, field));
    let [own, imp] = if entity.collections().next().is_none() { plain(entity) } else { with_collections(entity) };
    quote! {
        #own

        #[automatically_derived]
        impl #krate::View for #ident {
            type Of = Self;
            const A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF: &'static #krate::Node =
                &#krate::Node::of::<Self>(#name, const { &[#(#metas),*] });

            #imp
        }

        #[automatically_derived]
        impl #krate::ViewOf<#ident> for #ident {}
    }
}

/// How the row is read of an entity that is nothing else.
fn plain(entity: &Entity) -> [TokenStream; 2] {
    let krate = &entity.krate;
    let row = if entity.whole {
        let fields = entity.fields.iter().map(|field| {
            let (name, value) = (&field.ident, read(entity, field));
            quote!(#name: #value)
        });
        quote!(::core::result::Result::Ok(Self { #(#fields),* }))
    } else {
        quote!(::core::panic!())
    };
    let imp = quote! {
        type Partial = Self;

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
    };
    [TokenStream::new(), imp]
}

/// The same, and what stands in its place until the rows are there that it holds.
fn with_collections(entity: &Entity) -> [TokenStream; 2] {
    let Entity { krate, fields, .. } = entity;
    let declared = fields.iter().map(|Field { ident, ty, held, .. }| match held {
        None => quote!(#ident: #ty),
        Some(_) => {
            let slot = view_field::as_slot(krate, ty);
            let partial = located(quote!(#slot::Partial), ends(ty).0);
            quote!(#ident: #partial)
        }
    });
    let reads = fields.iter().map(|field| {
        let (name, value) = (&field.ident, read(entity, field));
        quote!(#name: #value)
    });
    let placed = fields.iter().map(|Field { ident, held, .. }| match held {
        None => quote!(#ident: partial.#ident),
        Some(held) => {
            let constant = view_field::name(held);
            quote!(#ident: #constant.place::<Self>(partial.#ident, supplies)?)
        }
    });
    let constants = entity.collections().filter_map(|field| view_field::held(entity, field));
    let checks = edited::checks_of(krate, entity.collections());
    let below = edited::push_below(krate, entity.collections());
    let own = quote! {
        #(#constants)*

        const _: () = { #checks };

        #[allow(missing_debug_implementations, unreachable_pub)]
        pub struct __Row {
            #(#declared,)*
        }
    };
    let imp = quote! {
        type Partial = __Row;

        #[inline]
        fn decode(
            reader: &mut #krate::Reader<'_>,
        ) -> ::core::result::Result<__Row, #krate::CellError> {
            ::core::result::Result::Ok(__Row { #(#reads),* })
        }

        #[inline]
        fn finish(
            partial: __Row,
            supplies: &mut #krate::Supplies,
        ) -> ::core::result::Result<Self, #krate::Missing> {
            ::core::result::Result::Ok(Self { #(#placed),* })
        }

        #below
    };
    [own, imp]
}

/// What a field of the row is read as.
fn read(entity: &Entity, Field { ident, ty, transient, embed, held, .. }: &Field) -> TokenStream {
    let columns = &entity.columns;
    if let Some(held) = held {
        let constant = view_field::name(held);
        return quote!((#constant.decode)(reader)?);
    }
    match transient {
        None if embed.is_some() => {
            let krate = &entity.krate;
            let read = located(quote!(<#ty as #krate::Embed>::read_all), ends(ty).0);
            quote!(#read(reader)?)
        }
        None => quote!(#columns::#ident.read(reader)?),
        Some(_) => quote!(::core::default::Default::default()),
    }
}

//! The embedded struct: the type of its columns, and how it is read and written; and what an entity makes of it.

use super::entity::stored_in;
use super::{located, slot_of};
use crate::model::{Embedded, EmbeddedField, Entity, Field};
use crate::names::{ends, type_text};
use crate::read::{Part, Stored};
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::Type;
use syn::ext::IdentExt;

pub(crate) fn embedded(embedded: &Embedded) -> TokenStream {
    let columns = columns(embedded);
    let methods = methods(embedded);
    let imp = impl_embedded(embedded);
    let slot = slot_of(&embedded.krate, &embedded.ident, true);
    let impls = embedded.krate.block(&quote!(#methods #imp #slot));
    quote!(#columns #impls)
}

/// Stands for one that could not be understood, so that its users are not told about it too.
pub(crate) fn fallback(embedded: &Embedded) -> TokenStream {
    embedded.krate.block(&slot_of(&embedded.krate, &embedded.ident, true))
}

/// `E` and `N`, which no type of the user's can be.
fn parameters() -> [Ident; 2] {
    ["E", "N"].map(|name| Ident::new(name, Span::mixed_site()))
}

fn columns(embedded: &Embedded) -> TokenStream {
    let Embedded { krate, vis, ident, columns, fields, .. } = embedded;
    let (krate, [e, n]) = (krate.path(), parameters());
    let name = ident.unraw();
    let doc = format!("The columns of a [`{name}`] in an entity, as a constant of that entity holds them.");
    let constants = fields.iter().map(|EmbeddedField { ident, ty, embed }| {
        let doc = format!("Of the field `{}`, a `{}`.", ident.unraw(), type_text(ty));
        let column = if *embed {
            let of = as_embed(krate, ty);
            located(quote!(#of::In<#e, #n>), ends(ty).0)
        } else {
            located(quote!(#krate::Column<#e, <#n as #krate::Nullability>::Of<#ty>>), ends(ty).0)
        };
        quote!(#[doc = #doc] #vis #ident: #column)
    });
    quote! {
        #[doc = #doc]
        #[allow(non_camel_case_types, dead_code, clippy::type_complexity)]
        #[allow(missing_debug_implementations, missing_copy_implementations)]
        #vis struct #columns<#e, #n: #krate::Nullability = #krate::Required> {
            #(#constants,)*
            #[doc(hidden)]
            #vis __parts: &'static [#krate::FieldMeta],
        }
    }
}

fn methods(embedded: &Embedded) -> TokenStream {
    let Embedded { krate, vis, ident, columns, fields, .. } = embedded;
    let [e, n] = parameters();
    let parts = fields.iter().map(|EmbeddedField { ident, ty, embed }| {
        let name = ident.unraw().to_string();
        if *embed {
            quote!(#krate::FieldMeta::Embed(#name, self.#ident.__parts))
        } else {
            let def = located(quote!(.def()), ends(ty).0);
            quote!(#krate::FieldMeta::Column(#name, self.#ident #def))
        }
    });
    let count = fields.len();
    quote! {
        #[allow(dead_code)]
        impl<#e, #n: #krate::Nullability> #columns<#e, #n> {
            #[doc(hidden)]
            #vis const fn __list(&self) -> [#krate::FieldMeta; #count] {
                [#(#parts),*]
            }

            #[doc(hidden)]
            #[must_use]
            #vis const fn field<F>(self, field: &'static ::core::primitive::str) -> #krate::ViewField<#e, F>
            where
                F: #krate::ShowsWhole<<#n as #krate::Nullability>::Whole<#ident>>,
            {
                #krate::ViewField::embedded::<<#n as #krate::Nullability>::Whole<#ident>>(field, self.__parts)
            }

            #[doc(hidden)]
            #[must_use]
            #vis const fn edited_field<F>(self, field: &'static ::core::primitive::str) -> #krate::ViewField<#e, F>
            where
                F: #krate::ShowsWhole<<#n as #krate::Nullability>::Whole<#ident>>,
            {
                self.field(field)
            }

            #[doc(hidden)]
            #vis fn patched<P>(self, with: P, changes: #krate::Changes<#e>) -> #krate::Changes<#e>
            where
                P: #krate::Patches<<#n as #krate::Nullability>::Whole<#ident>>,
            {
                #krate::patched_whole(self.__parts, with, changes)
            }
        }
    }
}

fn impl_embedded(embedded: &Embedded) -> TokenStream {
    let Embedded { krate, ident, columns, fields, .. } = embedded;
    let [e, n] = parameters();
    let [reader, out] = ["reader", "out"].map(|name| Ident::new(name, Span::mixed_site()));
    let widths = fields.iter().map(|field| width(embedded, field));
    let solid = fields.iter().map(|EmbeddedField { ty, embed, .. }| {
        let of = as_embed(krate, ty);
        if *embed { quote!(#of::SOLID) } else { located(quote!(!<#ty as #krate::Field>::NULLABLE), ends(ty).0) }
    });
    let reads = fields.iter().map(|EmbeddedField { ident, ty, embed }| {
        let of = as_embed(krate, ty);
        let read = if *embed { quote!(#of::read_all) } else { quote!(#krate::read_part::<#ty>) };
        let read = located(read, ends(ty).0);
        quote!(#ident: #read(#reader)?)
    });
    let pushes = fields.iter().map(|EmbeddedField { ident, ty, embed }| {
        let of = as_embed(krate, ty);
        if *embed {
            let push = located(quote!(#of::push_all), ends(ty).0);
            quote!(#push(&self.#ident, #out);)
        } else {
            let push = located(quote!(<#ty as #krate::Field>::show_field), ends(ty).0);
            quote!(#push(&self.#ident, #out);)
        }
    });
    let sound = fields.iter().filter(|field| field.embed).map(|field| sound(krate, &field.ty));
    quote! {
        #[automatically_derived]
        impl #krate::Embedded for #ident {
            type In<#e, #n: #krate::Nullability> = #columns<#e, #n>;
            const WIDTH: ::core::primitive::usize = 0 #(+ #widths)*;
            const SOLID: ::core::primitive::bool = false #(|| #solid)*;

            #[inline]
            fn decode(
                #reader: &mut #krate::Reader<'_>,
            ) -> ::core::result::Result<Self, #krate::CellError> {
                ::core::result::Result::Ok(Self { #(#reads),* })
            }

            #[inline]
            fn push_values(&self, #out: &mut #krate::Out<'_>) {
                #(#pushes)*
            }
        }

        #(#sound)*
    }
}

fn width(embedded: &Embedded, field: &EmbeddedField) -> TokenStream {
    let of = as_embed(&embedded.krate, &field.ty);
    if field.embed { quote!(#of::WIDTH) } else { quote!(1) }
}

/// `<Type as Embed>`, to be continued.
fn as_embed(krate: &impl ToTokens, ty: &Type) -> TokenStream {
    located(quote!(<#ty as #krate::Embed>), ends(ty).0)
}

/// Refuses an `Option` that could not be told from `None`.
fn sound(krate: &crate::krate::Krate, ty: &Type) -> TokenStream {
    let of = as_embed(krate, ty);
    let words = "an `Option` of an embedded struct is `None` where all its columns are NULL: give the struct a field \
                 that is no `Option`";
    let check = quote!(::core::assert!(#of::SOUND, #words););
    let check = located(check, ends(ty).0);
    quote!(const _: () = { #check };)
}

/// The constant of an embedded field of an entity.
pub(super) fn constant(entity: &Entity, field: &Field, parts: &[Part]) -> TokenStream {
    let Entity { krate, vis, ident: entity_name, .. } = entity;
    let Field { ident, ty, .. } = field;
    let doc = format!("Columns of [`{}`] as one field, of the type `{}`.", entity_name.unraw(), type_text(ty));
    let required = quote!(#krate::Required);
    let columns = columns_in(entity, ty, &required);
    let value = whole(entity, ty, &required, parts);
    let sound = sound(krate, ty);
    let mut body = Group::new(Delimiter::Brace, quote!(#sound #value));
    body.set_span(ends(ty).0);
    quote! {
        #[doc = #doc]
        #vis const #ident: #columns = #body;
    }
}

fn columns_in(entity: &Entity, ty: &Type, nullability: &TokenStream) -> TokenStream {
    let of = as_embed(&entity.krate, ty);
    let name = &entity.ident;
    located(quote!(#of::In<#name, #nullability>), ends(ty).0)
}

/// The columns of an embedded struct of type `ty` that stands within one of this nullability. Each stands where the user
/// names it.
fn whole(entity: &Entity, ty: &Type, nullability: &TokenStream, parts: &[Part]) -> TokenStream {
    let krate = &entity.krate;
    let columns = columns_in(entity, ty, nullability);
    let at = ends(ty).0;
    let values = parts.iter().map(|Part { field, stored }| match stored {
        Stored::Column(column) => {
            let value = stored_in(entity, column, (column.span(), column.span()));
            quote!(#field: #value)
        }
        Stored::Embed(inner, parts) => {
            let of = as_embed(krate, ty);
            let within = located(quote!(#of::Within<#nullability>), ends(ty).0);
            let value = whole(entity, inner, &within, parts);
            quote!(#field: #value)
        }
    });
    // What is wrong with the type, or missing of it, is said where it is.
    let name = Ident::new("Columns", at);
    let mut literal = Group::new(Delimiter::Brace, quote!(#(#values,)* __parts: &[]));
    literal.set_span(at);
    let constant = located(quote!(const COLUMNS: Columns =), at);
    let list = located(quote!(&COLUMNS.__list()), at);
    let end = located(quote!(Columns { __parts: PARTS, ..COLUMNS }), at);
    quote!({
        type Columns = #columns;
        #constant #name #literal;
        const PARTS: &[#krate::FieldMeta] = #list;
        #end
    })
}

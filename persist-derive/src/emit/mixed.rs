//! The enum of views: its common columns, its table (which no store has), its impls, and its group.

use super::shell::Shell;
use super::{located, slot_of};
use crate::model::{Mixed, MixedKind as Kind};
use crate::names::{ends, type_text};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;

pub(crate) fn mixed(mixed: &Mixed) -> TokenStream {
    let columns = columns(mixed);
    let constants = constants(mixed);
    let imp = impl_view(mixed);
    let kinds = impl_kinds(mixed);
    let budget = mixed.budget.as_ref().map(|budget| super::view::check_budget(&mixed.krate, &mixed.ident, budget));
    let group = group(mixed);
    let (common, glue) = (common_columns(mixed), shell(mixed).impls());
    let impls = mixed.krate.block(&quote!(#common #glue #constants #imp #kinds #budget));
    quote!(#columns #group #impls)
}

/// Stands for one that could not be understood, so that its users are not told about it too.
pub(crate) fn fallback(mixed: &Mixed) -> TokenStream {
    mixed.krate.block(&slot_of(&mixed.krate, &mixed.ident, false))
}

/// The entity of a kind.
fn entity(krate: &impl ToTokens, kind: &Kind) -> TokenStream {
    let ty = &kind.ty;
    located(quote!(<<#ty as #krate::OneKind>::View as #krate::View>::Of), ends(ty).0)
}

/// The column of a kind that stands for a common one, as data.
fn common(mixed: &Mixed, kind: &Kind, (name, ty): &(Ident, syn::Type)) -> TokenStream {
    let krate = &mixed.krate;
    let (entity, column) = (entity(krate, kind), kind.column(name));
    let cols = located(quote!(<<#entity as #krate::Entity>::Cols>::), column.span());
    let call = located(quote!(.as_common::<#ty>()), column.span());
    quote!(#cols #column #call)
}

fn columns(mixed: &Mixed) -> TokenStream {
    let Mixed { vis, ident, columns, .. } = mixed;
    let doc = format!("The columns that all kinds of [`{}`] have, as constants.", ident.unraw());
    quote! {
        #[doc = #doc]
        #[allow(non_camel_case_types, dead_code, missing_debug_implementations, missing_copy_implementations)]
        #vis enum #columns {}
    }
}

fn common_columns(mixed: &Mixed) -> TokenStream {
    let Mixed { krate, vis, columns, .. } = mixed;
    let constants = mixed.common.iter().filter_map(|column| {
        let (name, ty) = column;
        let text = name.unraw().to_string();
        let doc = format!("The column `{text}` of every kind, a field of type `{}`.", type_text(ty));
        let first = common(mixed, mixed.kinds.first()?, column);
        Some(quote! {
            #[doc = #doc]
            #vis const #name: #krate::Column<#columns, #ty> = #krate::Column::common(#text, #first.ty);
        })
    });
    quote! {
        #[allow(non_upper_case_globals, dead_code, private_interfaces, clippy::type_complexity)]
        impl #columns {
            #(#constants)*
        }
    }
}

fn constant(number: usize) -> Ident {
    format_ident!("KIND_{}", number)
}

/// The kinds, the table that they make up, and what each row of it refers to.
fn constants(mixed: &Mixed) -> TokenStream {
    let Mixed { krate, ident, columns, .. } = mixed;
    let title = ident.unraw().to_string();
    let kinds = mixed.kinds.iter().map(|kind| {
        let entity = entity(krate, kind);
        let common = mixed.common.iter().map(|column| common(mixed, kind, column));
        let table = located(quote!(<#entity as #krate::Entity>::TABLE), ends(&kind.ty).0);
        quote!(#krate::Kind { table: #table, common: const { &[#(#common),*] } })
    });
    let names = mixed.common.iter().map(|(name, _)| name);
    let fields = mixed.kinds.iter().enumerate().map(|(number, kind)| {
        let (constant, entity, ty) = (constant(number), entity(krate, kind), &kind.ty);
        let text = kind.ident.unraw().to_string();
        let make = quote! {
            #krate::Relation::<#columns, #krate::One, #entity>::belongs_to(
                #text,
                TABLE,
                #krate::local(TABLE, KINDS, #number),
                <#entity as #krate::Entity>::TABLE,
            ).field(#text)
        };
        located(quote!(const #constant: #krate::ViewField<#columns, #ty> = #make;), ends(ty).0)
    });
    quote! {
        const KINDS: &[#krate::Kind] = &[#(#kinds),*];
        const COMMON: &[#krate::ColumnDef] = &[#(#columns::#names.def()),*];
        const WIDTH: ::core::primitive::usize = #krate::mixed_width(KINDS, COMMON);
        const COLUMNS: &[#krate::ColumnDef] = &#krate::mixed_columns::<WIDTH>(KINDS, COMMON);
        const TABLE: &#krate::Table = &#krate::mixed_table(#title, COLUMNS, KINDS);
        #(#fields)*
    }
}

fn impl_view(mixed: &Mixed) -> TokenStream {
    let Mixed { krate, ident, .. } = mixed;
    let title = ident.unraw().to_string();
    let [reader, kind, supplies] = ["reader", "kind", "supplies"].map(|name| Ident::new(name, Span::mixed_site()));
    let metas = (0..mixed.kinds.len()).map(constant);
    let columns = &mixed.columns;
    let arms = mixed.kinds.iter().enumerate().map(|(number, Kind { ident, .. })| {
        let (constant, literal) = (constant(number), Literal::usize_unsuffixed(number));
        quote! {
            #literal => (#constant.finish)((), #supplies.of_kind(#number)).map(Self::#ident),
        }
    });
    quote! {
        #[automatically_derived]
        impl #krate::View for #ident {
            type Of = #columns;
            type Partial = ::core::primitive::i64;
            const A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF: &'static #krate::Node = &#krate::Node::of::<Self>(
                #title,
                const { &[#krate::FieldMeta::Column("kind", COLUMNS[0]), #(#metas.meta),*] },
            );

            #[inline]
            fn decode(
                #reader: &mut #krate::Reader<'_>,
            ) -> ::core::result::Result<Self::Partial, #krate::CellError> {
                #krate::read_kind(#reader)
            }

            #[inline]
            fn finish(
                #kind: Self::Partial,
                #supplies: &mut #krate::Supplies,
            ) -> ::core::result::Result<Self, #krate::Missing> {
                match #kind {
                    #(#arms)*
                    _ => ::core::result::Result::Err(#krate::Missing),
                }
            }
        }
    }
}

fn impl_kinds(mixed: &Mixed) -> TokenStream {
    let Mixed { krate, ident, columns, group, .. } = mixed;
    quote! {
        #[automatically_derived]
        impl #krate::Entity for #columns {
            type Key = #krate::NoKey;
            type Cols = Self;
            type Group = ();
            type Source = ();
            type Columns = #krate::Given;
            const TABLE: &'static #krate::Table = TABLE;

            #[inline]
            fn key(&self) -> #krate::NoKey {
                match *self {}
            }

            #[inline]
            fn push_values(&self, _: &mut #krate::Out<'_>) {
                match *self {}
            }
        }

        #[automatically_derived]
        impl #krate::Kinds for #ident {
            type Cols = #columns;
            type Group = #group;
            const KINDS: &'static [#krate::Kind] = KINDS;
        }
    }
}

fn shell(mixed: &Mixed) -> Shell<'_> {
    let Mixed { krate, vis, ident, group, .. } = mixed;
    Shell { krate, vis, name: group, row: ident, inside: quote!(Mixed), ask: quote!(ask()) }
}

/// The type and its methods: what messages and documentation name.
fn group(mixed: &Mixed) -> TokenStream {
    let name = mixed.ident.unraw();
    let doc = format!(
        "A group of [`{name}`]s of all kinds: a typed set that loads nothing until a context realises it.\n\n\
         It derefs to persist's `Mixed<{name}>`, which filters, orders, cuts and counts it."
    );
    let (definition, methods) = (shell(mixed).definition(&doc), methods(mixed));
    quote!(#definition #methods)
}

fn methods(mixed: &Mixed) -> TokenStream {
    let Mixed { krate, vis, ident, group, kinds, .. } = mixed;
    let (krate, name) = (krate.path(), ident.unraw());
    let all = format!("Every [`{name}`] there is, of every kind.");
    let of = format!("The [`{name}`]s in these groups, one for each kind.");
    let arguments: Vec<_> = kinds.iter().map(Kind::argument).collect();
    let entities: Vec<_> = kinds.iter().map(|kind| entity(krate, kind)).collect();
    let only = kinds.iter().zip(&entities).enumerate().map(|(number, (kind, entity))| {
        let (name, doc) =
            (kind.only(), format!("Those that are a `{}`, as a group of its entity.", kind.ident.unraw()));
        quote! {
            #[doc = #doc]
            #[inline]
            #vis fn #name(&self) -> <#entity as #krate::Entity>::Group {
                self.group.only::<#entity>(#number)
            }
        }
    });
    quote! {
        #[allow(dead_code, private_interfaces, clippy::must_use_candidate)]
        impl #group {
            #[doc = #all]
            #[inline]
            #vis fn all() -> Self {
                Self::of(#(#krate::Group::<#entities>::all()),*)
            }

            #[doc = #of]
            #[allow(clippy::needless_pass_by_value, clippy::too_many_arguments)]
            #[inline]
            #vis fn of(#(#arguments: impl #krate::GroupOfKind<#entities>),*) -> Self {
                ::core::convert::From::from(#krate::Mixed::of([#(#krate::select_of(&#arguments)),*]))
            }

            #(#only)*
        }
    }
}

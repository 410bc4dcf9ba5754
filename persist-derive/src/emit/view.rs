//! Views: one constant for each field that is loaded, and the impls that use them.

use super::{located, slot};
use crate::krate::Krate;
use crate::model::{Show, View, ViewField};
use crate::names::ends;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::{Expr, Path};

pub(crate) fn view(view: &View) -> TokenStream {
    let View { krate, ident, of: Some(of), .. } = view else { return fallback(view) };
    let constants = view.loaded().filter_map(|(number, field)| constant(view, of, number, field));
    let imp = impl_view(view, of);
    let slot = slot(krate, ident);
    let budget = view.budget.as_ref().map(|budget| check_budget(view, budget));
    quote! {
        const _: () = {
            #(#constants)*
            #imp

            #[automatically_derived]
            impl #krate::ViewOf<#of> for #ident {}

            #slot
            #budget
        };
    }
}

/// Stands for a view that could not be understood, so that its users are not told about it too.
pub(crate) fn fallback(view: &View) -> TokenStream {
    let View { krate, ident, of, .. } = view;
    let of = of.as_ref().map_or_else(|| quote!(#krate::Nowhere), |of| quote!(#of));
    let name = ident.unraw().to_string();
    let slot = slot(krate, ident);
    quote! {
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
    }
}

fn name(number: usize) -> Ident {
    format_ident!("FIELD_{}", number, span = Span::mixed_site())
}

/// The constant of a loaded field; a flattened view needs none.
fn constant(view: &View, of: &Path, number: usize, field: &ViewField) -> Option<TokenStream> {
    let krate = &view.krate;
    let ViewField { ident, ty, order_by, limit, .. } = field;
    let (start, end) = ends(ty);
    let (relation, make) = match &field.show {
        Show::Flatten | Show::Compute(_) => return None,
        Show::Count(relation) => (relation, quote!(count_field)),
        Show::Named(relation) => (relation, quote!(field)),
    };
    let each = (order_by.is_some() || limit.is_some()).then(|| of_each(order_by.as_ref(), limit.as_ref()));
    let label = ident.unraw().to_string();
    let number = name(number);
    let at = relation.span();
    let cols = located(quote!(<<#of as #krate::Entity>::Cols>::), at);
    let make = located(quote!(.#make), start);
    let label = located(quote!((#label)), end);
    let _ = end;
    Some(quote! {
        const #number: #krate::ViewField<#of, #ty> = #cols #relation #each #make #label;
    })
}

fn of_each(order_by: Option<&Expr>, limit: Option<&Expr>) -> TokenStream {
    let terms = match order_by {
        None => quote!([]),
        Some(Expr::Tuple(terms)) => {
            let terms = terms.elems.iter();
            quote!([#(#terms),*])
        }
        Some(term) => quote!([#term]),
    };
    let span = limit.or(order_by).map_or_else(Span::call_site, |option| ends(option).0);
    let limit = match limit {
        None => quote!(::core::option::Option::None),
        Some(limit) => quote!(::core::option::Option::Some(#limit)),
    };
    let call = located(quote!(.of_each), span);
    quote!(#call (#terms, #limit))
}

fn impl_view(view: &View, of: &Path) -> TokenStream {
    let View { krate, ident, .. } = view;
    let title = ident.unraw().to_string();
    let reader = Ident::new("reader", Span::mixed_site());
    let partials = view.loaded().map(|(_, field)| partial(krate, field));
    let metas = view.loaded().map(|(number, field)| meta(krate, of, number, field));
    let reads = view.loaded().map(|(number, field)| match (&field.show, name(number)) {
        (Show::Flatten, _) => {
            let ty = &field.ty;
            quote!(<#ty as #krate::View>::decode(#reader)?)
        }
        (_, number) => quote!((#number.decode)(#reader)?),
    });
    let finish = finish(view);
    quote! {
        #[automatically_derived]
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
    let ty = &field.ty;
    let (start, end) = ends(ty);
    let open = located(quote!(<), start);
    let close = match field.show {
        Show::Flatten => quote!(as #krate::View>::Partial),
        Show::Named(_) | Show::Count(_) | Show::Compute(_) => quote!(as #krate::Slot>::Partial),
    };
    let close = located(close, end);
    quote!(#open #ty #close)
}

fn meta(krate: &Krate, of: &Path, number: usize, field: &ViewField) -> TokenStream {
    let ty = &field.ty;
    match field.show {
        Show::Flatten => {
            let (start, end) = ends(ty);
            let call = located(quote!(#krate::flatten::<), start);
            let close = located(quote!(>()), end);
            quote!(#krate::FieldMeta::Flatten(#call #of, #ty #close))
        }
        Show::Named(_) | Show::Count(_) | Show::Compute(_) => {
            let number = name(number);
            quote!(#number.meta)
        }
    }
}

fn finish(view: &View) -> TokenStream {
    let krate = &view.krate;
    let [partial, supplies] = ["partial", "supplies"].map(|name| Ident::new(name, Span::mixed_site()));
    let parts: Vec<_> =
        view.loaded().map(|(number, _)| format_ident!("part_{}", number, span = Span::mixed_site())).collect();
    let loaded = view.loaded().zip(&parts).map(|((number, field), part)| {
        let (ident, ty) = (&field.ident, &field.ty);
        match field.show {
            Show::Flatten => quote!(let #ident = <#ty as #krate::View>::finish(#part, #supplies)?;),
            Show::Named(_) | Show::Count(_) | Show::Compute(_) => {
                let number = name(number);
                quote!(let #ident = (#number.finish)(#part, #supplies)?;)
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

fn check_budget(view: &View, budget: &Expr) -> TokenStream {
    let View { krate, ident, .. } = view;
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

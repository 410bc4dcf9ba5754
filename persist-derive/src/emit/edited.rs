//! Views that are edited: their cells, and what the compiler checks of them.

use super::located;
use super::view_field::name;
use crate::krate::Krate;
use crate::model::{Show, View, ViewField};
use crate::names::ends;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

pub(super) fn edited(view: &View) -> TokenStream {
    let Some(edit) = view.edit else { return TokenStream::new() };
    let View { krate, ident, .. } = view;
    let [out, from] = ["out", "from"].map(|name| Ident::new(name, Span::mixed_site()));
    let pushes = view.loaded().map(|field| {
        let ViewField { ident, ty, show, .. } = field;
        if let Show::Flatten = show {
            let push = located(quote!(<#ty as #krate::EditPart>::push_cells), ends(ty).0);
            quote!(#push(&self.#ident, #out);)
        } else {
            let constant = name(field);
            quote!(#constant.push(&self.#ident, #out);)
        }
    });
    let flattened: Vec<_> = view.loaded().filter(|field| matches!(field.show, Show::Flatten)).collect();
    let keep = (!flattened.is_empty()).then(|| {
        let keeps = flattened.iter().map(|ViewField { ident, ty, .. }| {
            let keep = located(quote!(<#ty as #krate::EditPart>::keep_transient), ends(ty).0);
            quote!(#keep(&mut self.#ident, &mut #from.#ident);)
        });
        quote! {
            #[inline]
            fn keep_transient(&mut self, #from: &mut Self) {
                #(#keeps)*
            }
        }
    });
    let whole = (!edit.part).then(|| {
        quote! {
            #[automatically_derived]
            impl #krate::Editable for #ident {}
        }
    });
    let checks = checks(view, edit.at, edit.part);
    quote! {
        #[automatically_derived]
        impl #krate::EditPart for #ident {
            #[inline]
            fn push_cells(&self, #out: &mut #krate::Out<'_>) {
                #(#pushes)*
            }

            #keep
        }

        #whole
        #checks
    }
}

/// Of a view that is edited, or an entity: the rows that it holds.
pub(super) fn push_below<'f>(krate: &Krate, fields: impl Iterator<Item = &'f ViewField>) -> TokenStream {
    let out = Ident::new("out", Span::mixed_site());
    let below = fields.map(|field| {
        let ViewField { ident, ty, show, .. } = field;
        if let Show::Flatten = show {
            let push = located(quote!(<#ty as #krate::View>::push_below), ends(ty).0);
            quote!(#push(&self.#ident, #out);)
        } else {
            let constant = name(field);
            quote!(#constant.push_below(&self.#ident, #out);)
        }
    });
    quote! {
        #[inline]
        fn push_below(&self, #out: &mut #krate::Below<'_>) {
            #(#below)*
        }
    }
}

/// Of the constants of fields, those of relations: a collection is checked where it stands.
pub(super) fn checks_of<'f>(krate: &Krate, fields: impl Iterator<Item = &'f ViewField>) -> TokenStream {
    let checks = fields.map(|field| {
        let constant = name(field);
        let panic = located(quote!(::core::panic!("{}", message.as_str())), ends(&field.ty).0);
        quote! {
            if let ::core::option::Option::Some(message) = #krate::not_a_collection(#constant.meta.as_edge()) {
                #panic
            }
        }
    });
    quote!(#(#checks)*)
}

/// What types do not tell: whether a field is a column, and which columns there are.
fn checks(view: &View, at: Span, part: bool) -> TokenStream {
    let View { krate, ident, .. } = view;
    let fields = checks_of(krate, view.loaded().filter(|field| matches!(field.show, Show::Named(_))));
    let whole = (!part).then(|| {
        let panic = located(quote!(::core::panic!("{}", message.as_str())), at);
        quote! {
            let node = <#ident as #krate::View>::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF;
            if let ::core::option::Option::Some(message) = #krate::not_editable(node) {
                #panic
            }
        }
    });
    quote! {
        const _: () = {
            #fields
            #whole
        };
    }
}

/// Stands for one that could not be understood, so that its users are not told about it too.
pub(super) fn fallback(view: &View) -> TokenStream {
    let View { krate, ident, .. } = view;
    let Some(edit) = view.edit else { return TokenStream::new() };
    let whole = (!edit.part).then(|| quote!(impl #krate::Editable for #ident {}));
    quote! {
        impl #krate::EditPart for #ident {
            fn push_cells(&self, _: &mut #krate::Out<'_>) {}
        }

        #whole
    }
}

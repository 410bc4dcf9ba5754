//! The derive macros of persist.
//!
//! Each derive goes through four phases, each of which ends before the next begins: `read` takes the attributes,
//! `model` lowers them to what the derive is about, `check` has one function per rule, and `emit`, which cannot fail,
//! writes data and glue. Mistakes accumulate; beside them stand fallback impls, so that one mistake is one error.

mod check;
mod emit;
mod errors;
mod krate;
mod model;
mod names;
mod read;

use errors::Errors;
use proc_macro::TokenStream;
use syn::{Data, DeriveInput, parse_macro_input};

#[doc = include_str!("../docs/entity.md")]
#[proc_macro_derive(Entity, attributes(entity))]
pub fn entity(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let mut errors = Errors::default();
    let Some(mut entity) = model::Entity::lower(&input, &mut errors) else { return errors.into_tokens().into() };
    check::entity(&entity, &mut errors);
    if errors.any() {
        entity.repair();
    }
    let code = emit::entity(&entity);
    join(errors, code)
}

#[doc = include_str!("../docs/view.md")]
#[proc_macro_derive(View, attributes(view))]
pub fn view(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let mut errors = Errors::default();
    if let Data::Enum(data) = &input.data {
        let Some(mixed) = model::Mixed::lower(&input, data, &mut errors) else { return errors.into_tokens().into() };
        check::mixed(&mixed, &mut errors);
        let code = if errors.any() { emit::mixed_fallback(&mixed) } else { emit::mixed(&mixed) };
        return join(errors, code);
    }
    let Some(view) = model::View::lower(&input, &mut errors) else { return errors.into_tokens().into() };
    check::view(&view, &mut errors);
    let code = if errors.any() { emit::view_fallback(&view) } else { emit::view(&view) };
    join(errors, code)
}

#[doc = include_str!("../docs/scalar.md")]
#[proc_macro_derive(Scalar, attributes(scalar))]
pub fn scalar(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let mut errors = Errors::default();
    let Some(scalar) = model::Scalar::lower(&input, &mut errors) else { return errors.into_tokens().into() };
    check::scalar(&scalar, &mut errors);
    let code = if errors.any() { emit::scalar_fallback(&scalar) } else { emit::scalar(&scalar) };
    join(errors, code)
}

#[doc = include_str!("../docs/embedded.md")]
#[proc_macro_derive(Embedded, attributes(embedded))]
pub fn embedded(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let mut errors = Errors::default();
    let Some(embedded) = model::Embedded::lower(&input, &mut errors) else { return errors.into_tokens().into() };
    check::embedded(&embedded, &mut errors);
    let code = if errors.any() { emit::embedded_fallback(&embedded) } else { emit::embedded(&embedded) };
    join(errors, code)
}

#[doc = include_str!("../docs/changes.md")]
#[proc_macro_derive(Changes, attributes(changes))]
pub fn changes(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let mut errors = Errors::default();
    let Some(changes) = model::Changes::lower(&input, &mut errors) else { return errors.into_tokens().into() };
    check::changes(&changes, &mut errors);
    let code = if errors.any() { emit::changes_fallback(&changes) } else { emit::changes(&changes) };
    join(errors, code)
}

fn join(errors: Errors, code: proc_macro2::TokenStream) -> TokenStream {
    let mut tokens = errors.into_tokens();
    tokens.extend(code);
    tokens.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::{format_ident, quote};

    /// So many tokens, and no more, for a field. What they cost is measured in the benches.
    const ENTITY_FIELD: usize = 100;
    const VIEW_FIELD: usize = 105;

    fn tokens(stream: proc_macro2::TokenStream) -> usize {
        let count = |tree| match tree {
            proc_macro2::TokenTree::Group(group) => 1 + tokens(group.stream()),
            _ => 1,
        };
        stream.into_iter().map(count).sum()
    }

    fn entity_of(fields: usize) -> usize {
        let fields = (0..fields).map(|n| format_ident!("field_{n}"));
        let input = quote! {
            #[entity(table = schema::bugs)]
            struct Bug {
                #[entity(key)]
                id: i32,
                #(#fields: i32,)*
            }
        };
        let mut errors = Errors::default();
        let input = syn::parse2(input).ok();
        let lowered = input.and_then(|input| model::Entity::lower(&input, &mut errors));
        lowered.map_or(0, |entity| tokens(emit::entity(&entity)))
    }

    fn view_of(fields: usize) -> usize {
        let fields = (0..fields).map(|n| format_ident!("field_{n}"));
        let input = quote! {
            #[view(of = Bug)]
            struct Line { id: i32, #(#fields: i32,)* }
        };
        let mut errors = Errors::default();
        let input = syn::parse2(input).ok();
        let lowered = input.and_then(|input| model::View::lower(&input, &mut errors));
        lowered.map_or(0, |view| tokens(emit::view(&view)))
    }

    /// What a field costs is the same for the first and the hundredth, and little.
    #[test]
    fn r19_an_expansion_is_thin() {
        let (few, some, many) = (entity_of(10), entity_of(20), entity_of(100));
        assert!(few > 100, "the expansion is looked at");
        assert_eq!((some - few) * 8, many - some, "each field costs the same");
        assert!((some - few) / 10 <= ENTITY_FIELD, "{} tokens for each field of an entity", (some - few) / 10);
        let (few, some, many) = (view_of(10), view_of(20), view_of(100));
        assert_eq!((some - few) * 8, many - some, "each field costs the same");
        assert!((some - few) / 10 <= VIEW_FIELD, "{} tokens for each field of a view", (some - few) / 10);
    }
}

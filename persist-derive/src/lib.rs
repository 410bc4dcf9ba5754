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

fn join(errors: Errors, code: proc_macro2::TokenStream) -> TokenStream {
    let mut tokens = errors.into_tokens();
    tokens.extend(code);
    tokens.into()
}

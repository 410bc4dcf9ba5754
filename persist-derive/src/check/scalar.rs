//! The rules of scalars.

use crate::errors::Errors;
use crate::model::{Scalar, Shape, Variant};
use std::collections::HashMap;
use syn::Fields;

pub(crate) fn scalar(scalar: &Scalar, errors: &mut Errors) {
    match &scalar.shape {
        Shape::Newtype(..) | Shape::Odd => {}
        Shape::Text(variants) => {
            has_variants(scalar, variants, errors);
            carries_no_data(variants, errors);
            stored_names_differ(variants, errors);
        }
        Shape::Integer(_, variants) => {
            has_variants(scalar, variants, errors);
            carries_no_data(variants, errors);
            integers_are_not_renamed(variants, errors);
        }
    }
}

fn has_variants(scalar: &Scalar, variants: &[Variant], errors: &mut Errors) {
    if variants.is_empty() {
        errors.at(&scalar.ident, "an enum without variants has no value that a column could hold");
    }
}

fn carries_no_data(variants: &[Variant], errors: &mut Errors) {
    for variant in variants.iter().filter(|variant| !matches!(variant.fields, Fields::Unit)) {
        let words =
            "a column holds one value, and this variant carries data: drop the data, or store it in columns of its own";
        errors.at(&variant.fields, words);
    }
}

fn stored_names_differ(variants: &[Variant], errors: &mut Errors) {
    let mut seen = HashMap::new();
    for variant in variants {
        if let Some(other) = seen.insert(&variant.stored, &variant.ident) {
            let words =
                format!("`{other}` is stored as {:?} already: choose another name with `rename`", variant.stored);
            match &variant.renamed {
                Some(name) => errors.at(name, words),
                None => errors.at(&variant.ident, words),
            }
        }
    }
}

fn integers_are_not_renamed(variants: &[Variant], errors: &mut Errors) {
    for name in variants.iter().filter_map(|variant| variant.renamed.as_ref()) {
        errors.at(name, "an enum stored as an integer has no stored names: drop `rename`, or `integer` on the enum");
    }
}

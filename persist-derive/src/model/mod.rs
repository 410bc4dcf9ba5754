//! What the derives are about, apart from how it was written down; spans are kept, for messages and for generated code.

mod changes;
mod embedded;
mod entity;
mod mixed;
mod relation;
mod scalar;
mod view;

pub(crate) use changes::{Changes, ChangesField};
pub(crate) use embedded::{Embedded, EmbeddedField};
pub(crate) use entity::{Entity, Field, Rule};
pub(crate) use mixed::{Kind as MixedKind, Mixed};
pub(crate) use relation::{Kind, Relation};
pub(crate) use scalar::{Scalar, Shape, Variant};
pub(crate) use view::{Keep, Measure, Show, View, ViewField};

use crate::errors::Errors;
use syn::{Data, DeriveInput, Fields, FieldsNamed};

/// Whether the type has no parameters; says so if it has.
fn plain(input: &DeriveInput, what: &str, errors: &mut Errors) -> bool {
    if input.generics.params.is_empty() {
        return true;
    }
    errors.at(&input.generics, format_args!("{what} cannot have parameters: write one struct for each use"));
    false
}

/// The named fields of a struct; says so if it is anything else.
fn named<'a>(input: &'a DeriveInput, what: &str, errors: &mut Errors) -> Option<&'a FieldsNamed> {
    let found = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => return Some(fields),
            Fields::Unnamed(_) => "a tuple struct",
            Fields::Unit => "a unit struct",
        },
        Data::Enum(_) => "an enum",
        Data::Union(_) => "a union",
    };
    errors.at(&input.ident, format_args!("{what} is a struct with named fields, and `{}` is {found}", input.ident));
    None
}

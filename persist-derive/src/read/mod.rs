//! Attributes, read into receivers. Whatever can be read is, also when something beside it cannot.

mod changes;
mod embedded;
mod entity;
mod load;
mod mixed;
mod relation;
mod rules;
mod scalar;
mod view;

pub(crate) use changes::{ChangesAttrs, ChangesFieldAttrs};
pub(crate) use embedded::{EmbeddedAttrs, EmbeddedFieldAttrs, Part, Stored};
pub(crate) use entity::{Collate, EntityAttrs, EntityFieldAttrs, TableAs};
pub(crate) use load::Load;
pub(crate) use mixed::{Common, KindAttrs, MixedAttrs, Renamed};
pub(crate) use relation::{
    BelongsTo, HasMany, HasManyOptions, HasOne, Head, ManyToMany, ManyToManyOptions, OwnBelongsTo,
};
pub(crate) use rules::{Bounds, Counts, FieldList, GuardBy, OnDelete, UpdatedBy};
pub(crate) use scalar::{ScalarAttrs, VariantAttrs};
pub(crate) use view::{AsRefs, EditAs, OfColumn, OrphansAs, PutAs, RemoveAs, Source, ViewAttrs, ViewFieldAttrs, Whole};

use crate::errors::Errors;
use darling::FromMeta;
use darling::ast::NestedMeta;
use syn::{Attribute, Meta};

/// Reads all `#[name(..)]` among `attrs` into one receiver, in which everything is optional.
pub(crate) fn attributes<T: FromMeta + Default>(name: &str, attrs: &[Attribute], errors: &mut Errors) -> T {
    let mut items = Vec::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident(name)) {
        match &attr.meta {
            Meta::List(list) => match NestedMeta::parse_meta_list(list.tokens.clone()) {
                Ok(list) => items.extend(list),
                Err(error) => errors.absorb(error.into()),
            },
            other => errors.at(other, format_args!("say what: `#[{name}(..)]`")),
        }
    }
    T::from_list(&items).unwrap_or_else(|error| {
        errors.absorb(error);
        // What is wrong is left out; the rest still counts.
        let mut sound = Vec::new();
        let mut attributes = T::default();
        for item in items {
            sound.push(item);
            match T::from_list(&sound) {
                Ok(more) => attributes = more,
                Err(_) => drop(sound.pop()),
            }
        }
        attributes
    })
}

//! A patch: a struct whose fields say what becomes of columns of an entity.

use super::{named, plain};
use crate::errors::Errors;
use crate::krate::Krate;
use crate::read::{self, ChangesAttrs, ChangesFieldAttrs, Source};
use proc_macro2::Ident;
use syn::{DeriveInput, Path, Type};

pub(crate) struct Changes {
    pub(crate) krate: Krate,
    pub(crate) ident: Ident,
    /// The entity.
    pub(crate) of: Option<Path>,
    pub(crate) fields: Vec<ChangesField>,
    /// Whether it is a struct with named fields.
    pub(crate) whole: bool,
}

pub(crate) struct ChangesField {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    pub(crate) column: Ident,
    /// Which field of an embedded struct, if it is of one.
    pub(crate) within: Vec<Ident>,
    /// Whether it is added.
    pub(crate) add: bool,
}

impl Changes {
    pub(crate) fn lower(input: &DeriveInput, errors: &mut Errors) -> Option<Self> {
        if !plain(input, "a patch", errors) {
            return None;
        }
        let attrs: ChangesAttrs = read::attributes("changes", &input.attrs, errors);
        let named = named(input, "a patch", errors);
        let whole = named.is_some();
        let mut fields = Vec::new();
        for field in named.into_iter().flat_map(|fields| &fields.named) {
            let ChangesFieldAttrs { column, add } = read::attributes("changes", &field.attrs, errors);
            let Some(ident) = field.ident.clone() else { continue };
            let Source { field: column, within } =
                column.unwrap_or_else(|| Source { field: ident.clone(), within: Vec::new() });
            fields.push(ChangesField { ident, ty: field.ty.clone(), column, within, add: add.is_present() });
        }
        Some(Self { krate: Krate::find(attrs.krate.as_ref()), ident: input.ident.clone(), of: attrs.of, fields, whole })
    }
}

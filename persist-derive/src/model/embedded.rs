//! An embedded struct: its fields, which are columns of the entities that embed it.

use super::{named, plain};
use crate::errors::Errors;
use crate::krate::Krate;
use crate::read::{self, EmbeddedAttrs, EmbeddedFieldAttrs};
use proc_macro2::Ident;
use quote::format_ident;
use syn::ext::IdentExt;
use syn::{DeriveInput, Type, Visibility};

pub(crate) struct Embedded {
    pub(crate) krate: Krate,
    pub(crate) vis: Visibility,
    pub(crate) ident: Ident,
    /// The type of its columns.
    pub(crate) columns: Ident,
    pub(crate) fields: Vec<EmbeddedField>,
    /// Whether it is a struct with named fields.
    pub(crate) whole: bool,
}

pub(crate) struct EmbeddedField {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    /// Whether it is an embedded struct itself.
    pub(crate) embed: bool,
}

impl Embedded {
    pub(crate) fn lower(input: &DeriveInput, errors: &mut Errors) -> Option<Self> {
        if !plain(input, "an embedded struct", errors) {
            return None;
        }
        let attrs: EmbeddedAttrs = read::attributes("embedded", &input.attrs, errors);
        let named = named(input, "an embedded struct", errors);
        let whole = named.is_some();
        let mut fields = Vec::new();
        for field in named.into_iter().flat_map(|fields| &fields.named) {
            let attrs: EmbeddedFieldAttrs = read::attributes("embedded", &field.attrs, errors);
            let Some(ident) = field.ident.clone() else { continue };
            fields.push(EmbeddedField { ident, ty: field.ty.clone(), embed: attrs.embed.is_present() });
        }
        let columns = || format_ident!("{}Columns", input.ident.unraw(), span = input.ident.span());
        Some(Self {
            krate: Krate::find(attrs.krate.as_ref()),
            vis: input.vis.clone(),
            ident: input.ident.clone(),
            columns: attrs.columns.unwrap_or_else(columns),
            fields,
            whole,
        })
    }
}

//! A mixed group: an enum whose variants are views of different entities.

use super::plain;
use crate::errors::Errors;
use crate::krate::Krate;
use crate::names::{ident, plural, snake};
use crate::read::{self, Common, KindAttrs, MixedAttrs, Renamed};
use proc_macro2::Ident;
use quote::format_ident;
use syn::ext::IdentExt;
use syn::{DataEnum, DeriveInput, Expr, Fields, Type, Visibility};

pub(crate) struct Mixed {
    pub(crate) krate: Krate,
    pub(crate) vis: Visibility,
    pub(crate) ident: Ident,
    /// The type that carries the common columns.
    pub(crate) columns: Ident,
    /// The group's type.
    pub(crate) group: Ident,
    pub(crate) budget: Option<Expr>,
    pub(crate) common: Vec<(Ident, Type)>,
    pub(crate) kinds: Vec<Kind>,
}

/// One variant.
pub(crate) struct Kind {
    pub(crate) ident: Ident,
    /// The view, or an `Arc` of it.
    pub(crate) ty: Type,
    /// Which columns of its entity the common ones are, where they are called otherwise.
    pub(crate) renamed: Vec<(Ident, Ident)>,
}

impl Mixed {
    pub(crate) fn lower(input: &DeriveInput, data: &DataEnum, errors: &mut Errors) -> Option<Self> {
        if !plain(input, "a view", errors) {
            return None;
        }
        let attrs: MixedAttrs = read::attributes("view", &input.attrs, errors);
        let mut kinds = Vec::new();
        for variant in &data.variants {
            let KindAttrs { common } = read::attributes("view", &variant.attrs, errors);
            match &variant.fields {
                Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                    let renamed = common.map(|Renamed(renamed)| renamed).unwrap_or_default();
                    let types = fields.unnamed.iter().map(|field| field.ty.clone());
                    kinds.extend(types.map(|ty| Kind { ident: variant.ident.clone(), ty, renamed: renamed.clone() }));
                }
                _ => {
                    let words = format!("a variant of an enum of views holds one view: `{}(SomeView)`", variant.ident);
                    errors.at(&variant.ident, words);
                }
            }
        }
        let span = input.ident.span();
        let group = || ident(&plural(&input.ident.unraw().to_string()), span);
        Some(Self {
            krate: Krate::find(attrs.krate.as_ref()),
            vis: input.vis.clone(),
            ident: input.ident.clone(),
            columns: attrs.columns.unwrap_or_else(|| ident(&snake(&input.ident), span)),
            group: attrs.group.unwrap_or_else(group),
            budget: attrs.budget.map(Into::into),
            common: attrs.common.map(|Common(common)| common).unwrap_or_default(),
            kinds,
        })
    }
}

impl Kind {
    /// What the common column of this name is called here.
    pub(crate) fn column<'k>(&'k self, common: &'k Ident) -> &'k Ident {
        self.renamed.iter().find(|(name, _)| name == common).map_or(common, |(_, column)| column)
    }

    /// The argument of the group's `of`.
    pub(crate) fn argument(&self) -> Ident {
        ident(&snake(&self.ident), self.ident.span())
    }

    /// The group's method that narrows it to this kind.
    pub(crate) fn only(&self) -> Ident {
        format_ident!("only_{}", snake(&self.ident), span = self.ident.span())
    }
}

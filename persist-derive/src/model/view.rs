//! A view: a struct, its entity, and what each field shows.

use super::{named, plain};
use crate::errors::Errors;
use crate::krate::Krate;
use crate::names::{ident, snake};
use crate::read::{self, Load, Source, ViewAttrs, ViewFieldAttrs};
use proc_macro2::Ident;
use syn::{DeriveInput, Expr, Path, Type, Visibility};

pub(crate) struct View {
    pub(crate) krate: Krate,
    pub(crate) ident: Ident,
    /// The entity.
    pub(crate) of: Option<Path>,
    pub(crate) budget: Option<Expr>,
    pub(crate) vis: Visibility,
    /// The type that carries the edges, where one is asked for.
    pub(crate) edges: Option<Ident>,
    pub(crate) fields: Vec<ViewField>,
    /// Whether it is a struct with named fields.
    pub(crate) whole: bool,
}

pub(crate) struct ViewField {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    pub(crate) show: Show,
    /// Which field of an embedded struct, if it shows one.
    pub(crate) within: Vec<Ident>,
    /// What was said besides, which only a relation can take.
    pub(crate) filter: Option<Expr>,
    pub(crate) order_by: Option<Expr>,
    pub(crate) link_order_by: Option<Expr>,
    /// The column that is the key of a map.
    pub(crate) by: Option<Expr>,
    pub(crate) limit: Option<Expr>,
    /// How deep a view that holds itself goes.
    pub(crate) depth: Option<Expr>,
    pub(crate) load: Option<Load>,
    /// How many of `flatten`, `count`, `compute` and `from` are said.
    pub(crate) said: usize,
}

pub(crate) enum Show {
    /// A column or a relation; rustc finds out which.
    Named(Ident),
    /// Another view of the same entity.
    Flatten,
    /// How many rows a relation leads to.
    Count(Ident),
    /// A value made from the other fields.
    Compute(Expr),
}

impl View {
    pub(crate) fn lower(input: &DeriveInput, errors: &mut Errors) -> Option<Self> {
        if !plain(input, "a view", errors) {
            return None;
        }
        let attrs: ViewAttrs = read::attributes("view", &input.attrs, errors);
        let named = named(input, "a view", errors);
        let whole = named.is_some();
        let mut fields = Vec::new();
        for field in named.into_iter().flat_map(|fields| &fields.named) {
            let attrs: ViewFieldAttrs = read::attributes("view", &field.attrs, errors);
            fields.extend(ViewField::lower(field, attrs));
        }
        let krate = Krate::find(attrs.krate.as_ref());
        let edges = attrs.edges.map(|name| name.0.unwrap_or_else(|| ident(&snake(&input.ident), input.ident.span())));
        Some(Self {
            krate,
            ident: input.ident.clone(),
            of: attrs.of,
            budget: attrs.budget.map(Into::into),
            vis: input.vis.clone(),
            edges,
            fields,
            whole,
        })
    }

    /// The fields that are loaded.
    pub(crate) fn loaded(&self) -> impl Iterator<Item = &ViewField> {
        self.fields.iter().filter(|field| field.computed().is_none())
    }
}

impl ViewField {
    fn lower(field: &syn::Field, attrs: ViewFieldAttrs) -> Option<Self> {
        let ident = field.ident.clone()?;
        let flatten = attrs.flatten.is_present();
        let ViewFieldAttrs { from, filter, order_by, link_order_by, by, limit, depth, load, count, compute, .. } =
            attrs;
        let said = [flatten, from.is_some(), count.is_some(), compute.is_some()];
        let (source, within) = match from {
            Some(Source { field, within }) => (field, within),
            None => (ident.clone(), Vec::new()),
        };
        let show = match (compute, count) {
            (Some(compute), _) => Show::Compute(compute.into()),
            (None, Some(count)) => Show::Count(count.0),
            (None, None) if flatten => Show::Flatten,
            (None, None) => Show::Named(source),
        };
        let said = said.into_iter().filter(|said| *said).count();
        let options = [filter, order_by, link_order_by, by, limit, depth];
        let [filter, order_by, link_order_by, by, limit, depth] = options.map(|option| option.map(Into::into));
        Some(Self {
            ident,
            ty: field.ty.clone(),
            show,
            within,
            filter,
            order_by,
            link_order_by,
            by,
            limit,
            depth,
            load,
            said,
        })
    }

    /// The expression of a computed field.
    pub(crate) const fn computed(&self) -> Option<&Expr> {
        match &self.show {
            Show::Compute(expr) => Some(expr),
            Show::Named(_) | Show::Flatten | Show::Count(_) => None,
        }
    }
}

//! A view: a struct, its entity, and what each field shows.

use super::{named, plain};
use crate::errors::Errors;
use crate::krate::Krate;
use crate::names::{ends, ident, snake};
use crate::read::{
    self, AsRefs, EditAs, Load, OfColumn, OrphansAs, PutAs, RemoveAs, Source, ViewAttrs, ViewFieldAttrs, Whole,
};
use proc_macro2::{Ident, Span};
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
    /// Whether, and how, it is edited.
    pub(crate) edit: Option<EditAs>,
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
    /// The column that is held instead of a view of the rows.
    pub(crate) value: Option<Expr>,
    /// How a collection is edited.
    pub(crate) keep: Keep,
    /// How deep a view that holds itself goes.
    pub(crate) depth: Option<Expr>,
    /// Where it is said that such a view goes to the last level.
    pub(crate) recursive: Option<Span>,
    pub(crate) load: Option<Load>,
    /// The views that a flattened one can be had as.
    pub(crate) as_ref: Option<AsRefs>,
    /// How many of `flatten`, `compute`, `with`, `from` and the aggregates are said.
    pub(crate) said: usize,
}

/// How a collection is edited with the row that holds it.
pub(crate) struct Keep {
    /// The column that says in what order the rows stand.
    pub(crate) position: Option<Expr>,
    pub(crate) put: Option<PutAs>,
    pub(crate) remove: Option<RemoveAs>,
    pub(crate) orphans: Option<OrphansAs>,
}

impl Keep {
    /// What is said, with its name and place.
    pub(crate) fn said(&self) -> Option<(&'static str, Span)> {
        let Self { position, put, remove, orphans } = self;
        let position = position.as_ref().map(|expr| ("position", ends(expr).0));
        let put = put.as_ref().map(|word| ("put", word.0.span()));
        let remove = remove.as_ref().map(|word| ("remove", word.0.span()));
        let orphans = orphans.as_ref().map(|orphans| ("orphans", ends(&orphans.expr).0));
        position.or(put).or(remove).or(orphans)
    }
}

pub(crate) enum Show {
    /// A column or a relation; rustc finds out which.
    Named(Ident),
    /// Another view of the same entity.
    Flatten,
    /// An aggregate of what a relation leads to.
    Measure(Measure),
    /// A value that a function loads for all rows at once.
    With(Expr),
    /// A value made from the other fields.
    Compute(Expr),
}

/// An aggregate.
pub(crate) struct Measure {
    /// `count`, `exists`, `min`, `max`, `sum` or `avg`.
    pub(crate) how: &'static str,
    /// Of which relation.
    pub(crate) relation: Ident,
    /// Of which column, if it is one's.
    pub(crate) column: Option<Expr>,
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
            edit: attrs.edit,
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
    pub(super) fn lower(field: &syn::Field, attrs: ViewFieldAttrs) -> Option<Self> {
        let ident = field.ident.clone()?;
        let flatten = attrs.flatten.is_present();
        let ViewFieldAttrs { from, filter, order_by, link_order_by, by, limit, with, compute, depth, .. } = attrs;
        let ViewFieldAttrs { load, as_ref, value, position, put, remove, orphans, .. } = attrs;
        let keep = Keep { position: position.map(Into::into), put, remove, orphans };
        let recursive = attrs.recursive.is_present().then(|| attrs.recursive.span());
        let ViewFieldAttrs { count, exists, min, max, sum, avg, .. } = attrs;
        let mut measures = Vec::new();
        for (how, whole) in [("count", count), ("exists", exists)] {
            measures.extend(whole.map(|Whole(relation)| Measure { how, relation, column: None }));
        }
        for (how, of) in [("min", min), ("max", max), ("sum", sum), ("avg", avg)] {
            measures.extend(of.map(|OfColumn(relation, column)| Measure { how, relation, column: Some(column) }));
        }
        let said = [flatten, from.is_some(), with.is_some(), compute.is_some()];
        let said = said.into_iter().filter(|said| *said).count() + measures.len();
        let (source, within) = match from {
            Some(Source { field, within }) => (field, within),
            None => (ident.clone(), Vec::new()),
        };
        let show = match (compute, with, measures.pop()) {
            (Some(compute), ..) => Show::Compute(compute.into()),
            (None, Some(with), _) => Show::With(with.into()),
            (None, None, Some(measure)) => Show::Measure(measure),
            (None, None, None) if flatten => Show::Flatten,
            (None, None, None) => Show::Named(source),
        };
        let as_ref = as_ref.map(|AsRefs { at, views }| {
            let views = if views.is_empty() { vec![field.ty.clone()] } else { views };
            AsRefs { at, views }
        });
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
            value: value.map(Into::into),
            keep,
            depth,
            recursive,
            load,
            as_ref,
            said,
        })
    }

    /// What is said of how rows are held and edited, with its name and place.
    pub(crate) fn said_of_rows(&self) -> Option<(&'static str, Span)> {
        let place = |name, option: &Option<Expr>| option.as_ref().map(|expr| (name, ends(expr).0));
        place("by", &self.by).or(place("value", &self.value)).or(self.keep.said())
    }

    /// Whether it holds the view itself again, a tree.
    pub(crate) const fn is_tree(&self) -> bool {
        self.depth.is_some() || self.recursive.is_some()
    }

    /// The expression of a computed field.
    pub(crate) const fn computed(&self) -> Option<&Expr> {
        match &self.show {
            Show::Compute(expr) => Some(expr),
            Show::Named(_) | Show::Flatten | Show::Measure(_) | Show::With(_) => None,
        }
    }
}

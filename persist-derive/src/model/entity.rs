//! An entity: a struct, its table, its columns and relations.

use super::relation::{self, Relation};
use super::view::ViewField;
use super::{named, plain};
use crate::errors::Errors;
use crate::krate::Krate;
use crate::names::{ident, plural, snake};
use crate::read::{
    self, Bounds, Collate, Counts, EntityAttrs, EntityFieldAttrs, FieldList, GuardBy, Part, TableAs, UpdatedBy,
    ViewFieldAttrs,
};
use proc_macro2::{Ident, Span};
use quote::format_ident;
use std::collections::HashSet;
use syn::ext::IdentExt;
use syn::{DeriveInput, Expr, LitStr, Path, Type, Visibility};

pub(crate) struct Entity {
    pub(crate) krate: Krate,
    pub(crate) vis: Visibility,
    pub(crate) ident: Ident,
    /// How the columns of its table are known.
    pub(crate) table: Option<TableAs>,
    pub(crate) name: String,
    /// What `name = ..` says.
    pub(crate) renamed: Option<LitStr>,
    pub(crate) schema: Option<String>,
    pub(crate) collation: Collate,
    /// The type that carries the columns.
    pub(crate) columns: Ident,
    /// The group's type.
    pub(crate) group: Ident,
    pub(crate) fields: Vec<Field>,
    pub(crate) relations: Vec<Relation>,
    /// The name of the patch of all its columns, where one is asked for.
    pub(crate) changes: Option<Ident>,
    /// The fields that form an invariant.
    pub(crate) together: Vec<FieldList>,
    /// The fields whose values no two rows share.
    pub(crate) unique: Vec<FieldList>,
    /// Whether columns have triggers of their own.
    pub(crate) column_triggers: bool,
    /// Whether it is a struct with named fields.
    pub(crate) whole: bool,
}

pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    /// The column in the `table!` module.
    pub(crate) column: Ident,
    /// Where `key` is said.
    pub(crate) key: Option<Span>,
    /// Where `transient` is said.
    pub(crate) transient: Option<Span>,
    /// Whether `column = ..` is said.
    pub(crate) renamed: bool,
    /// Whether a `belongs_to` stands on it.
    pub(crate) refers: bool,
    /// The columns of an embedded struct.
    pub(crate) embed: Option<Vec<Part>>,
    /// What is said of the rows of a relation, with its name.
    pub(crate) keeps: Option<(&'static str, Span)>,
    /// The rows of the relation of its name, if there is one that leads to rows of its own.
    pub(crate) held: Option<Box<ViewField>>,
    /// Where `generated` is said.
    pub(crate) generated: Option<Span>,
    /// How it is written, with where that is said; more than one is a mistake.
    pub(crate) rules: Vec<(Span, Rule)>,
}

/// How one column is written.
pub(crate) enum Rule {
    /// It is the revision.
    Lock,
    /// It changes only from what was read, along these ways.
    Guard(Option<Path>),
    /// Its changes are differences, within these bounds.
    Counter(Box<[Option<Expr>; 2]>),
    /// Each write of the row makes it what this function says.
    Updated(Path),
}

impl Rule {
    /// The attribute.
    pub(crate) const fn word(&self) -> &'static str {
        match self {
            Self::Lock => "lock",
            Self::Guard(_) => "guard",
            Self::Counter(_) => "counter",
            Self::Updated(_) => "updated",
        }
    }
}

impl Entity {
    pub(crate) fn lower(input: &DeriveInput, errors: &mut Errors) -> Option<Self> {
        if !plain(input, "an entity", errors) {
            return None;
        }
        let attrs: EntityAttrs = read::attributes("entity", &input.attrs, errors);
        let named = named(input, "an entity", errors);
        let whole = named.is_some();
        let (mut fields, mut relations) = (Vec::new(), Vec::new());
        let own = attrs.has_one.iter().map(|has| &has.0.head).chain(attrs.has_many.iter().map(|has| &has.head));
        let own: HashSet<String> = own.map(|head| head.name.unraw().to_string()).collect();
        for field in named.into_iter().flat_map(|fields| &fields.named) {
            let mut attrs: EntityFieldAttrs = read::attributes("entity", &field.attrs, errors);
            let Some(field) = Field::lower(field, &mut attrs, &own) else { continue };
            let own = attrs.belongs_to.into_iter().map(|own| Relation::own(own, &field.ident));
            relations.extend(own);
            fields.push(field);
        }
        let EntityAttrs { has_one, has_many, many_to_many, belongs_to, together, unique, .. } = attrs;
        let mut relate = relation::Lowering { entity: &input.ident, out: &mut relations, errors };
        relate.belongs_to(belongs_to);
        relate.has_one(has_one);
        relate.has_many(has_many);
        relate.many_to_many(many_to_many);
        let span = input.ident.span();
        let bare = input.ident.unraw().to_string();
        let stored = attrs.table.as_ref().and_then(|table| match table {
            TableAs::Module(module) => module.segments.last().map(|last| last.ident.unraw().to_string()),
            TableAs::Named(name) => Some(name.value()),
        });
        Some(Self {
            krate: Krate::find(attrs.krate.as_ref()),
            vis: input.vis.clone(),
            ident: input.ident.clone(),
            name: attrs.name.as_ref().map(syn::LitStr::value).or(stored).unwrap_or_default(),
            renamed: attrs.name,
            table: attrs.table,
            schema: attrs.schema.as_ref().map(syn::LitStr::value),
            collation: attrs.collation.unwrap_or_default(),
            columns: attrs.columns.unwrap_or_else(|| ident(&snake(&input.ident), span)),
            group: attrs.group.unwrap_or_else(|| ident(&plural(&bare), span)),
            fields,
            relations,
            changes: attrs.changes,
            together,
            unique,
            column_triggers: attrs.column_triggers.is_present(),
            whole,
        })
    }

    /// The fields that are stored in the row.
    pub(crate) fn stored(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.transient.is_none() && field.held.is_none())
    }

    /// The fields that hold rows of other tables, with what those are.
    pub(crate) fn collections(&self) -> impl Iterator<Item = &ViewField> {
        self.fields.iter().filter_map(|field| field.held.as_deref())
    }

    /// The field that holds the rows of a relation, if one does.
    pub(crate) fn collection(&self, relation: &Relation) -> Option<&ViewField> {
        self.collections().find(|field| field.ident.unraw() == relation.name.unraw())
    }

    /// The fields of the key.
    pub(crate) fn key(&self) -> impl Iterator<Item = &Field> {
        self.stored().filter(|field| field.key.is_some() && field.embed.is_none())
    }

    /// The field of this name that is a column.
    pub(crate) fn field(&self, name: &Ident) -> Option<&Field> {
        self.stored().find(|field| field.ident == *name && field.embed.is_none())
    }

    /// The fields that the store fills in.
    pub(crate) fn generated(&self) -> impl Iterator<Item = &Ident> {
        self.fields.iter().filter(|field| field.generated.is_some()).map(|field| &field.ident)
    }

    /// The fields that are written by a rule, with it.
    pub(crate) fn ruled(&self) -> impl Iterator<Item = (&Field, &Rule)> {
        self.fields.iter().flat_map(|field| field.rules.iter().map(move |(_, rule)| (field, rule)))
    }

    /// After a mistake: leaves out what would only lead to further messages.
    pub(crate) fn repair(&mut self) {
        if self.group == self.ident || self.group == self.columns {
            self.group = format_ident!("{}Group", self.ident);
        }
        if self.columns == self.ident {
            self.columns = format_ident!("{}Columns", self.ident);
        }
        let columns = self.fields.iter().filter(|field| field.held.is_none());
        let mut names: HashSet<String> = columns.map(|field| field.ident.to_string()).collect();
        for field in &mut self.fields {
            (field.rules, field.generated) = (Vec::new(), None);
            if field.held.take().is_some() || field.keeps.is_some() {
                field.transient = Some(field.ident.span());
            }
        }
        (self.together, self.unique) = (Vec::new(), Vec::new());
        let mut groups: HashSet<String> = HashSet::new();
        let mut relations = std::mem::take(&mut self.relations);
        relations.retain_mut(|relation| {
            (relation.load, relation.on_delete) = (None, None);
            let known = relation.fields().iter().all(|field| self.field(field).is_some());
            known && names.insert(relation.name.to_string()) && groups.insert(relation.group.to_string())
        });
        self.relations = relations;
    }
}

impl Field {
    /// `own` are the names of the relations that lead to rows of its own.
    fn lower(field: &syn::Field, attrs: &mut EntityFieldAttrs, own: &HashSet<String>) -> Option<Self> {
        let ident = field.ident.clone()?;
        let EntityFieldAttrs { by, value, position, put, remove, orphans, .. } = attrs;
        let (by, value, position) = (by.take(), value.take(), position.take());
        let (put, remove, orphans) = (put.take(), remove.take(), orphans.take());
        let said = ViewFieldAttrs { by, value, position, put, remove, orphans, ..ViewFieldAttrs::default() };
        let held = ViewField::lower(field, said)?;
        Some(Self {
            keeps: held.said_of_rows(),
            held: own.contains(&ident.unraw().to_string()).then(|| Box::new(held)),
            ty: field.ty.clone(),
            column: attrs.column.clone().unwrap_or_else(|| ident.clone()),
            key: attrs.key.is_present().then(|| attrs.key.span()),
            transient: attrs.transient.is_present().then(|| attrs.transient.span()),
            renamed: attrs.column.is_some(),
            refers: !attrs.belongs_to.is_empty(),
            embed: attrs.embed.take().map(|embed| embed.0),
            generated: attrs.generated.is_present().then(|| attrs.generated.span()),
            rules: rules(attrs),
            ident,
        })
    }
}

fn rules(attrs: &mut EntityFieldAttrs) -> Vec<(Span, Rule)> {
    let mut rules = Vec::new();
    if attrs.lock.is_present() {
        rules.push((attrs.lock.span(), Rule::Lock));
    }
    if let Some(GuardBy { at, by }) = attrs.guard.take() {
        rules.push((at, Rule::Guard(by)));
    }
    if let Some(Counts { at, bounds: Bounds { min, max } }) = attrs.counter.take() {
        rules.push((at, Rule::Counter(Box::new([min, max].map(|bound| bound.map(Into::into))))));
    }
    if let Some(UpdatedBy { at, by }) = attrs.updated.take() {
        rules.push((at, Rule::Updated(by)));
    }
    rules
}

//! Relations of an entity.

use crate::errors::Errors;
use crate::names::{ident, plural, snake};
use crate::read::{
    BelongsTo, HasMany, HasManyOptions, HasOne, Head, Load, ManyToMany, ManyToManyOptions, OnDelete, OwnBelongsTo,
};
use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::{Expr, Path};

pub(crate) struct Relation {
    pub(crate) name: Ident,
    pub(crate) target: Path,
    /// The group's method that goes along it.
    pub(crate) group: Ident,
    pub(crate) kind: Kind,
    /// Which rows of the target.
    pub(crate) filter: Option<Expr>,
    /// Their order.
    pub(crate) order_by: Option<Expr>,
    /// The order of the links.
    pub(crate) link_order_by: Option<Expr>,
    /// How it is loaded, where that is said.
    pub(crate) load: Option<Load>,
    /// What becomes of the rows that it leads to, or of its links, when this one is deleted.
    pub(crate) on_delete: Option<OnDelete>,
}

pub(crate) enum Kind {
    /// The fields that hold the key of the target, or the column of it that is named besides.
    BelongsTo(Vec<Ident>, Vec<Ident>),
    /// The relation of the target that leads back, which no two rows of it share.
    HasOne(Ident),
    /// The relation of the target that leads back.
    HasMany(Ident),
    /// The linking entity, and its relations to the near and to the far end.
    ManyToMany(Path, Ident, Ident),
}

impl Relation {
    fn new(head: Head, group: Ident, kind: Kind) -> Self {
        let Head { name, target } = head;
        let (filter, order_by, link_order_by) = (None, None, None);
        Self { name, target, group, kind, filter, order_by, link_order_by, load: None, on_delete: None }
    }

    /// A `belongs_to` that stands on its field.
    pub(crate) fn own(own: OwnBelongsTo, field: &Ident) -> Self {
        let group = own.group.unwrap_or_else(|| one_to_group(&own.head.name));
        Self { load: own.load, ..Self::new(own.head, group, Kind::BelongsTo(vec![field.clone()], own.to)) }
    }

    /// Whose relation leads back to this one, and its name: of a `belongs_to` there is none.
    pub(crate) const fn back(&self) -> Option<(&Path, &Ident)> {
        match &self.kind {
            Kind::BelongsTo(..) => None,
            Kind::HasOne(inverse) | Kind::HasMany(inverse) => Some((&self.target, inverse)),
            Kind::ManyToMany(through, from, _) => Some((through, from)),
        }
    }

    /// The fields that it names.
    pub(crate) fn fields(&self) -> &[Ident] {
        match &self.kind {
            Kind::BelongsTo(fields, _) => fields,
            Kind::HasOne(_) | Kind::HasMany(_) | Kind::ManyToMany(..) => &[],
        }
    }
}

fn one_to_group(name: &Ident) -> Ident {
    ident(&plural(&name.unraw().to_string()), name.span())
}

/// The name that a relation to `path`'s entity has unless said otherwise.
fn inverse(name: &Ident, span: Span) -> Ident {
    ident(&snake(name), span)
}

/// The relations that stand on the struct, one after the other.
pub(crate) struct Lowering<'a> {
    pub(crate) entity: &'a Ident,
    pub(crate) out: &'a mut Vec<Relation>,
    pub(crate) errors: &'a mut Errors,
}

impl Lowering<'_> {
    pub(crate) fn belongs_to(&mut self, all: Vec<BelongsTo>) {
        for BelongsTo { head, by, to, group, load } in all {
            let group = group.unwrap_or_else(|| one_to_group(&head.name));
            let Some(by) = by else {
                let name = head.name.unraw();
                self.errors.at(&head.name, format_args!("say which fields hold the key: `by = {name}_id`"));
                continue;
            };
            let relation = Relation::new(head, group, Kind::BelongsTo(by.0, to));
            self.out.push(Relation { load, ..relation });
        }
    }

    pub(crate) fn has_one(&mut self, all: Vec<HasOne>) {
        for HasOne(HasMany { head, options }) in all {
            let HasManyOptions { by, group, load, filter, order_by, on_delete } = options;
            let by = by.unwrap_or_else(|| inverse(self.entity, head.name.span()));
            let group = group.unwrap_or_else(|| one_to_group(&head.name));
            let relation = Relation::new(head, group, Kind::HasOne(by));
            let (filter, order_by) = (filter.map(Into::into), order_by.map(Into::into));
            self.out.push(Relation { filter, order_by, load, on_delete, ..relation });
        }
    }

    pub(crate) fn has_many(&mut self, all: Vec<HasMany>) {
        for HasMany { head, options } in all {
            let HasManyOptions { by, group, load, filter, order_by, on_delete } = options;
            let by = by.unwrap_or_else(|| inverse(self.entity, head.name.span()));
            let group = group.unwrap_or_else(|| head.name.clone());
            let relation = Relation::new(head, group, Kind::HasMany(by));
            let (filter, order_by) = (filter.map(Into::into), order_by.map(Into::into));
            self.out.push(Relation { filter, order_by, load, on_delete, ..relation });
        }
    }

    pub(crate) fn many_to_many(&mut self, all: Vec<ManyToMany>) {
        for ManyToMany { head, options } in all {
            let ManyToManyOptions { through, from, to, group, load, on_delete, .. } = options;
            let ManyToManyOptions { filter, order_by, link_order_by, .. } = options;
            let Some(through) = through else {
                self.errors.at(&head.name, "say which entity links the two: `through = ..`");
                continue;
            };
            let span = head.name.span();
            let from = from.unwrap_or_else(|| inverse(self.entity, span));
            let far = head.target.segments.last().map_or(self.entity, |last| &last.ident);
            let to = to.unwrap_or_else(|| inverse(far, span));
            let group = group.unwrap_or_else(|| head.name.clone());
            let relation = Relation::new(head, group, Kind::ManyToMany(through, from, to));
            let [filter, order_by, link_order_by] = [filter, order_by, link_order_by].map(|said| said.map(Into::into));
            self.out.push(Relation { filter, order_by, link_order_by, load, on_delete, ..relation });
        }
    }
}

//! Relations of an entity.

use crate::errors::Errors;
use crate::names::{ident, plural, snake};
use crate::read::{BelongsTo, HasMany, ManyToMany, OwnBelongsTo};
use proc_macro2::{Ident, Span};
use syn::Path;
use syn::ext::IdentExt;

pub(crate) struct Relation {
    pub(crate) name: Ident,
    pub(crate) target: Path,
    /// The group's method that goes along it.
    pub(crate) group: Ident,
    pub(crate) kind: Kind,
}

pub(crate) enum Kind {
    /// The fields that hold the key of the target.
    BelongsTo(Vec<Ident>),
    /// The relation of the target that leads back.
    HasMany(Ident),
    /// The linking entity, and its relations to the near and to the far end.
    ManyToMany(Path, Ident, Ident),
}

impl Relation {
    /// A `belongs_to` that stands on its field.
    pub(crate) fn own(own: OwnBelongsTo, field: &Ident) -> Self {
        let group = own.group.unwrap_or_else(|| one_to_group(&own.head.name));
        Self { name: own.head.name, target: own.head.target, group, kind: Kind::BelongsTo(vec![field.clone()]) }
    }

    /// The fields that it names.
    pub(crate) fn fields(&self) -> &[Ident] {
        match &self.kind {
            Kind::BelongsTo(fields) => fields,
            Kind::HasMany(_) | Kind::ManyToMany(..) => &[],
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

/// The relations that stand on the struct.
pub(crate) fn lower(
    (belongs_to, has_many, many_to_many): (Vec<BelongsTo>, Vec<HasMany>, Vec<ManyToMany>),
    entity: &Ident,
    out: &mut Vec<Relation>,
    errors: &mut Errors,
) {
    for BelongsTo { head, by, group } in belongs_to {
        let group = group.unwrap_or_else(|| one_to_group(&head.name));
        let Some(by) = by else {
            let name = head.name.unraw();
            errors.at(&head.name, format_args!("say which fields hold the key: `by = {name}_id`"));
            continue;
        };
        out.push(Relation { name: head.name, target: head.target, group, kind: Kind::BelongsTo(by.0) });
    }
    for HasMany { head, by, group } in has_many {
        let by = by.unwrap_or_else(|| inverse(entity, head.name.span()));
        let group = group.unwrap_or_else(|| head.name.clone());
        out.push(Relation { name: head.name, target: head.target, group, kind: Kind::HasMany(by) });
    }
    for ManyToMany { head, through, from, to, group } in many_to_many {
        let Some(through) = through else {
            errors.at(&head.name, "say which entity links the two: `through = ..`");
            continue;
        };
        let span = head.name.span();
        let from = from.unwrap_or_else(|| inverse(entity, span));
        let far = head.target.segments.last().map_or(entity, |last| &last.ident);
        let to = to.unwrap_or_else(|| inverse(far, span));
        let group = group.unwrap_or_else(|| head.name.clone());
        out.push(Relation { name: head.name, target: head.target, group, kind: Kind::ManyToMany(through, from, to) });
    }
}

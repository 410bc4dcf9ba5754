//! The rules of entities.

use crate::errors::Errors;
use crate::model::{Entity, Kind};
use std::collections::HashMap;
use syn::Expr;
use syn::ext::IdentExt;

pub(crate) fn entity(entity: &Entity, errors: &mut Errors) {
    // What could not be read may have said so.
    if !errors.any() {
        names_its_table(entity, errors);
        has_a_key(entity, errors);
    }
    stores_its_key(entity, errors);
    transient_is_alone(entity, errors);
    embeds_only(entity, errors);
    refers_by_its_own_fields(entity, errors);
    refers_to_a_column_by_one_field(entity, errors);
    orders_many(entity, errors);
    joins_by_key(entity, errors);
    names_are_distinct(entity, errors);
    traversals_are_distinct(entity, errors);
    traversals_are_free(entity, errors);
    group_and_columns_differ(entity, errors);
    super::rules::rules(entity, errors);
}

fn names_its_table(entity: &Entity, errors: &mut Errors) {
    if entity.table.is_none() {
        let words = "say where it is stored: `#[entity(table = schema::..)]`, the module that `table!` makes";
        errors.at(&entity.ident, words);
    }
}

fn has_a_key(entity: &Entity, errors: &mut Errors) {
    if entity.whole && entity.fields.iter().all(|field| field.key.is_none()) {
        errors.at(&entity.ident, "an entity has a key: mark its field (or several) with `#[entity(key)]`");
    }
    if let Some(seventh) = entity.key().nth(6) {
        errors.at(&seventh.ident, "a key has at most six fields");
    }
}

fn stores_its_key(entity: &Entity, errors: &mut Errors) {
    for field in &entity.fields {
        if let (Some(_), Some(transient)) = (field.key, field.transient) {
            errors.at_span(transient, "a key is stored: drop `transient`");
        }
    }
}

fn transient_is_alone(entity: &Entity, errors: &mut Errors) {
    for field in &entity.fields {
        let Some(transient) = field.transient else { continue };
        if field.refers {
            errors.at_span(transient, "a field that is not stored cannot belong to anything: drop `transient`");
        } else if field.renamed {
            errors.at_span(transient, "a field that is not stored has no column: drop `transient` or `column`");
        }
    }
}

fn embeds_only(entity: &Entity, errors: &mut Errors) {
    for field in entity.fields.iter().filter(|field| field.embed.is_some()) {
        let what = if field.key.is_some() {
            "cannot be the key: mark fields that are one column each"
        } else if field.transient.is_some() {
            "is stored: drop `transient` or `embed`"
        } else if field.refers {
            "cannot belong to anything: a relation goes over fields that are one column each"
        } else if field.renamed {
            "has several columns: `embed(..)` names them, drop `column`"
        } else {
            continue;
        };
        errors.at(&field.ident, format_args!("an embedded struct {what}"));
    }
}

fn refers_by_its_own_fields(entity: &Entity, errors: &mut Errors) {
    for relation in &entity.relations {
        let Kind::BelongsTo(fields, _) = &relation.kind else { continue };
        for field in fields.iter().filter(|field| entity.field(field).is_none()) {
            let stored = entity.fields.iter().all(|known| known.ident != *field);
            if stored {
                errors.at(field, format_args!("`{}` has no field `{field}`", entity.ident));
            } else if entity.stored().any(|known| known.ident == *field) {
                let words = "an embedded struct cannot belong to anything: a relation goes over fields that are one column each";
                errors.at(field, words);
            }
        }
        if let Some(fourth) = fields.get(3) {
            errors.at(fourth, "a relation goes over at most three fields");
        }
        if fields.is_empty() {
            errors.at(&relation.name, "say which fields hold the key: `by = (..)`");
        }
    }
}

fn refers_to_a_column_by_one_field(entity: &Entity, errors: &mut Errors) {
    for relation in &entity.relations {
        let Kind::BelongsTo(fields, to) = &relation.kind else { continue };
        match (to.as_slice(), fields.as_slice()) {
            ([_, second, ..], _) => errors.at(second, "`to` names one column; several are the key: drop `to`"),
            ([to], [_, _, ..]) => errors.at(to, "one field refers to one column: name one with `by`, or drop `to`"),
            _ => {}
        }
    }
}

fn orders_many(entity: &Entity, errors: &mut Errors) {
    for relation in &entity.relations {
        if let (Kind::HasOne(_), Some(order)) = (&relation.kind, &relation.order_by) {
            let words = "a `has_one` has one row, in no order: say `has_many`, and `limit = 1` where it is shown";
            errors.at(order, words);
        }
        for order in [&relation.order_by, &relation.link_order_by].into_iter().flatten() {
            orders_by_few(order, errors);
        }
    }
}

/// At least one term, at most four.
pub(super) fn orders_by_few(order: &Expr, errors: &mut Errors) {
    if let Expr::Tuple(terms) = order {
        match terms.elems.iter().nth(4) {
            Some(fifth) => errors.at(fifth, "at most four terms order the rows of a relation"),
            None if terms.elems.is_empty() => errors.at(terms, "say by what: `column.asc()` or `column.desc()`"),
            None => {}
        }
    }
}

fn joins_by_key(entity: &Entity, errors: &mut Errors) {
    for relation in &entity.relations {
        let Some(load) = relation.load.as_ref().filter(|load| load.is_join()) else { continue };
        let why = match &relation.kind {
            Kind::BelongsTo(_, to) => match to.first() {
                None => continue,
                Some(to) => format!("`to` names another column, `{to}`"),
            },
            _ => format!("`{}` is none", relation.name),
        };
        let words = "`join` is for a `belongs_to` by the key of the other entity, and";
        errors.at(&load.0, format_args!("{words} {why}: load it by `subselect`, or by `keys`, which is the default"));
    }
}

fn names_are_distinct(entity: &Entity, errors: &mut Errors) {
    let mut seen = HashMap::new();
    for field in &entity.fields {
        seen.insert(field.ident.unraw().to_string(), "field");
    }
    for relation in &entity.relations {
        let name = relation.name.unraw().to_string();
        if let Some(what) = seen.insert(name, "relation") {
            let words =
                format!("`{}` already has a {what} `{}`: give the relation another name", entity.ident, relation.name);
            errors.at(&relation.name, words);
        }
    }
}

fn traversals_are_distinct(entity: &Entity, errors: &mut Errors) {
    let mut seen = HashMap::new();
    for relation in &entity.relations {
        if let Some(other) = seen.insert(relation.group.unraw().to_string(), &relation.name) {
            if *other == relation.name {
                continue;
            }
            let words = format!(
                "`{}` already leads along `{other}` by `{}()`: choose another name with `group = ..`",
                entity.group, relation.group
            );
            errors.at(&relation.group, words);
        }
    }
}

/// The methods of every group.
const TAKEN: [&str; 16] = [
    "all",
    "along",
    "count",
    "deref",
    "exists",
    "filter",
    "from_keys",
    "group",
    "limit",
    "limit_per",
    "of",
    "offset",
    "order_by",
    "select",
    "union",
    "view",
];

fn traversals_are_free(entity: &Entity, errors: &mut Errors) {
    for relation in &entity.relations {
        let name = relation.group.unraw().to_string();
        if TAKEN.contains(&name.as_str()) {
            let words = format!("every group has a method `{name}`: choose another name with `group = ..`");
            errors.at(&relation.group, words);
        }
    }
}

fn group_and_columns_differ(entity: &Entity, errors: &mut Errors) {
    let names = [&entity.ident, &entity.group, &entity.columns];
    if names[0] == names[1] || names[1] == names[2] {
        errors.at(names[1], "the group needs a name of its own: `#[entity(group = ..)]`");
    } else if names[0] == names[2] {
        errors.at(names[2], "the columns need a name of their own: `#[entity(columns = ..)]`");
    }
}

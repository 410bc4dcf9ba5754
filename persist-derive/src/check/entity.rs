//! The rules of entities.

use super::view::mention;
use crate::errors::Errors;
use crate::model::{Entity, Field, Kind};
use crate::read::TableAs;
use proc_macro2::Span;
use quote::ToTokens;
use std::collections::HashMap;
use syn::Expr;
use syn::ext::IdentExt;

pub(crate) fn entity(entity: &Entity, errors: &mut Errors) {
    // What could not be read may have said so.
    if !errors.any() {
        names_its_table(entity, errors);
        has_a_key(entity, errors);
    }
    names_its_table_once(entity, errors);
    stores_its_key(entity, errors);
    transient_is_alone(entity, errors);
    embeds_only(entity, errors);
    holds_rows_of_relations(entity, errors);
    holds_rows_only(entity, errors);
    does_not_contain_itself(entity, errors);
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
        let words = "say where it is stored: `#[entity(table = schema::..)]`, the module that `table!` makes, or its name, \
                     `#[entity(table = \"..\")]`";
        errors.at(&entity.ident, words);
    }
}

fn names_its_table_once(entity: &Entity, errors: &mut Errors) {
    let Some(TableAs::Named(name)) = &entity.table else { return };
    if let Some(other) = &entity.renamed {
        errors.at(other, format_args!("the table is called {:?} already: drop `name`", name.value()));
    }
    if name.value().is_empty() {
        errors.at(name, "a table has a name: `table = \"bugs\"`");
    } else if let Some((schema, table)) = name.value().split_once('.') {
        let words =
            format_args!("this is one name: for a table of a schema say `table = {table:?}, schema = {schema:?}`");
        errors.at(name, words);
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

fn holds_rows_of_relations(entity: &Entity, errors: &mut Errors) {
    for field in entity.fields.iter().filter(|field| field.held.is_none()) {
        let Some((said, at)) = field.keeps else { continue };
        let name = field.ident.unraw();
        if entity.relations.iter().any(|relation| relation.name.unraw() == name) {
            continue;
        }
        let words = format!(
            "`{said}` is for a field that holds the rows of a relation of its name, and `{}` has no relation `{name}`: \
             declare it on the struct, `#[entity(has_many({name}: ..))]`, or drop `{said}`",
            entity.ident.unraw()
        );
        errors.at_span(at, words);
    }
}

/// What is said of a field that only a column, or something that is not stored, can be.
fn said_of_a_column(field: &Field) -> Option<(&'static str, Span)> {
    let here = field.ident.span();
    let rule = || field.rules.first().map(|(at, rule)| (rule.word(), *at));
    let marked = [("key", field.key), ("transient", field.transient), ("generated", field.generated)];
    let marked = marked.into_iter().find_map(|(word, at)| Some((word, at?)));
    let said = [("embed", field.embed.is_some()), ("belongs_to", field.refers), ("column", field.renamed)];
    marked.or_else(rule).or_else(|| said.into_iter().find_map(|(word, said)| said.then_some((word, here))))
}

fn holds_rows_only(entity: &Entity, errors: &mut Errors) {
    for field in entity.fields.iter().filter(|field| field.held.is_some()) {
        if let Some((word, at)) = said_of_a_column(field) {
            let name = field.ident.unraw();
            let words = format!(
                "`{name}` holds the rows of the relation `{name}`, which are no column: drop `{word}`, or give the relation \
                 another name"
            );
            errors.at_span(at, words);
        }
    }
}

fn does_not_contain_itself(entity: &Entity, errors: &mut Errors) {
    for field in entity.collections() {
        if let Some(name) = mention(field.ty.to_token_stream(), &entity.ident) {
            let words = format!(
                "an entity cannot contain itself: `{0}` leads back to `{0}`, without end; give the relation another name than \
                 the field, and hold the rows in a view, as a tree: `#[view(depth = 3)]` or `#[view(recursive)]`",
                entity.ident.unraw()
            );
            errors.at(name, words);
        }
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
            } else if entity.collections().any(|known| known.ident == *field) {
                errors.at(field, format_args!("`{field}` holds rows of another table: a relation goes over columns"));
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
            // A field of the name holds the rows.
            if what == "field" && matches!(relation.kind, Kind::HasOne(_) | Kind::HasMany(_)) {
                continue;
            }
            if what == "field" && matches!(relation.kind, Kind::ManyToMany(..)) {
                let words = "an entity holds rows of its own, and others share these: give the relation another name than the \
                             field, and show the rows in a view";
                errors.at(&relation.name, words);
                continue;
            }
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

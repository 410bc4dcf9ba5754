//! The rules of how an entity's rows are written.

use crate::errors::Errors;
use crate::model::{Entity, Rule};
use crate::read::FieldList;
use proc_macro2::Ident;
use syn::ext::IdentExt;

pub(super) fn rules(entity: &Entity, errors: &mut Errors) {
    follows_one_rule_each(entity, errors);
    rules_stand_on_columns(entity, errors);
    keeps_its_key(entity, errors);
    has_one_revision(entity, errors);
    names_its_columns(entity, errors);
    keeps_several_together(entity, errors);
    keeps_no_key_together(entity, errors);
    deletes_whole_relations(entity, errors);
}

fn follows_one_rule_each(entity: &Entity, errors: &mut Errors) {
    for field in &entity.fields {
        let [(_, first), (at, second), ..] = field.rules.as_slice() else { continue };
        let words = match (first, second) {
            (Rule::Guard(_), Rule::Counter(_)) => {
                "a guarded column changes only from what was read, and a counter from whatever it is: drop one of the two"
            }
            (Rule::Guard(_) | Rule::Counter(_), Rule::Updated(_)) => {
                "every write of its row makes the column something else, whatever it was: drop `updated` or what is beside it"
            }
            _ => "the revision is raised by every write, and not written otherwise: drop `lock` or what is beside it",
        };
        errors.at_span(*at, words);
    }
}

fn rules_stand_on_columns(entity: &Entity, errors: &mut Errors) {
    for field in &entity.fields {
        let ruled = field.rules.first().map(|(at, rule)| (*at, rule.word()));
        let Some((at, word)) = ruled.or(field.generated.map(|at| (at, "generated"))) else { continue };
        if field.transient.is_some() {
            errors.at_span(at, format_args!("a field that is not stored is not written: drop `transient` or `{word}`"));
        } else if field.embed.is_some() {
            let words = format!(
                "`{word}` is for fields that are one column each, and an embedded struct is several: make that column a \
                 field of the entity"
            );
            errors.at_span(at, words);
        }
    }
}

fn keeps_its_key(entity: &Entity, errors: &mut Errors) {
    for field in entity.fields.iter().filter(|field| field.key.is_some()) {
        if let Some((at, rule)) = field.rules.first() {
            errors.at_span(*at, format_args!("a key never changes: drop `key` or `{}`", rule.word()));
        }
    }
}

fn has_one_revision(entity: &Entity, errors: &mut Errors) {
    let locks = entity.fields.iter().flat_map(|field| &field.rules).filter(|(_, rule)| matches!(rule, Rule::Lock));
    for (at, _) in locks.skip(1) {
        errors.at_span(*at, "a row has one revision: mark one field with `lock`");
    }
    let times =
        entity.fields.iter().flat_map(|field| &field.rules).filter(|(_, rule)| matches!(rule, Rule::Updated(_)));
    for (at, _) in times.skip(1) {
        errors.at_span(*at, "one column says when its row was written: mark one field with `updated`");
    }
}

fn lists(entity: &Entity) -> impl Iterator<Item = (&'static str, &FieldList)> {
    let together = entity.together.iter().map(|list| ("together", list));
    together.chain(entity.unique.iter().map(|list| ("unique", list)))
}

fn names_its_columns(entity: &Entity, errors: &mut Errors) {
    for (word, FieldList { at, fields }) in lists(entity) {
        if fields.is_empty() {
            errors.at_span(*at, format_args!("say which fields: `{word}(..)`"));
        }
        let mut seen: Vec<&Ident> = Vec::new();
        for field in fields {
            if seen.contains(&field) {
                errors.at(field, format_args!("`{field}` is named twice: drop one"));
            }
            seen.push(field);
            if entity.field(field).is_some() {
                continue;
            }
            let known = entity.fields.iter().find(|known| known.ident == *field);
            let words = match known {
                None => format!("`{}` has no field `{}`", entity.ident, field.unraw()),
                Some(known) if known.transient.is_some() => {
                    format!("`{}` is not stored: `{word}` is about columns", field.unraw())
                }
                Some(known) if known.held.is_some() => {
                    format!("`{}` holds rows of another table: `{word}` is about columns", field.unraw())
                }
                Some(_) => format!("`{}` is several columns: `{word}` names fields that are one each", field.unraw()),
            };
            errors.at(field, words);
        }
    }
}

fn keeps_several_together(entity: &Entity, errors: &mut Errors) {
    for FieldList { fields, .. } in &entity.together {
        if let [only] = fields.as_slice() {
            errors.at(only, "one column has nothing to be together with: name another one, or mark it with `guard`");
        }
    }
}

fn keeps_no_key_together(entity: &Entity, errors: &mut Errors) {
    for field in entity.together.iter().flat_map(|list| &list.fields) {
        if entity.key().any(|key| key.ident == *field) {
            errors.at(field, "a key never changes, whatever is written beside it: leave it out");
        }
    }
}

fn deletes_whole_relations(entity: &Entity, errors: &mut Errors) {
    for relation in &entity.relations {
        if let (Some(on_delete), Some(_)) = (&relation.on_delete, &relation.filter) {
            let words = "a row that goes is referred to by all that refer to it, and this relation has a `filter`: say \
                         `on_delete` of a relation without one";
            errors.at(&on_delete.0, words);
        }
    }
}

//! The rules of enums of views.

use crate::errors::Errors;
use crate::model::Mixed;
use std::collections::HashSet;
use syn::ext::IdentExt;

pub(crate) fn mixed(mixed: &Mixed, errors: &mut Errors) {
    // A variant that could not be read has said so.
    if !errors.any() {
        has_kinds(mixed, errors);
    }
    common_once(mixed, errors);
    renames_common_columns(mixed, errors);
    names_differ(mixed, errors);
}

fn has_kinds(mixed: &Mixed, errors: &mut Errors) {
    if mixed.kinds.is_empty() {
        errors.at(&mixed.ident, "an enum of views has a variant for each kind: `Person(PersonLine)`");
    }
}

fn common_once(mixed: &Mixed, errors: &mut Errors) {
    let mut seen = HashSet::new();
    for (name, _) in &mixed.common {
        if !seen.insert(name.unraw()) {
            errors.at(name, format_args!("there is a common column `{name}` already"));
        }
    }
}

fn renames_common_columns(mixed: &Mixed, errors: &mut Errors) {
    for (name, _) in mixed.kinds.iter().flat_map(|kind| &kind.renamed) {
        if mixed.common.iter().all(|(common, _)| common != name) {
            let words = format!("`{name}` is no common column: declare it on the enum with `common({name}: ..)`");
            errors.at(name, words);
        }
    }
}

fn names_differ(mixed: &Mixed, errors: &mut Errors) {
    let names = [&mixed.ident, &mixed.group, &mixed.columns];
    if names[0] == names[1] || names[1] == names[2] {
        errors.at(names[1], "the group needs a name of its own: `#[view(group = ..)]`");
    } else if names[0] == names[2] {
        errors.at(names[2], "the columns need a name of their own: `#[view(columns = ..)]`");
    }
}

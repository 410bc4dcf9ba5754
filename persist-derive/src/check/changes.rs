//! The rules of patches.

use crate::errors::Errors;
use crate::model::Changes;

pub(crate) fn changes(changes: &Changes, errors: &mut Errors) {
    // What could not be read may have said so.
    if !errors.any() {
        names_its_entity(changes, errors);
        changes_something(changes, errors);
    }
}

fn names_its_entity(changes: &Changes, errors: &mut Errors) {
    if changes.of.is_none() {
        errors.at(&changes.ident, "say what it changes: `#[changes(of = ..)]` names an entity");
    }
}

fn changes_something(changes: &Changes, errors: &mut Errors) {
    if changes.whole && changes.fields.is_empty() {
        let words = "a patch changes something: declare columns of its entity as fields, `title: Change<String>`";
        errors.at(&changes.ident, words);
    }
}

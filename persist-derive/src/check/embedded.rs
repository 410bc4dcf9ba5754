//! The rules of embedded structs.

use crate::errors::Errors;
use crate::model::Embedded;

pub(crate) fn embedded(embedded: &Embedded, errors: &mut Errors) {
    has_fields(embedded, errors);
    columns_have_a_name(embedded, errors);
}

fn has_fields(embedded: &Embedded, errors: &mut Errors) {
    if embedded.whole && embedded.fields.is_empty() {
        errors.at(&embedded.ident, "an embedded struct is several columns: declare them as fields");
    }
}

fn columns_have_a_name(embedded: &Embedded, errors: &mut Errors) {
    if embedded.columns == embedded.ident {
        let words = "the columns need a name of their own: `#[embedded(columns = ..)]`";
        errors.at(&embedded.columns, words);
    }
}

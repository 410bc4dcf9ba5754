//! What `#[changes(..)]` says.

use super::view::Source;
use darling::FromMeta;
use darling::util::Flag;
use syn::Path;

/// On the struct.
#[derive(Default, FromMeta)]
#[darling(default)]
pub(crate) struct ChangesAttrs {
    pub(crate) of: Option<Path>,
    #[darling(rename = "crate")]
    pub(crate) krate: Option<Path>,
}

/// On a field.
#[derive(Default, FromMeta)]
#[darling(default)]
pub(crate) struct ChangesFieldAttrs {
    pub(crate) column: Option<Source>,
    pub(crate) add: Flag,
}

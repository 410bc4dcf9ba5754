//! What `#[entity(..)]` says.

use super::embedded::EmbedAs;
use super::relation::{BelongsTo, HasMany, HasOne, ManyToMany, OwnBelongsTo};
use super::rules::{Counts, FieldList, GuardBy, UpdatedBy};
use super::view::{OrphansAs, PutAs, RemoveAs};
use darling::FromMeta;
use darling::util::{Flag, PreservedStrExpr};
use syn::{Expr, ExprGroup, ExprLit, ExprPath, Ident, Lit, LitStr, Path};

/// On the struct.
#[derive(Default, FromMeta)]
#[darling(default)]
pub(crate) struct EntityAttrs {
    pub(crate) table: Option<TableAs>,
    pub(crate) group: Option<Ident>,
    pub(crate) columns: Option<Ident>,
    pub(crate) name: Option<LitStr>,
    pub(crate) schema: Option<LitStr>,
    pub(crate) collation: Option<Collate>,
    pub(crate) changes: Option<Ident>,
    pub(crate) column_triggers: Flag,
    #[darling(rename = "crate")]
    pub(crate) krate: Option<Path>,
    #[darling(multiple)]
    pub(crate) has_one: Vec<HasOne>,
    #[darling(multiple)]
    pub(crate) has_many: Vec<HasMany>,
    #[darling(multiple)]
    pub(crate) many_to_many: Vec<ManyToMany>,
    #[darling(multiple)]
    pub(crate) belongs_to: Vec<BelongsTo>,
    #[darling(multiple)]
    pub(crate) together: Vec<FieldList>,
    #[darling(multiple)]
    pub(crate) unique: Vec<FieldList>,
}

/// On a field.
#[derive(Default, FromMeta)]
#[darling(default)]
pub(crate) struct EntityFieldAttrs {
    pub(crate) key: Flag,
    pub(crate) column: Option<Ident>,
    pub(crate) transient: Flag,
    pub(crate) embed: Option<EmbedAs>,
    pub(crate) generated: Flag,
    pub(crate) lock: Flag,
    pub(crate) guard: Option<GuardBy>,
    pub(crate) counter: Option<Counts>,
    pub(crate) updated: Option<UpdatedBy>,
    pub(crate) by: Option<PreservedStrExpr>,
    pub(crate) value: Option<PreservedStrExpr>,
    pub(crate) position: Option<PreservedStrExpr>,
    pub(crate) put: Option<PutAs>,
    pub(crate) remove: Option<RemoveAs>,
    pub(crate) orphans: Option<OrphansAs>,
    #[darling(multiple)]
    pub(crate) belongs_to: Vec<OwnBelongsTo>,
}

/// `table = schema::bugs`, or `table = "bugs"`.
pub(crate) enum TableAs {
    /// The module that `table!` made.
    Module(Path),
    /// Its name in the store; the types of its columns are those of the fields.
    Named(LitStr),
}

impl FromMeta for TableAs {
    fn from_expr(expr: &Expr) -> darling::Result<Self> {
        match expr {
            Expr::Path(ExprPath { path, qself: None, .. }) => Ok(Self::Module(path.clone())),
            Expr::Lit(ExprLit { lit: Lit::Str(name), .. }) => Ok(Self::Named(name.clone())),
            // What a macro by example hands on.
            Expr::Group(ExprGroup { expr, .. }) => Self::from_expr(expr),
            _ => {
                let words =
                    "a table is a module that `table!` made, `table = schema::bugs`, or a name, `table = \"bugs\"`";
                Err(darling::Error::custom(words).with_span(expr))
            }
        }
    }
}

/// `collation = native` or `collation = portable`.
#[derive(Default, Clone, Copy)]
pub(crate) enum Collate {
    #[default]
    Portable,
    Native,
}

impl FromMeta for Collate {
    fn from_expr(expr: &syn::Expr) -> darling::Result<Self> {
        match Ident::from_expr(expr) {
            Ok(word) if word == "portable" => Ok(Self::Portable),
            Ok(word) if word == "native" => Ok(Self::Native),
            _ => Err(darling::Error::custom("a collation is `portable` or `native`").with_span(expr)),
        }
    }
}

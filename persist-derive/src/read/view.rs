//! What `#[view(..)]` says.

use super::load::Load;
use darling::util::{Flag, PreservedStrExpr};
use darling::{Error, FromMeta, Result};
use proc_macro2::Span;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, ExprField, Ident, Member, Meta, Path, Token, Type};

/// On the struct.
#[derive(Default, FromMeta)]
#[darling(default)]
pub(crate) struct ViewAttrs {
    pub(crate) of: Option<Path>,
    pub(crate) budget: Option<PreservedStrExpr>,
    pub(crate) edges: Option<EdgesName>,
    pub(crate) edit: Option<EditAs>,
    #[darling(rename = "crate")]
    pub(crate) krate: Option<Path>,
}

/// On a field.
#[derive(Default, FromMeta)]
#[darling(default)]
pub(crate) struct ViewFieldAttrs {
    pub(crate) from: Option<Source>,
    pub(crate) flatten: Flag,
    pub(crate) as_ref: Option<AsRefs>,
    pub(crate) filter: Option<PreservedStrExpr>,
    pub(crate) order_by: Option<PreservedStrExpr>,
    pub(crate) link_order_by: Option<PreservedStrExpr>,
    pub(crate) by: Option<PreservedStrExpr>,
    pub(crate) value: Option<PreservedStrExpr>,
    pub(crate) position: Option<PreservedStrExpr>,
    pub(crate) put: Option<PutAs>,
    pub(crate) remove: Option<RemoveAs>,
    pub(crate) orphans: Option<OrphansAs>,
    pub(crate) limit: Option<PreservedStrExpr>,
    pub(crate) load: Option<Load>,
    pub(crate) count: Option<Whole>,
    pub(crate) exists: Option<Whole>,
    pub(crate) min: Option<OfColumn>,
    pub(crate) max: Option<OfColumn>,
    pub(crate) sum: Option<OfColumn>,
    pub(crate) avg: Option<OfColumn>,
    pub(crate) with: Option<PreservedStrExpr>,
    pub(crate) compute: Option<PreservedStrExpr>,
    pub(crate) depth: Option<PreservedStrExpr>,
    pub(crate) recursive: Flag,
}

/// `title`, or `home.city` for a field of an embedded struct.
pub(crate) struct Source {
    pub(crate) field: Ident,
    pub(crate) within: Vec<Ident>,
}

impl FromMeta for Source {
    fn from_expr(expr: &Expr) -> Result<Self> {
        if let Expr::Field(ExprField { base, member: Member::Named(part), .. }) = expr {
            let mut source = Self::from_expr(base)?;
            source.within.push(part.clone());
            return Ok(source);
        }
        Ident::from_expr(expr).map(|field| Self { field, within: Vec::new() })
    }
}

/// `as_ref`, or `as_ref(BugLine, BugTitle)`: which views the flattened one can be had as; none named: as itself.
pub(crate) struct AsRefs {
    pub(crate) at: Span,
    pub(crate) views: Vec<Type>,
}

impl FromMeta for AsRefs {
    fn from_meta(item: &Meta) -> Result<Self> {
        let words = "`as_ref` names views that the flattened one holds: `as_ref`, or `as_ref(BugLine)`";
        let at = item.path().span();
        let parse = Punctuated::<Type, Token![,]>::parse_terminated;
        match item {
            Meta::Path(_) => Ok(Self { at, views: Vec::new() }),
            Meta::List(list) => match list.parse_args_with(parse) {
                Ok(views) if !views.is_empty() => Ok(Self { at, views: views.into_iter().collect() }),
                _ => Err(Error::custom(words).with_span(item)),
            },
            Meta::NameValue(_) => Err(Error::custom(words).with_span(item)),
        }
    }
}

/// `edit`, or `edit = part`.
#[derive(Clone, Copy)]
pub(crate) struct EditAs {
    pub(crate) at: Span,
    /// Only as a part of other views.
    pub(crate) part: bool,
}

impl FromMeta for EditAs {
    fn from_meta(item: &Meta) -> Result<Self> {
        let at = item.path().span();
        match item {
            Meta::Path(_) => Ok(Self { at, part: false }),
            Meta::NameValue(said) if Ident::from_expr(&said.value).is_ok_and(|word| word == "part") => {
                Ok(Self { at, part: true })
            }
            _ => {
                let words = "a view is edited by itself, `edit`, or as a part of those that flatten it, `edit = part`";
                Err(Error::custom(words).with_span(item))
            }
        }
    }
}

/// `put = any`, or `put = equal`; the word is the user's.
pub(crate) struct PutAs(pub(crate) Ident);

impl FromMeta for PutAs {
    fn from_expr(expr: &Expr) -> Result<Self> {
        match Ident::from_expr(expr) {
            Ok(word) if ["any", "equal"].iter().any(|known| word == known) => Ok(Self(word)),
            _ => {
                let words = "`put` is `any` (a new row takes the place of one that is there) or `equal` (a changed row is what \
                             was read); without it a new row was not there, and a changed one is written where it differs";
                Err(Error::custom(words).with_span(expr))
            }
        }
    }
}

/// `remove = equal`; the word is the user's.
pub(crate) struct RemoveAs(pub(crate) Ident);

impl FromMeta for RemoveAs {
    fn from_expr(expr: &Expr) -> Result<Self> {
        match Ident::from_expr(expr) {
            Ok(word) if word == "equal" => Ok(Self(word)),
            _ => {
                let words =
                    "`remove` is `equal` (a row goes if it is what was read); without it a row goes whatever it holds";
                Err(Error::custom(words).with_span(expr))
            }
        }
    }
}

/// `orphans = nullify`, or `orphans = image_property::deleted`.
pub(crate) struct OrphansAs {
    pub(crate) expr: Expr,
    /// They refer to nothing; else they are marked, in this column.
    pub(crate) nullify: bool,
}

impl FromMeta for OrphansAs {
    fn from_expr(expr: &Expr) -> Result<Self> {
        let nullify = Ident::from_expr(expr).is_ok_and(|word| word == "nullify");
        match expr {
            Expr::Path(_) => Ok(Self { expr: expr.clone(), nullify }),
            _ => {
                let words = "`orphans` is `nullify` (rows that are taken out refer to nothing) or the column that says that a row \
                             is deleted; without it they are deleted";
                Err(Error::custom(words).with_span(expr))
            }
        }
    }
}

/// `edges`, or `edges = hot_bug`.
pub(crate) struct EdgesName(pub(crate) Option<Ident>);

impl FromMeta for EdgesName {
    fn from_word() -> Result<Self> {
        Ok(Self(None))
    }

    fn from_expr(expr: &Expr) -> Result<Self> {
        let words = "`edges` names the type of the view's edges: `edges = hot_bug`";
        Ident::from_expr(expr).map(|name| Self(Some(name))).map_err(|_| Error::custom(words).with_span(expr))
    }
}

/// `count(subscribers)`: a relation.
pub(crate) struct Whole(pub(crate) Ident);

/// `max(comments, comment::heat)`: a relation, and a column of the entity it leads to.
pub(crate) struct OfColumn(pub(crate) Ident, pub(crate) Expr);

/// What the attribute is called.
fn word(item: &Meta) -> String {
    item.path().get_ident().map(ToString::to_string).unwrap_or_default()
}

impl FromMeta for Whole {
    fn from_meta(item: &Meta) -> Result<Self> {
        let word = word(item);
        let words = format!("`{word}` names one relation: `{word}(comments)`");
        match item {
            Meta::List(list) => list.parse_args().map(Self).map_err(|_| Error::custom(words).with_span(item)),
            other => Err(Error::custom(words).with_span(other)),
        }
    }
}

impl FromMeta for OfColumn {
    fn from_meta(item: &Meta) -> Result<Self> {
        let word = word(item);
        let words = format!("`{word}` names a relation and a column: `{word}(comments, comment::heat)`");
        let parse = |input: ParseStream<'_>| {
            let relation = input.parse()?;
            input.parse::<Token![,]>()?;
            let column = input.parse()?;
            input.parse::<Option<Token![,]>>()?;
            Ok(Self(relation, column))
        };
        match item {
            Meta::List(list) => list.parse_args_with(parse).map_err(|_| Error::custom(words).with_span(item)),
            other => Err(Error::custom(words).with_span(other)),
        }
    }
}

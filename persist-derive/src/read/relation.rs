//! What `has_many(..)`, `many_to_many(..)` and `belongs_to(..)` say: `name: Entity`, then options.

use super::load::Load;
use super::rules::OnDelete;
use darling::ast::NestedMeta;
use darling::util::PreservedStrExpr;
use darling::{Error, FromMeta, Result};
use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Ident, Meta, Path, Token};

/// `name: Target`, at the head of every relation.
pub(crate) struct Head {
    pub(crate) name: Ident,
    pub(crate) target: Path,
}

fn parse<T: FromMeta>(item: &Meta, example: &str) -> Result<(Head, T)> {
    let shape = || format!("a relation is a name and an entity: `{example}`");
    let Meta::List(list) = item else { return Err(Error::custom(shape()).with_span(item)) };
    let head = |input: ParseStream<'_>| -> syn::Result<(Head, TokenStream)> {
        let name = input.parse().map_err(|error| syn::Error::new(error.span(), shape()))?;
        input.parse::<Token![:]>().map_err(|_| syn::Error::new_spanned(&name, shape()))?;
        let target = input.parse().map_err(|error| syn::Error::new(error.span(), shape()))?;
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
        Ok((Head { name, target }, input.parse()?))
    };
    let (head, rest) = head.parse2(list.tokens.clone()).map_err(Error::from)?;
    let options = T::from_list(&NestedMeta::parse_meta_list(rest).map_err(Error::from)?)?;
    Ok((head, options))
}

/// `has_many(comments: Comment, by = bug, group = all_comments, filter = .., order_by = .., on_delete = cascade)`;
/// `has_one(..)` likewise.
pub(crate) struct HasMany {
    pub(crate) head: Head,
    pub(crate) options: HasManyOptions,
}

#[derive(FromMeta)]
pub(crate) struct HasManyOptions {
    pub(crate) by: Option<Ident>,
    pub(crate) group: Option<Ident>,
    pub(crate) load: Option<Load>,
    pub(crate) filter: Option<PreservedStrExpr>,
    pub(crate) order_by: Option<PreservedStrExpr>,
    pub(crate) on_delete: Option<OnDelete>,
}

impl FromMeta for HasMany {
    fn from_meta(item: &Meta) -> Result<Self> {
        let (head, options) = parse(item, "has_many(comments: Comment)")?;
        Ok(Self { head, options })
    }
}

/// `has_one(profile: Profile, by = person, group = profiles, filter = ..)`.
pub(crate) struct HasOne(pub(crate) HasMany);

impl FromMeta for HasOne {
    fn from_meta(item: &Meta) -> Result<Self> {
        let (head, options) = parse(item, "has_one(profile: Profile)")?;
        Ok(Self(HasMany { head, options }))
    }
}

/// `many_to_many(subscribers: Person, through = BugSubscription, from = bug, to = person, group = .., filter = ..,
/// order_by = .., link_order_by = .., on_delete = cascade)`.
pub(crate) struct ManyToMany {
    pub(crate) head: Head,
    pub(crate) options: ManyToManyOptions,
}

#[derive(FromMeta)]
pub(crate) struct ManyToManyOptions {
    pub(crate) through: Option<Path>,
    pub(crate) from: Option<Ident>,
    pub(crate) to: Option<Ident>,
    pub(crate) group: Option<Ident>,
    pub(crate) load: Option<Load>,
    pub(crate) filter: Option<PreservedStrExpr>,
    pub(crate) order_by: Option<PreservedStrExpr>,
    pub(crate) link_order_by: Option<PreservedStrExpr>,
    pub(crate) on_delete: Option<OnDelete>,
}

impl FromMeta for ManyToMany {
    fn from_meta(item: &Meta) -> Result<Self> {
        let (head, options) = parse(item, "many_to_many(subscribers: Person, through = BugSubscription)")?;
        Ok(Self { head, options })
    }
}

/// `belongs_to(x: X, by = (a, b), to = code, group = ..)` on the struct.
pub(crate) struct BelongsTo {
    pub(crate) head: Head,
    pub(crate) by: Option<Fields>,
    pub(crate) to: Vec<Ident>,
    pub(crate) group: Option<Ident>,
    pub(crate) load: Option<Load>,
}

#[derive(FromMeta)]
struct BelongsToOptions {
    by: Option<Fields>,
    to: Option<Columns>,
    group: Option<Ident>,
    load: Option<Load>,
}

impl FromMeta for BelongsTo {
    fn from_meta(item: &Meta) -> Result<Self> {
        let (head, BelongsToOptions { by, to, group, load }) =
            parse(item, "belongs_to(distro: Distro, by = distro_id)")?;
        Ok(Self { head, by, to: to.map(|to| to.0).unwrap_or_default(), group, load })
    }
}

/// `belongs_to(distro: Distro, to = code, group = ..)` on a field.
pub(crate) struct OwnBelongsTo {
    pub(crate) head: Head,
    pub(crate) to: Vec<Ident>,
    pub(crate) group: Option<Ident>,
    pub(crate) load: Option<Load>,
}

#[derive(FromMeta)]
struct OwnBelongsToOptions {
    to: Option<Columns>,
    group: Option<Ident>,
    load: Option<Load>,
}

impl FromMeta for OwnBelongsTo {
    fn from_meta(item: &Meta) -> Result<Self> {
        let (head, OwnBelongsToOptions { to, group, load }) = parse(item, "belongs_to(distro: Distro)")?;
        Ok(Self { head, to: to.map(|to| to.0).unwrap_or_default(), group, load })
    }
}

/// `code`, a column of the other entity. Several are read, to be refused.
struct Columns(Vec<Ident>);

impl FromMeta for Columns {
    fn from_expr(expr: &Expr) -> Result<Self> {
        let words = "`to` names a column of the other entity: `to = code`";
        idents(expr).map(Self).map_err(|_| Error::custom(words).with_span(expr))
    }
}

fn idents(expr: &Expr) -> Result<Vec<Ident>> {
    match expr {
        Expr::Tuple(tuple) => tuple.elems.iter().map(Ident::from_expr).collect(),
        Expr::Paren(paren) => Ident::from_expr(&paren.expr).map(|field| vec![field]),
        other => Ident::from_expr(other).map(|field| vec![field]),
    }
}

/// `a` or `(a, b)`.
pub(crate) struct Fields(pub(crate) Vec<Ident>);

impl FromMeta for Fields {
    fn from_expr(expr: &Expr) -> Result<Self> {
        let words = "`by` names a field, or several: `by = (major, minor)`";
        idents(expr).map(Self).map_err(|_| Error::custom(words).with_span(expr))
    }
}

//! A scalar: a newtype, or an enum without data.

use super::plain;
use crate::errors::Errors;
use crate::krate::Krate;
use crate::read::{self, ScalarAttrs, VariantAttrs};
use heck::{ToKebabCase, ToLowerCamelCase, ToShoutyKebabCase, ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::{Data, DataEnum, DeriveInput, Expr, Fields, Index, LitStr, Member, Type};

pub(crate) struct Scalar {
    pub(crate) krate: Krate,
    pub(crate) ident: Ident,
    pub(crate) shape: Shape,
}

pub(crate) enum Shape {
    /// One field.
    Newtype(Member, Box<Type>),
    /// Stored as text.
    Text(Vec<Variant>),
    /// Stored as an integer of this width.
    Integer(Ident, Vec<Variant>),
    /// Neither; said already.
    Odd,
}

pub(crate) struct Variant {
    pub(crate) ident: Ident,
    /// What is stored for it, as text.
    pub(crate) stored: String,
    /// Where `rename` is said.
    pub(crate) renamed: Option<LitStr>,
    pub(crate) discriminant: Option<Expr>,
    pub(crate) fields: Fields,
}

impl Scalar {
    pub(crate) fn lower(input: &DeriveInput, errors: &mut Errors) -> Option<Self> {
        if !plain(input, "a scalar", errors) {
            return None;
        }
        let attrs: ScalarAttrs = read::attributes("scalar", &input.attrs, errors);
        let krate = Krate::find(attrs.krate.as_ref());
        let shape = match &input.data {
            Data::Struct(data) => newtype(input, &data.fields, &attrs, errors),
            Data::Enum(data) => plain_enum(data, &attrs, errors),
            Data::Union(_) => {
                errors.at(&input.ident, "a scalar is a newtype or an enum without data, not a union");
                Shape::Odd
            }
        };
        Some(Self { krate, ident: input.ident.clone(), shape })
    }
}

fn newtype(input: &DeriveInput, fields: &Fields, attrs: &ScalarAttrs, errors: &mut Errors) -> Shape {
    if attrs.rename_all.is_some() || attrs.integer.is_some() {
        errors.at(&input.ident, "`rename_all` and `integer` are for enums: a newtype is stored as what it wraps");
    }
    let mut all = fields.iter();
    let (Some(field), None) = (all.next(), all.next()) else {
        let words = "a scalar is one value: wrap exactly one field, as in `struct BugId(i32);`";
        errors.at(&input.ident, words);
        return Shape::Odd;
    };
    let member = field.ident.clone().map_or(Member::Unnamed(Index::from(0)), Member::Named);
    Shape::Newtype(member, Box::new(field.ty.clone()))
}

fn plain_enum(data: &DataEnum, attrs: &ScalarAttrs, errors: &mut Errors) -> Shape {
    let case = attrs.rename_all.as_ref().map_or(Some(Case::Snake), |name| {
        let case = Case::named(&name.value());
        if case.is_none() {
            errors.at(name, format_args!("unknown case, there are {}", Case::NAMES));
        }
        case
    });
    let case = case.unwrap_or(Case::Snake);
    let mut variants = Vec::new();
    for variant in &data.variants {
        let VariantAttrs { rename } = read::attributes("scalar", &variant.attrs, errors);
        let stored = rename.as_ref().map_or_else(|| case.of(&variant.ident.unraw().to_string()), LitStr::value);
        variants.push(Variant {
            ident: variant.ident.clone(),
            stored,
            renamed: rename,
            discriminant: variant.discriminant.as_ref().map(|(_, value)| value.clone()),
            fields: variant.fields.clone(),
        });
    }
    match &attrs.integer {
        None => Shape::Text(variants),
        Some(width) => {
            if let Some(case) = &attrs.rename_all {
                errors.at(case, "an enum stored as an integer has no stored names: drop `rename_all` or `integer`");
            }
            let width = width.0.clone();
            Shape::Integer(width.unwrap_or_else(|| Ident::new("i32", proc_macro2::Span::call_site())), variants)
        }
    }
}

/// How the names of variants are written in the store.
#[derive(Clone, Copy)]
enum Case {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

impl Case {
    const NAMES: &'static str = "`lowercase`, `UPPERCASE`, `PascalCase`, `camelCase`, `snake_case`, \
                                 `SCREAMING_SNAKE_CASE`, `kebab-case` and `SCREAMING-KEBAB-CASE`";

    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "lowercase" => Self::Lower,
            "UPPERCASE" => Self::Upper,
            "PascalCase" => Self::Pascal,
            "camelCase" => Self::Camel,
            "snake_case" => Self::Snake,
            "SCREAMING_SNAKE_CASE" => Self::ScreamingSnake,
            "kebab-case" => Self::Kebab,
            "SCREAMING-KEBAB-CASE" => Self::ScreamingKebab,
            _ => return None,
        })
    }

    fn of(self, name: &str) -> String {
        match self {
            Self::Lower => name.to_lowercase(),
            Self::Upper => name.to_uppercase(),
            Self::Pascal => name.to_upper_camel_case(),
            Self::Camel => name.to_lower_camel_case(),
            Self::Snake => name.to_snake_case(),
            Self::ScreamingSnake => name.to_shouty_snake_case(),
            Self::Kebab => name.to_kebab_case(),
            Self::ScreamingKebab => name.to_shouty_kebab_case(),
        }
    }
}

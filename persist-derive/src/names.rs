//! Names made from names.

use heck::ToSnakeCase;
use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;

/// The plural of a name, by the rule that the documentation states: `y` after a consonant becomes `ies`; `s`, `x`,
/// `ch` and `sh` get `es`; everything else gets `s`.
pub(crate) fn plural(name: &str) -> String {
    if let Some(stem) = name.strip_suffix('y') {
        let vowel = stem.ends_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O', 'U']);
        if !vowel && !stem.is_empty() {
            return format!("{stem}ies");
        }
    }
    let hisses = ["s", "x", "ch", "sh"].iter().any(|end| name.ends_with(end));
    format!("{name}{}", if hisses { "es" } else { "s" })
}

/// `BugSubscription` as `bug_subscription`.
pub(crate) fn snake(ident: &Ident) -> String {
    ident.unraw().to_string().to_snake_case()
}

/// An identifier, raw where the name is a keyword.
pub(crate) fn ident(name: &str, span: Span) -> Ident {
    let keyword = syn::parse_str::<Ident>(name).is_err();
    if keyword { Ident::new_raw(name, span) } else { Ident::new(name, span) }
}

/// A type as documentation quotes it.
pub(crate) fn type_text(ty: &impl ToTokens) -> String {
    let mut text = ty.to_token_stream().to_string();
    for (spaced, tight) in [(" :: ", "::"), (":: ", "::"), (" < ", "<"), (" >", ">"), (" ,", ","), ("& ", "&")] {
        text = text.replace(spaced, tight);
    }
    text
}

/// The first and the last span of some tokens: what a message underlines from and to.
pub(crate) fn ends(tokens: &impl ToTokens) -> (Span, Span) {
    fn first(stream: TokenStream) -> Option<Span> {
        let tree = stream.into_iter().next()?;
        match &tree {
            proc_macro2::TokenTree::Group(group) if group.delimiter() == proc_macro2::Delimiter::None => {
                first(group.stream())
            }
            _ => Some(tree.span()),
        }
    }
    fn last(stream: TokenStream) -> Option<Span> {
        let tree = stream.into_iter().last()?;
        match &tree {
            proc_macro2::TokenTree::Group(group) if group.delimiter() == proc_macro2::Delimiter::None => {
                last(group.stream())
            }
            _ => Some(tree.span()),
        }
    }
    let stream = tokens.to_token_stream();
    let start = first(stream.clone()).unwrap_or_else(Span::call_site);
    (start, last(stream).unwrap_or(start))
}

#[cfg(test)]
mod tests {
    use super::plural;

    #[test]
    fn plurals_follow_the_rule() {
        for (one, many) in [
            ("Bug", "Bugs"),
            ("company", "companies"),
            ("day", "days"),
            ("Address", "Addresses"),
            ("box", "boxes"),
            ("Branch", "Branches"),
            ("y", "ys"),
        ] {
            assert_eq!(plural(one), many);
        }
    }
}

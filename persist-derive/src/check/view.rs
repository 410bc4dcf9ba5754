//! The rules of views.

use crate::errors::Errors;
use crate::model::{Show, View, ViewField};
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Expr, ExprLit, Lit};

pub(crate) fn view(view: &View, errors: &mut Errors) {
    // What could not be read may have said so.
    if !errors.any() {
        names_its_entity(view, errors);
    }
    edges_have_a_name_of_their_own(view, errors);
    shows_something(view, errors);
    shows_one_thing_each(view, errors);
    orders_relations_only(view, errors);
    loads_relations_only(view, errors);
    gives_flattened_views_only(view, errors);
    orders_by_few(view, errors);
    limits_to_some(view, errors);
    does_not_contain_itself(view, errors);
    goes_deep_in_relations_only(view, errors);
    goes_somewhere_deep(view, errors);
    goes_either_way_deep(view, errors);
    cuts_no_whole_tree(view, errors);
    edits_columns(view, errors);
    keeps_what_is_edited(view, errors);
}

/// Relations are refused by their types.
fn edits_columns(view: &View, errors: &mut Errors) {
    let Some(_) = view.edit else { return };
    for field in &view.fields {
        let what = match field.show {
            Show::Measure(_) => "an aggregate",
            Show::With(_) => "what a loader gives",
            Show::Named(_) | Show::Flatten | Show::Compute(_) => continue,
        };
        let words = format!(
            "{what} is neither a column nor a collection, and a view that says `edit` holds nothing else: drop the field or \
             `edit`; without a view, columns are changed by `Changes`: `context.apply`"
        );
        errors.at(&field.ident, words);
    }
}

fn keeps_what_is_edited(view: &View, errors: &mut Errors) {
    for (said, at) in view.fields.iter().filter_map(|field| field.keep.said()) {
        if view.edit.is_none() {
            let words = format_args!("`{said}` says how a collection is edited: say `edit` on the view, or drop it");
            errors.at_span(at, words);
        }
    }
}

fn names_its_entity(view: &View, errors: &mut Errors) {
    if view.of.is_none() {
        errors.at(&view.ident, "say what it is a view of: `#[view(of = ..)]` names an entity");
    }
}

fn edges_have_a_name_of_their_own(view: &View, errors: &mut Errors) {
    if let Some(edges) = view.edges.as_ref().filter(|edges| **edges == view.ident) {
        errors.at(edges, "the edges need a name of their own: `#[view(edges = ..)]`");
    }
}

fn shows_something(view: &View, errors: &mut Errors) {
    if view.whole && view.loaded().next().is_none() {
        errors.at(&view.ident, "a view shows something: declare a column or a relation of its entity as a field");
    }
}

fn shows_one_thing_each(view: &View, errors: &mut Errors) {
    for field in view.fields.iter().filter(|field| field.said > 1) {
        errors.at(
            &field.ident,
            "a field shows one thing: say one of `from`, `flatten`, `with`, `compute` and the aggregates",
        );
    }
}

/// What a field is that cannot be a relation, as the beginning of a sentence.
const fn no_relation(field: &ViewField) -> Option<&'static str> {
    match field.show {
        Show::Named(_) => None,
        Show::Flatten => Some("a flattened view has"),
        Show::Measure(_) => Some("an aggregate has"),
        Show::With(_) => Some("a field with a loader has"),
        Show::Compute(_) => Some("a computed field has"),
    }
}

fn orders_relations_only(view: &View, errors: &mut Errors) {
    for field in &view.fields {
        let Some(what) = no_relation(field) else { continue };
        for option in [&field.order_by, &field.link_order_by, &field.limit].into_iter().flatten() {
            errors.at(option, format_args!("{what} no `order_by` or `limit`: they are for relations to many rows"));
        }
        if let Some(by) = &field.by {
            errors.at(by, format_args!("{what} no `by`: it is for maps of the rows of a relation"));
        }
        if let Some(value) = &field.value {
            errors.at(
                value,
                format_args!("{what} no `value`: it is for collections of what a column of a relation holds"),
            );
        }
        if let Some((said, at)) = field.keep.said() {
            errors.at_span(at, format_args!("{what} no `{said}`: it is for collections of the rows of a relation"));
        }
        if let (Some(filter), Show::Flatten | Show::With(_) | Show::Compute(_)) = (&field.filter, &field.show) {
            errors.at(filter, format_args!("{what} no `filter`: it is for relations and counts"));
        }
    }
}

fn loads_relations_only(view: &View, errors: &mut Errors) {
    for field in &view.fields {
        let what = match field.show {
            Show::Named(_) if field.recursive.is_some() => "a whole tree comes by a statement of its own",
            Show::Named(_) if field.is_tree() => "each level of a tree goes by the keys of the one before",
            Show::Named(_) | Show::Measure(_) => continue,
            Show::Flatten => "a flattened view is part of the same row",
            Show::With(_) => "a loader is called for all rows at once",
            Show::Compute(_) => "a computed field is not loaded",
        };
        if let Some(load) = &field.load {
            errors.at(&load.0, format_args!("{what}: drop `load`, which is for relations"));
        }
    }
}

fn gives_flattened_views_only(view: &View, errors: &mut Errors) {
    for field in view.fields.iter().filter(|field| !matches!(field.show, Show::Flatten)) {
        if let Some(as_ref) = &field.as_ref {
            errors.at_span(as_ref.at, "`as_ref` gives out a flattened view: say `flatten` too, or drop it");
        }
    }
}

fn orders_by_few(view: &View, errors: &mut Errors) {
    for order in view.fields.iter().flat_map(|field| [&field.order_by, &field.link_order_by]).flatten() {
        super::entity::orders_by_few(order, errors);
    }
}

fn limits_to_some(view: &View, errors: &mut Errors) {
    for limit in view.fields.iter().filter_map(|field| field.limit.as_ref()) {
        if is_zero(limit) {
            errors.at(limit, "a limit of 0 loads nothing: drop the field");
        }
    }
}

fn does_not_contain_itself(view: &View, errors: &mut Errors) {
    let shows = |field: &&ViewField| !matches!(field.show, Show::With(_) | Show::Compute(_));
    let plain = |field: &&ViewField| shows(field) && !field.is_tree();
    for field in view.fields.iter().filter(plain) {
        if let Some(name) = mention(field.ty.to_token_stream(), &view.ident) {
            let words = format!(
                "a view cannot contain itself without end: `{0}` leads back to `{0}`; hold a smaller view of the entity \
                 here, or a tree: `#[view(depth = 3)]` or `#[view(recursive)]` with `Branch<Vec<{0}>>` or \
                 `Branch<Option<Arc<{0}>>>`",
                view.ident
            );
            errors.at(name, words);
        }
    }
}

fn goes_deep_in_relations_only(view: &View, errors: &mut Errors) {
    for field in &view.fields {
        let Some(what) = no_relation(field) else { continue };
        if let Some(depth) = &field.depth {
            errors.at(depth, format_args!("{what} no `depth`: it is for relations of an entity onto itself"));
        }
        if let Some(recursive) = field.recursive {
            errors.at_span(
                recursive,
                format_args!("{what} no levels: `recursive` is for relations of an entity onto itself"),
            );
        }
    }
}

fn goes_somewhere_deep(view: &View, errors: &mut Errors) {
    for depth in view.fields.iter().filter_map(|field| field.depth.as_ref()) {
        if is_zero(depth) {
            errors.at(depth, "a tree of depth 0 holds nothing below: drop the field");
        }
    }
}

fn goes_either_way_deep(view: &View, errors: &mut Errors) {
    for field in &view.fields {
        if let (Some(_), Some(recursive)) = (&field.depth, field.recursive) {
            errors.at_span(recursive, "a tree goes to a `depth`, or to its last level (`recursive`): drop one of them");
        }
    }
}

fn cuts_no_whole_tree(view: &View, errors: &mut Errors) {
    for field in view.fields.iter().filter(|field| field.recursive.is_some()) {
        if let Some(limit) = &field.limit {
            errors.at(limit, "a whole tree has no `limit`: drop it, or say how deep the tree goes (`depth = 3`)");
        }
    }
}

fn is_zero(expr: &Expr) -> bool {
    matches!(expr, Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) if number.base10_digits() == "0")
}

/// Where a type names `ident` or `Self`, not as a part of a longer path.
pub(super) fn mention(tokens: TokenStream, ident: &Ident) -> Option<Ident> {
    let mut after_colon = false;
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let colon = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ':');
        match token {
            TokenTree::Ident(found) if !after_colon && (found == *ident || found == "Self") => {
                let longer = matches!(tokens.peek(), Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
                if !longer {
                    return Some(found);
                }
            }
            TokenTree::Group(group) => {
                if let Some(found) = mention(group.stream(), ident) {
                    return Some(found);
                }
            }
            _ => {}
        }
        after_colon = colon;
    }
    None
}

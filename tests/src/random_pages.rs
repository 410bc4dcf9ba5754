//! A walk through the pages of a group: there and back, each cursor sealed and opened on the way.

use persist::{AskPage, Context, Cursor, CursorKey, Entity, Error, Page, View};
use std::fmt::Debug;

/// The rows of a group, as text, page by page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walk {
    /// From the beginning on, by `next`.
    pub forward: Vec<Vec<String>>,
    /// From the end on, by `previous`; the page that was loaded last is the first.
    pub backward: Vec<Vec<String>>,
    /// The pages that `previous` leads to from the end of the way forward, the first one first.
    pub back: Vec<Vec<String>>,
}

/// The key of these tests.
#[must_use]
pub fn key() -> CursorKey {
    CursorKey::new([42; 32])
}

fn through_a_link<E: Entity>(cursor: Cursor<E>) -> Result<Cursor<E>, Error> {
    let opened = Cursor::open(&cursor.seal(&key()), &key())?;
    assert_eq!(opened, cursor);
    Ok(opened)
}

fn load<V: View + Debug>(ask: AskPage<V>, context: &mut Context<'_>) -> Result<Page<V>, Error> {
    let before = context.stats();
    let page = context.realise(ask)?;
    let sent = context.stats() - before;
    assert!(sent.statements - sent.chunks <= V::STATEMENTS as u64, "{sent:?}");
    Ok(page)
}

fn text<V: View + Debug>(page: &Page<V>) -> Vec<String> {
    page.rows.iter().map(|row| format!("{row:?}")).collect()
}

/// Walks through the pages of a group.
///
/// # Errors
/// When a page cannot be loaded.
pub fn walk<V: View + Debug>(ask: &AskPage<V>, context: &mut Context<'_>) -> Result<Walk, Error> {
    let mut page = load(ask.clone(), context)?;
    assert!(page.previous.is_none());
    let mut forward = vec![text(&page)];
    while let Some(next) = page.next.take() {
        page = load(ask.clone().after(&through_a_link(next)?)?, context)?;
        forward.push(text(&page));
    }
    let mut back = vec![text(&page)];
    while let Some(previous) = page.previous.take() {
        page = load(ask.clone().before(&through_a_link(previous)?)?, context)?;
        back.insert(0, text(&page));
    }
    page = load(ask.clone().last(), context)?;
    assert!(page.next.is_none());
    let mut backward = vec![text(&page)];
    while let Some(previous) = page.previous.take() {
        page = load(ask.clone().before(&through_a_link(previous)?)?, context)?;
        assert!(page.next.is_some());
        backward.insert(0, text(&page));
    }
    Ok(Walk { forward, backward, back })
}

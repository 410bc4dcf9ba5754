//! What an [`Edit`] was before it was saved in a transaction: what it is again where that is undone.

use super::editable::Editable;
use super::fate::Fate;
use super::held::Edit;
use super::wishes::Wishes;
use crate::entity::{Out, Value};
use crate::view::{Graph, shows};
use std::borrow::Cow;
use std::sync::Arc;

#[derive(Debug, Clone)]
pub(super) struct Before {
    fate: Fate,
    base: Graph,
    graph: Graph,
    wishes: Wishes,
}

/// The state that changes are told from.
pub(super) struct State<'s> {
    pub(super) base: &'s Graph,
    pub(super) wishes: Cow<'s, Wishes>,
}

/// What was not changed after a save that was undone is what it was before it.
fn as_before<T: PartialEq + Clone>(now: &mut [T], saved: &[T], before: &[T]) {
    for ((now, saved), before) in now.iter_mut().zip(saved).zip(before) {
        if now == saved {
            now.clone_from(before);
        }
    }
}

impl<V: Editable> Edit<V> {
    /// What changes are told from, also if it was saved in transactions that have been undone since.
    pub(super) fn state(&self) -> State<'_> {
        let mut state = State { base: &self.base, wishes: Cow::Borrowed(&self.wishes) };
        for before in self.undone() {
            state.base = &before.base;
            state.wishes.to_mut().and_before(&before.wishes);
        }
        state
    }

    /// What the value holds, without what saves brought that have been undone.
    pub(super) fn now(&self) -> Graph {
        let (mut now, mut saved) = (self.graph(), &self.base);
        for before in self.undone() {
            // What was not changed after the save is what it was before it.
            as_before(Arc::make_mut(&mut now.cells), &saved.cells, &before.graph.cells);
            as_before(&mut now.below, &saved.below, &before.graph.below);
            saved = &before.base;
        }
        now
    }

    /// Shows what the value holds, without what saves brought that have been undone.
    pub(super) fn show(&self, out: &mut Out<'_>) {
        match self.undone().next() {
            None => self.value.push_cells(out),
            Some(_) => self.now().cells.iter().for_each(|cell| out(cell)),
        }
    }

    /// Whether the columns of the value are just what is read from these cells.
    pub(super) fn shows(&self, stored: &[Value]) -> bool {
        shows(|out| self.value.push_cells(out), stored) && self.undone().next().is_none()
    }

    /// What it was before the saves that have been undone, the last one first.
    fn undone(&self) -> impl Iterator<Item = &Before> {
        self.before.iter().rev().take_while(|before| before.fate.is_rolled_back())
    }

    /// Takes saves back that were undone, before anything else happens to the value.
    pub(super) fn settle(&mut self) {
        let undone = self.undone().count();
        if undone == 0 {
            return;
        }
        let (graph, wishes) = (self.now(), self.state().wishes.into_owned());
        let kept = self.before.len() - undone;
        let first = self.before.drain(kept..).next();
        if let Some(first) = first {
            // It held these once; if it cannot again, it stays as it is.
            let _ = self.become_graph(&graph);
            (self.base, self.wishes) = (first.base, wishes);
        }
    }

    /// Takes over what is stored, as the state that changes are told from, and as a value unless it [shows](Self::shows)
    /// that. If `fate` undoes it, it is as it was: `shown` is that as data, where it is known.
    pub(crate) fn saved(&mut self, value: Option<V>, stored: Graph, shown: Option<Graph>, fate: Option<&Fate>) {
        self.settle();
        let before = fate.map(|fate| {
            let (base, wishes) = (self.base.clone(), self.wishes.clone());
            Before { fate: fate.clone(), base, graph: shown.unwrap_or_else(|| self.graph()), wishes }
        });
        if let Some(value) = value {
            self.become_value(value);
        }
        match before {
            Some(before) => self.before.push(before),
            None => self.before.clear(),
        }
        self.base = stored;
        self.wishes = Wishes::default();
    }
}

//! Which rows in hand are which rows that were read.

use super::layout::Layout;
use crate::entity::Value;
use crate::view::Graph;
use ahash::AHashMap;
use std::cmp::Ordering;
use std::collections::VecDeque;

/// The rows of one collection, then and now.
pub(super) struct Pairs<'g> {
    /// For each row in hand, what it was read as; none: it is new.
    pub(super) read: Vec<Option<&'g Graph>>,
    /// What was read and is not in hand, in its order.
    pub(super) gone: Vec<&'g Graph>,
}

impl<'g> Pairs<'g> {
    pub(super) fn of(layout: &Layout, read: &'g [Graph], now: &[Graph]) -> Self {
        if layout.has_entries() { Self::of_entries(layout, read, now) } else { Self::of_rows(layout, read, now) }
    }

    /// Entries stand in the order of what they are told apart by, both times.
    fn of_entries(layout: &Layout, read: &'g [Graph], now: &[Graph]) -> Self {
        let mut pairs = Self { read: Vec::with_capacity(now.len()), gone: Vec::new() };
        let mut read = read.iter().peekable();
        for row in now {
            while let Some(gone) = read.next_if(|read| layout.order(read, row) == Ordering::Less) {
                pairs.gone.push(gone);
            }
            pairs.read.push(read.next_if(|read| layout.order(read, row) == Ordering::Equal));
        }
        pairs.gone.extend(read);
        pairs
    }

    /// Rows of a list stand in any order; most lists begin and end as they were read.
    fn of_rows(layout: &Layout, read: &'g [Graph], now: &[Graph]) -> Self {
        let same = |(one, other): &(&Graph, &Graph)| layout.order(one, other) == Ordering::Equal;
        let front = read.iter().zip(now).take_while(same).count();
        let (rest, now) = (&read[front..], &now[front..]);
        let back = rest.iter().rev().zip(now.iter().rev()).take_while(same).count();
        let (middle, end) = rest.split_at(rest.len() - back);
        let mut left: AHashMap<Vec<Value>, VecDeque<&Graph>> = AHashMap::new();
        for row in middle {
            left.entry(layout.identity(row)).or_default().push_back(row);
        }
        let mut find = |row: &Graph| left.get_mut(&layout.identity(row)).and_then(VecDeque::pop_front);
        let found: Vec<_> = now[..now.len() - back].iter().map(&mut find).collect();
        let gone = middle.iter().filter(|row| find(row).is_some()).collect();
        Self { read: read[..front].iter().map(Some).chain(found).chain(end.iter().map(Some)).collect(), gone }
    }
}

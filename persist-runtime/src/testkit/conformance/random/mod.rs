//! Random groups and views of the tracker.

mod data;
mod draw;
mod test;

pub(crate) use data::data;
pub(crate) use draw::Draw;
pub(crate) use test::{Random, Test, test};

use super::domain::*;
use crate::context::{Context, Error};
use crate::engine::{Answers, Batch};
use crate::view::{Ask, View};
use std::fmt::Debug;

/// A step in the making of a group.
#[derive(Debug, Clone)]
pub(crate) enum Op {
    /// `filter`.
    Filter(Test),
    /// `order_by`: columns, and whether descending.
    Order(Vec<(u8, bool)>),
    /// `limit`.
    Limit(u8),
    /// `offset`.
    Offset(u8),
    /// Along a relation.
    Step(u8),
    /// Along two relations, united where they lead to one entity.
    Fork(u8, u8),
    /// United with another group of the same entity.
    Or(Vec<Op>),
    /// With another group of the same entity, only what is in both.
    And(Vec<Op>),
    /// Without another group of the same entity.
    Minus(Vec<Op>),
    /// `limit_per`: a column, and how many.
    LimitPer(u8, u8),
    /// United with rows by key.
    Keys(Vec<u8>),
}

/// A group and a view of it.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    /// Which entity it begins with.
    pub start: u8,
    /// How it goes on.
    pub ops: Vec<Op>,
    /// Which view is taken of what it leads to.
    pub view: u8,
}

macro_rules! any {
    ($($group:ident: $entity:ident, steps $($step:ident)*, views $($view:ident)*;)*) => {
        /// A group of any entity.
        #[derive(Debug, Clone)]
        pub(crate) enum Any { $($group($group)),* }

        $(impl From<$group> for Any {
            fn from(group: $group) -> Self {
                Self::$group(group)
            }
        })*

        impl Any {
            /// All rows of some entity.
            pub(crate) fn start(n: u8) -> Self {
                let all = [$(Self::$group($group::all())),*];
                all[usize::from(n) % all.len()].clone()
            }

            fn all_of_it(&self) -> Self {
                match self { $(Self::$group(_) => $group::all().into()),* }
            }

            fn keys(&self, keys: &[u8]) -> Self {
                match self { $(Self::$group(_) => $group::from_keys(keys.iter().map(|n| $entity::some_key(*n))).into()),* }
            }

            /// The union with a group of the same entity.
            pub(crate) fn or(&self, other: &Self) -> Option<Self> {
                match (self, other) {
                    $((Self::$group(one), Self::$group(two)) => Some((one | two).into()),)*
                    _ => None,
                }
            }

            /// The intersection with a group of the same entity, or the difference.
            pub(crate) fn among(&self, other: &Self, same: bool) -> Option<Self> {
                match (self, other) {
                    $((Self::$group(one), Self::$group(two)) => Some(if same { (one & two).into() } else { (one - two).into() }),)*
                    _ => None,
                }
            }

            /// At most so many for each value of a column.
            pub(crate) fn limit_per(&self, column: u8, most: u8) -> Self {
                match self { $(Self::$group(group) => $entity::limit_per(group, column, most.into()).into()),* }
            }

            fn step(&self, n: u8) -> Self {
                match self { $(Self::$group(group) => {
                    let all: Vec<Self> = vec![$(group.$step().into()),*];
                    all[usize::from(n) % all.len()].clone()
                })* }
            }

            /// Narrowed by a predicate.
            pub(crate) fn filter(&self, test: &Test) -> Self {
                match self { $(Self::$group(group) => group.filter(test.of()).into()),* }
            }

            /// In the order of some columns.
            pub(crate) fn order(&self, by: &[(u8, bool)]) -> Self {
                match self { $(Self::$group(group) => {
                    let order: Vec<_> = by.iter().map(|(column, desc)| $entity::order(*column, *desc)).collect();
                    group.order_by(order).into()
                })* }
            }

            /// With a limit, an offset, or both.
            pub(crate) fn cut(&self, limit: Option<u8>, offset: Option<u8>) -> Self {
                match self { $(Self::$group(group) => {
                    let mut group = group.clone();
                    if let Some(limit) = limit { group = group.limit(u64::from(limit)); }
                    if let Some(offset) = offset { group = group.offset(offset.into()); }
                    group.into()
                })* }
            }

            /// How many there are.
            ///
            /// # Errors
            /// When the store cannot tell.
            pub(crate) fn count(&self, context: &mut Context<'_>) -> Result<(u64, bool), Error> {
                match self { $(Self::$group(group) => context.realise((group.count(), group.exists()))),* }
            }

            /// Adds this group, as its `n`-th view, to a batch. What comes out shows the rows.
            pub(crate) fn ask(&self, n: u8, batch: &mut Batch) -> Answer {
                match self { $(Self::$group(group) => {
                    let asks: Vec<fn(&$group, &mut Batch) -> Answer> =
                        vec![$(|group, batch| ticket::<$view>(batch, group.view())),*];
                    asks[usize::from(n) % asks.len()](group, batch)
                })* }
            }
        }
    };
}

/// Takes one answer from a page.
pub(crate) type Answer = Box<dyn FnOnce(&mut Answers) -> Vec<String>>;

fn ticket<V: View + Debug>(batch: &mut Batch, ask: Ask<V>) -> Answer {
    let ticket = batch.add(ask);
    Box::new(|page| page.take(ticket).iter().map(|row| format!("{row:?}")).collect())
}

any! {
    Teams: Team, steps members, views Team TeamName TeamPage;
    Members: Member, steps teams managers reports owned assigned notes watched,
        views Member MemberCard MemberTree MemberTasks;
    Tasks: Task,
        steps owners assignees notes watchers voters votes tops pinned loose seniors last_voters,
        views Task TaskLine TaskPage TaskNotes TaskSole TaskParts TaskLinks TaskMaps TaskMapsBy TaskRanks;
    Notes: Note, steps tasks authors, views Note NoteLine;
    Watches: Watch, steps tasks members pings, views Watch WatchPage WatchLine;
    Votes: Vote, steps tasks members, views Vote;
    Pings: Ping, steps watches, views Ping PingPage;
}

fn build(mut any: Any, ops: &[Op]) -> Any {
    for op in ops {
        any = match op {
            Op::Filter(test) => any.filter(test),
            Op::Order(by) => any.order(by),
            Op::Limit(most) => any.cut(Some(*most), None),
            Op::Offset(skip) => any.cut(None, Some(*skip)),
            Op::Step(n) => any.step(*n),
            Op::Fork(one, two) => {
                let (one, two) = (any.step(*one), any.step(*two));
                one.or(&two).unwrap_or(two)
            }
            Op::Or(ops) => any.or(&build(any.all_of_it(), ops)).unwrap_or(any),
            Op::And(ops) => any.among(&build(any.all_of_it(), ops), true).unwrap_or(any),
            Op::Minus(ops) => any.among(&build(any.all_of_it(), ops), false).unwrap_or(any),
            Op::LimitPer(column, most) => any.limit_per(*column, *most),
            Op::Keys(keys) => any.or(&any.keys(keys)).unwrap_or(any),
        };
    }
    any
}

impl Program {
    /// The group.
    pub(crate) fn group(&self) -> Any {
        build(Any::start(self.start), &self.ops)
    }
}

/// So many things.
fn some<T>(draw: &mut Draw, most: u64, mut one: impl FnMut(&mut Draw) -> T) -> Vec<T> {
    (0..draw.below(most + 1)).map(|_| one(draw)).collect()
}

fn plain(draw: &mut Draw) -> Op {
    match draw.below(9) {
        0..3 => Op::Filter(test(draw, 3)),
        3..5 => {
            let mut order = some(draw, 2, |draw| (draw.byte(), draw.one_in(2)));
            order.push((draw.byte(), draw.one_in(2)));
            Op::Order(order)
        }
        5 => Op::Limit(draw.byte() % 6),
        6 => Op::Offset(draw.byte() % 4),
        7 => Op::LimitPer(draw.byte(), draw.byte() % 3 + 1),
        _ => Op::Keys(some(draw, 3, Draw::byte)),
    }
}

/// A random group: up to four relations on, with anything in between.
pub(crate) fn program(draw: &mut Draw) -> Program {
    let start = draw.byte();
    let mut ops = Vec::new();
    for _ in 0..draw.below(5) {
        ops.extend(some(draw, 2, plain));
        if draw.one_in(5) {
            let with = some(draw, 2, plain);
            ops.push(match draw.below(8) {
                0 => Op::And(with),
                1 => Op::Minus(with),
                _ => Op::Or(with),
            });
        }
        ops.push(if draw.one_in(4) { Op::Fork(draw.byte(), draw.byte()) } else { Op::Step(draw.byte()) });
    }
    ops.extend(some(draw, 2, plain));
    Program { start, ops, view: draw.byte() }
}

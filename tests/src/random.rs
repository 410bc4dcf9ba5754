//! Random groups and views of the tracker, as proptest strategies.

use crate::figures::{GroupFigures as _, MemberFigures, TaskFigures, WatchFigures};
use crate::kinds::*;
use crate::random_pages::{Walk, walk};
pub(crate) use crate::random_test::pick;
pub use crate::random_test::{Few, Random, Test, local_test, test};
use crate::tracker::*;
use persist::{Answers, Batch, Context, Error, View};
use proptest::prelude::*;
use std::fmt::Debug;

/// A step in the making of a group.
#[derive(Debug, Clone)]
pub enum Op {
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
pub struct Program {
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
        #[allow(missing_docs, reason = "one for each entity")]
        pub enum Any { $($group($group)),* }

        $(impl From<$group> for Any {
            fn from(group: $group) -> Self {
                Self::$group(group)
            }
        })*

        impl Any {
            /// All rows of some entity.
            #[must_use]
            pub fn start(n: u8) -> Self {
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
            #[must_use]
            pub fn or(&self, other: &Self) -> Option<Self> {
                match (self, other) {
                    $((Self::$group(one), Self::$group(two)) => Some((one | two).into()),)*
                    _ => None,
                }
            }

            /// The intersection with a group of the same entity, or the difference.
            #[must_use]
            pub fn among(&self, other: &Self, same: bool) -> Option<Self> {
                match (self, other) {
                    $((Self::$group(one), Self::$group(two)) => Some(if same { (one & two).into() } else { (one - two).into() }),)*
                    _ => None,
                }
            }

            /// At most so many for each value of a column.
            #[must_use]
            pub fn limit_per(&self, column: u8, most: u8) -> Self {
                match self { $(Self::$group(group) => $entity::limit_per(group, column, most.into()).into()),* }
            }

            fn step(&self, n: u8) -> Self {
                match self { $(Self::$group(group) => {
                    let all: Vec<Self> = vec![$(group.$step().into()),*];
                    all[usize::from(n) % all.len()].clone()
                })* }
            }

            /// Narrowed by a predicate.
            #[must_use]
            pub fn filter(&self, test: &Test) -> Self {
                match self { $(Self::$group(group) => group.filter(test.of()).into()),* }
            }

            /// In the order of some columns.
            #[must_use]
            pub fn order(&self, by: &[(u8, bool)]) -> Self {
                match self { $(Self::$group(group) => {
                    let order: Vec<_> = by.iter().map(|(column, desc)| $entity::order(*column, *desc)).collect();
                    group.order_by(order).into()
                })* }
            }

            /// With a limit, an offset, or both.
            #[must_use]
            pub fn cut(&self, limit: Option<u8>, offset: Option<u8>) -> Self {
                match self { $(Self::$group(group) => {
                    let mut group = group.clone();
                    if let Some(limit) = limit { group = group.limit(u64::from(limit)); }
                    if let Some(offset) = offset { group = group.offset(offset.into()); }
                    group.into()
                })* }
            }

            /// Makes this group the scope of its entity, or narrows the scope that it has.
            pub fn scope(&self, context: &mut Context<'_>) {
                match self { $(Self::$group(group) => { context.scope(group); })* }
            }

            /// How many there are.
            ///
            /// # Errors
            /// When the store cannot tell.
            pub fn count(&self, context: &mut Context<'_>) -> Result<(u64, bool), Error> {
                match self { $(Self::$group(group) => context.realise((group.count(), group.exists()))),* }
            }

            /// Walks through the pages of this group, as its `n`-th view, there and back.
            ///
            /// # Errors
            /// When rows do not fit.
            pub fn walk(&self, n: u8, size: u32, context: &mut Context<'_>) -> Result<Walk, Error> {
                match self { $(Self::$group(group) => {
                    let walks: Vec<fn(&$group, u32, &mut Context<'_>) -> Result<Walk, Error>> =
                        vec![$(|group, size, context| walk(&group.page::<$view>(size), context)),*];
                    walks[usize::from(n) % walks.len()](group, size, context)
                })* }
            }

            /// Some figures of it and of its parts, as text.
            ///
            /// # Errors
            /// When the store cannot tell.
            pub fn figures(&self, context: &mut Context<'_>) -> Result<String, Error> {
                match self { $(Self::$group(group) => group.figures(context)),* }
            }

            /// Adds this group, as its `n`-th view, to a batch. What comes out shows the rows.
            pub fn ask(&self, n: u8, batch: &mut Batch) -> Answer {
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
pub type Answer = Box<dyn FnOnce(&mut Answers) -> Vec<String>>;

fn ticket<V: View + Debug>(batch: &mut Batch, ask: persist::Ask<V>) -> Answer {
    let ticket = batch.add(ask);
    Box::new(|page| page.take(ticket).iter().map(|row| format!("{row:?}")).collect())
}

any! {
    Teams: Team, steps members, views Team TeamName TeamPage;
    Members: Member, steps teams managers reports owned assigned notes watched,
        views Member MemberCard MemberTree MemberTasks MemberFigures;
    Tasks: Task,
        steps owners assignees notes watchers voters votes tops pinned loose seniors last_voters,
        views Task TaskLine TaskPage TaskNotes TaskSole TaskParts TaskLinks TaskMaps TaskMapsBy TaskRanks TaskFigures;
    Notes: Note, steps tasks authors, views Note NoteLine;
    Watches: Watch, steps tasks members pings, views Watch WatchPage WatchLine WatchFigures;
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
    #[must_use]
    pub fn group(&self) -> Any {
        build(Any::start(self.start), &self.ops)
    }
}

/// Random groups.
pub fn program() -> impl Strategy<Value = Program> {
    let order = prop::collection::vec(any::<(u8, bool)>(), 1..4).prop_map(Op::Order);
    let plain = prop_oneof![
        3 => test().prop_map(Op::Filter),
        2 => order,
        1 => (0..6_u8).prop_map(Op::Limit),
        1 => (0..4_u8).prop_map(Op::Offset),
        1 => (any::<u8>(), 1..4_u8).prop_map(|(column, most)| Op::LimitPer(column, most)),
        1 => prop::collection::vec(any::<u8>(), 0..4).prop_map(Op::Keys),
    ];
    let on = prop_oneof![3 => any::<u8>().prop_map(Op::Step), 1 => any::<(u8, u8)>().prop_map(|(a, b)| Op::Fork(a, b))];
    let simple = prop::collection::vec(plain, 0..3);
    let or = (simple.clone(), 0..8_u8).prop_map(|(ops, how)| match how {
        0 => Op::And(ops),
        1 => Op::Minus(ops),
        _ => Op::Or(ops),
    });
    // Up to four relations on, with anything in between.
    let leg = (simple.clone(), prop::option::weighted(0.2, or), on);
    (any::<u8>(), prop::collection::vec(leg, 0..=4), simple, any::<u8>()).prop_map(|(start, legs, last, view)| {
        let mut ops = Vec::new();
        for (simple, or, on) in legs {
            ops.extend(simple);
            ops.extend(or);
            ops.push(on);
        }
        ops.extend(last);
        Program { start, ops, view }
    })
}

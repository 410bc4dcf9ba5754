//! Random predicates and orders of the tracker.
//!
//! There are few distinct values of each type, so that ties, duplicates, NULLs and empty results happen.

use super::super::domain::*;
use super::draw::Draw;
use crate::group::{Group, GroupOf, Operand, Order, Predicate, Relation};
use crate::{Column, Entity, Field, TextScalar};
use std::ops::Deref;
use uuid::Uuid;

/// Some of the values of a type.
pub(crate) trait Few: Sized {
    /// They.
    fn few() -> Vec<Self>;
}

macro_rules! few {
    ($($ty:ty: [$($value:expr),*];)*) => {$(
        impl Few for $ty {
            fn few() -> Vec<Self> {
                vec![$($value),*]
            }
        }
    )*};
}

few! {
    i16: [0, 1, 2, -7];
    i32: [0, 1, 2, 3, 99];
    i64: [0, 1, 2, 99];
    f64: [0.0, 0.5, -1.5];
    bool: [false, true];
    State: [State::Open, State::Closed, State::OnHold];
    Uuid: [task_id(0), task_id(1), task_id(2), task_id(99)];
    String: [String::new(), "a".into(), "A".into(), "b%".into(), "é_".into(), "ab".into()];
}

impl<T: Few> Few for Option<T> {
    fn few() -> Vec<Self> {
        std::iter::once(None).chain(T::few().into_iter().map(Some)).collect()
    }
}

pub(crate) fn pick<T: Few>(n: u8) -> T {
    let mut all = T::few();
    let at = usize::from(n) % all.len();
    all.swap_remove(at)
}

/// A predicate as a tree; what it means depends on the entity.
#[derive(Debug, Clone)]
pub(crate) enum Test {
    /// Column, operator, value.
    Leaf(u8, u8, u8),
    /// Two columns, operator.
    Columns(u8, u8),
    /// Relation, what is asked of it, predicate on what it leads to.
    Through(u8, u8, Box<Test>),
    /// Both.
    And(Box<Test>, Box<Test>),
    /// Either.
    Or(Box<Test>, Box<Test>),
    /// Neither.
    Not(Box<Test>),
}

/// An entity of which random predicates, orders and keys can be made.
pub(crate) trait Random:
    Entity<Group: From<Group<Self>> + Deref<Target = Group<Self>> + GroupOf<Self> + Clone>
{
    /// A predicate on one column.
    fn test(column: u8, how: u8, value: u8) -> Predicate<Self>;
    /// A predicate on two columns.
    fn columns(pair: u8, how: u8) -> Predicate<Self>;
    /// A predicate through a relation.
    fn through(relation: u8, how: u8, test: &Test) -> Predicate<Self>;
    /// An order by one column, by a column of a related row, or by a count.
    fn order(column: u8, descending: bool) -> Order<Self>;
    /// At most so many for each value of a column.
    fn limit_per(group: &Group<Self>, column: u8, most: u64) -> Self::Group;
    /// A key.
    fn some_key(n: u8) -> Self::Key;
}

fn plain<E, F: Field + Few + Operand<E, F>>(column: Column<E, F>, how: u8, value: u8) -> Predicate<E> {
    let operand = pick::<F>(value);
    match how % 9 {
        8 => column.between(operand, pick::<F>(value / 5)),
        0 => column.eq(operand),
        1 => column.ne(operand),
        2 => column.lt(operand),
        3 => column.le(operand),
        4 => column.gt(operand),
        5 => column.ge(operand),
        6 => column.is_in([operand, pick(value / 7), pick(value / 3)]),
        _ => column.is_in(Vec::<F>::new()),
    }
}

fn text<E, F>(column: Column<E, F>, how: u8, value: u8) -> Predicate<E>
where
    F: Field<Base: TextScalar> + Few + Operand<E, F>,
{
    let text = pick::<String>(value);
    match how % 16 {
        0 => column.starts_with(text),
        1 => column.ends_with(text),
        2 => column.contains(text),
        3 => column.eq_ignore_ascii_case(text),
        4 => column.starts_with_ignore_ascii_case(text),
        5 => column.ends_with_ignore_ascii_case(text),
        6 => column.contains_ignore_ascii_case(text),
        how => plain(column, how, value),
    }
}

fn two<E, F, G>(one: Column<E, F>, other: Column<E, G>, how: u8) -> Predicate<E>
where
    F: Field,
    G: Field<Base = F::Base>,
{
    match how % 8 {
        0 => one.eq(other),
        1 => one.ne(other),
        2 => one.lt(other),
        3 => one.le(other),
        4 => one.gt(other),
        5 => one.ge(other),
        6 => one.is_in([other]),
        _ => one.between(other, other),
    }
}

fn led<E, C, T: Random>(relation: Relation<E, C, T>, how: u8, test: &Test) -> Predicate<E> {
    match how % 6 {
        0 => relation.exists(test.of()),
        1 => relation.none(test.of()),
        2 => relation.all(test.of()),
        3 => relation.is_empty(),
        4 => relation.is_not_empty(),
        _ => relation.leads_into(Group::<T>::all().filter(test.of()).order_by(T::order(how, true)).limit(2)),
    }
}

macro_rules! random {
    ($($entity:ident $columns:ident key $key:expr; $($make:ident $column:ident),*; $($one:ident with $other:ident),*; to $($relation:ident)*; rank $($rank:expr),*;)*) => {$(
        impl Random for $entity {
            fn test(column: u8, how: u8, value: u8) -> Predicate<Self> {
                let mut all = vec![$($make($columns::$column, how, value)),*];
                let at = usize::from(column) % all.len();
                all.swap_remove(at)
            }

            fn columns(pair: u8, how: u8) -> Predicate<Self> {
                let mut all = vec![$(two($columns::$one, $columns::$other, how)),*];
                let at = usize::from(pair) % all.len();
                all.swap_remove(at)
            }

            fn through(relation: u8, how: u8, test: &Test) -> Predicate<Self> {
                let all: &[fn(u8, &Test) -> Predicate<Self>] =
                    &[$(|how, test| led($columns::$relation, how, test)),*];
                all[usize::from(relation) % all.len()](how, test)
            }

            fn order(column: u8, descending: bool) -> Order<Self> {
                let all =
                    [$(($columns::$column.asc(), $columns::$column.desc()),)* $(($rank.asc(), $rank.desc())),*];
                let (asc, desc) = all[usize::from(column) % all.len()];
                if descending { desc } else { asc }
            }

            fn limit_per(group: &Group<Self>, column: u8, most: u64) -> Self::Group {
                let all: &[fn(&Group<Self>, u64) -> Self::Group] =
                    &[$(|group, most| group.limit_per($columns::$column, most)),*];
                all[usize::from(column) % all.len()](group, most)
            }

            fn some_key(n: u8) -> Self::Key {
                let key: fn(u8) -> Self::Key = $key;
                key(n)
            }
        }
    )*};
}

random! {
    Team team key pick; text name, text motto; name with motto, motto with name; to members; rank team::members.count();
    Member member key |n| (n % 12).into(); plain id, text name, plain rank, text team_name, plain manager_id;
        rank with manager_id, id with manager_id, rank with id, name with team_name;
        to team manager reports owned assigned notes watched;
        rank member::team.by(team::motto), member::manager.by(member::name), member::reports.count(), member::watched.count();
    Task task key |n| task_id((n % 12).into());
        plain id, text title, plain heat, plain score, plain state, plain owner_id, plain assignee_id;
        owner_id with assignee_id, assignee_id with heat, heat with owner_id;
        to owner assignee notes watchers voters vote top pinned loose seniors last_voters;
        rank task::owner.by(member::name), task::assignee.by(member::rank), task::assignee.by(member::name),
            task::notes.count(), task::voters.count(), task::seniors.count(), task::loose.count();
    Note note key |n| (n % 12).into(); plain id, plain task_id, plain author_id, text body, plain pinned;
        id with id, task_id with task_id; to task author;
        rank note::author.by(member::name), note::task.by(task::heat);
    Watch watch key |n| (task_id((n % 4).into()), (n / 4 % 4).into()); plain task_id, plain member_id;
        member_id with member_id; to task member pings;
        rank watch::member.by(member::rank), watch::pings.count();
    Vote vote key |n| (n % 12).into(); plain id, plain task_id, plain member_id;
        id with member_id, member_id with id; to task member; rank vote::task.by(task::score);
    Ping ping key |n| (n % 12).into(); plain id, plain task_id, plain member_id;
        task_id with task_id; to watch; rank ping::watch.by(watch::member_id);
}

impl Test {
    /// The predicate that this is of an entity.
    pub(crate) fn of<E: Random>(&self) -> Predicate<E> {
        match self {
            Self::Leaf(column, how, value) => E::test(*column, *how, *value),
            Self::Columns(pair, how) => E::columns(*pair, *how),
            Self::Through(relation, how, inner) => E::through(*relation, *how, inner),
            Self::And(one, two) => one.of::<E>() & two.of(),
            Self::Or(one, two) => one.of::<E>() | two.of(),
            Self::Not(inner) => !inner.of::<E>(),
        }
    }
}

/// A predicate on one row alone.
fn leaf(draw: &mut Draw) -> Test {
    if draw.one_in(5) {
        Test::Columns(draw.byte(), draw.byte())
    } else {
        Test::Leaf(draw.byte(), draw.byte(), draw.byte())
    }
}

/// A random predicate, of so many levels at most.
pub(crate) fn test(draw: &mut Draw, levels: u8) -> Test {
    if levels == 0 || draw.one_in(3) {
        return leaf(draw);
    }
    let mut inner = || Box::new(test(draw, levels - 1));
    let (one, two) = (inner(), inner());
    match draw.byte() % 4 {
        0 => Test::Through(draw.byte(), draw.byte(), one),
        1 => Test::And(one, two),
        2 => Test::Or(one, two),
        _ => Test::Not(one),
    }
}

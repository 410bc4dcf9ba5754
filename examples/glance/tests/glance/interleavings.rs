//! The scenarios of `glance race`, their steps in a thousand drawn orders, and without any order: nothing is lost.
//!
//! A and B are a thread each, with a connection each, for all rounds. Each waits for a turn before it loads, and for
//! another before it saves.

use crate::places::{self, Place};
use chrono::DateTime;
use glance::domain::{Image, ImageCard, Images, image};
use glance::race::{Edit, SCENARIOS};
use glance::registry::Registry;
use persist::{Context, Work};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, Scope};

const ROUNDS: u32 = 1_000;

/// MariaDB waits for the disk in each: nothing but all its databases at once can be told not to.
const PATIENT_ROUNDS: u32 = 100;

/// One of the two, by number.
type Who = usize;

/// Who takes which step: each is there twice, and loads before they save. Or nobody waits for anybody.
#[derive(Debug, Clone)]
enum Order {
    Steps(Vec<Who>),
    Loose,
}

fn order() -> impl Strategy<Value = Order> {
    let steps = Just(vec![0, 0, 1, 1]).prop_shuffle().prop_map(Order::Steps);
    prop_oneof![3 => steps, 1 => Just(Order::Loose)]
}

/// Someone who edits images, and their end of the turns.
struct Editor {
    edits: Sender<(Edit, i32)>,
    turns: Sender<()>,
    /// A step is over: how the edit went, if that was the last.
    over: Receiver<Result<(), String>>,
}

impl Editor {
    fn new<'s>(place: &'s Place, scope: &'s Scope<'s, '_>) -> Self {
        let (edits, asked) = mpsc::channel::<(Edit, i32)>();
        let (turns, turn) = mpsc::channel();
        let (over, said) = mpsc::channel();
        scope.spawn(move || {
            // Where nobody gives turns any more, the test has failed.
            let wait = || turn.recv().unwrap_or_default();
            let mut registry = Registry::new(place.hasty()).holding(|| {
                let _ = over.send(Ok(()));
                wait();
            });
            while let Ok((edit, id)) = asked.recv() {
                wait();
                let done = edit(&mut registry, id).map_err(|error| error.to_string());
                let _ = over.send(done);
            }
        });
        Self { edits, turns, over: said }
    }

    fn turn(&self) {
        self.turns.send(()).unwrap();
    }

    fn is_over(&self) {
        assert_eq!(self.over.recv().unwrap(), Ok(()));
    }
}

fn play(editors: &[Editor; 2], order: &Order) {
    match order {
        Order::Steps(steps) => steps.iter().for_each(|who| {
            editors[*who].turn();
            editors[*who].is_over();
        }),
        Order::Loose => {
            let twice = || editors.iter().chain(editors);
            twice().for_each(Editor::turn);
            twice().for_each(Editor::is_over);
        }
    }
}

/// The images of one round, made and looked at by somebody else.
struct Desk(Context<'static>);

impl Desk {
    fn images(&mut self) -> Vec<i32> {
        let now = DateTime::UNIX_EPOCH.naive_utc();
        let mut cards = [(); SCENARIOS.len()].map(|_| ImageCard {
            image: Image::announced(Some("race".to_owned()), now),
            properties: [("speed", "slow"), ("colour", "red")].map(|(n, v)| (n.to_owned(), v.to_owned())).into(),
            tags: BTreeSet::new(),
            locations: Vec::new(),
            members: BTreeMap::new(),
        });
        let mut work = Work::new();
        for card in &mut cards {
            let _ = work.insert(card);
        }
        self.0.commit(work).unwrap();
        cards.iter().map(|card| card.image.id).collect()
    }

    fn show(&mut self, ids: &[i32]) -> Vec<ImageCard> {
        let images = Images::from_keys(ids.iter().copied()).order_by(image::id.asc());
        self.0.realise(images.view()).unwrap()
    }
}

fn nothing_is_lost(place: &Place, rounds: u32) {
    let desk = RefCell::new(Desk(place.hasty()));
    thread::scope(|scope| {
        let editors = [Editor::new(place, scope), Editor::new(place, scope)];
        let orders: [_; SCENARIOS.len()] = std::array::from_fn(|_| order());
        let mut runner = TestRunner::new(Config { cases: rounds, failure_persistence: None, ..Config::default() });
        let done = runner.run(&orders, |orders| {
            let ids = desk.borrow_mut().images();
            for ((scenario, order), id) in SCENARIOS.iter().zip(&orders).zip(&ids) {
                editors[0].edits.send((scenario.a, *id)).unwrap();
                editors[1].edits.send((scenario.b, *id)).unwrap();
                play(&editors, order);
            }
            let cards = desk.borrow_mut().show(&ids);
            prop_assert_eq!(cards.len(), SCENARIOS.len());
            for ((scenario, card), id) in SCENARIOS.iter().zip(&cards).zip(ids) {
                prop_assert_eq!(card.image.id, id);
                prop_assert!((scenario.kept)(card), "{}: {card:?}", scenario.what);
            }
            Ok(())
        });
        done.unwrap();
    });
}

#[test]
fn nothing_is_lost_on_sqlite() {
    nothing_is_lost(&places::sqlite(), ROUNDS);
}

#[test]
fn nothing_is_lost_on_postgres() {
    places::postgres().iter().for_each(|place| nothing_is_lost(place, ROUNDS));
}

#[test]
fn nothing_is_lost_on_mysql() {
    places::mysql().iter().for_each(|place| nothing_is_lost(place, PATIENT_ROUNDS));
}

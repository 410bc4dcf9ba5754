//! Random histories of two editors of one image with a map, a set and a list, on every store, beside a model that knows
//! elements only: what a save makes of each element, and when it is refused.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, unreachable_pub, dead_code, reason = "tests")]

#[path = "collections/domain.rs"]
mod domain;

use domain::*;
use persist::prelude::*;
use persist::{Conflict, Error};
use persist_tests::stores::Fresh;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, PartialEq, Eq, View)]
#[view(of = LooseImage, edit)]
struct Form {
    id: i32,
    name: String,
    #[view(by = loose_property::name, value = loose_property::value)]
    properties: BTreeMap<String, String>,
    #[view(value = loose_tag::label)]
    tags: BTreeSet<String>,
    #[view(position = loose_location::position)]
    locations: Vec<Place>,
}

#[derive(Debug, Clone, PartialEq, Eq, View)]
#[view(of = LooseLocation, edit)]
struct Place {
    id: i32,
    position: i32,
    url: String,
}

#[derive(Debug, Clone)]
enum Act {
    Name(u8),
    Put(u8, u8),
    Drop(u8),
    Tag(u8),
    Untag(u8),
    Append(u8),
    Insert(u8, u8),
    Rewrite(u8, u8),
    Remove(u8),
    Move(u8, u8),
}

fn act() -> impl Strategy<Value = Act> {
    let key = || 0_u8..5;
    prop_oneof![
        key().prop_map(Act::Name),
        (key(), key()).prop_map(|(name, value)| Act::Put(name, value)),
        key().prop_map(Act::Drop),
        key().prop_map(Act::Tag),
        key().prop_map(Act::Untag),
        any::<u8>().prop_map(Act::Append),
        (key(), any::<u8>()).prop_map(|(at, url)| Act::Insert(at, url)),
        (key(), any::<u8>()).prop_map(|(at, url)| Act::Rewrite(at, url)),
        key().prop_map(Act::Remove),
        (key(), key()).prop_map(|(from, to)| Act::Move(from, to)),
    ]
}

impl Act {
    fn on(&self, form: &mut Form) {
        let text = |number: &u8| format!("{number}");
        let place = |url: &u8| Place { id: 0, position: 0, url: format!("file:///{url}") };
        let at = |at: &u8, form: &Form| usize::from(*at) % form.locations.len().max(1);
        let is_empty = form.locations.is_empty();
        match self {
            Self::Name(name) => form.name = text(name),
            Self::Put(name, value) => drop(form.properties.insert(text(name), text(value))),
            Self::Drop(name) => drop(form.properties.remove(&text(name))),
            Self::Tag(tag) => {
                form.tags.insert(text(tag));
            }
            Self::Untag(tag) => {
                form.tags.remove(&text(tag));
            }
            Self::Append(url) => form.locations.push(place(url)),
            Self::Insert(to, url) => form.locations.insert(at(to, form), place(url)),
            Self::Rewrite(..) | Self::Remove(_) | Self::Move(..) if is_empty => {}
            Self::Rewrite(to, url) => {
                let to = at(to, form);
                form.locations[to].url = format!("file:///{url}");
            }
            Self::Remove(from) => drop(form.locations.remove(at(from, form))),
            Self::Move(from, to) => {
                let moved = form.locations.remove(at(from, form));
                form.locations.insert(at(to, form), moved);
            }
        }
    }
}

/// One step of one of two editors.
#[derive(Debug, Clone)]
enum Step {
    Load,
    Act(Act),
    Save,
}

fn steps() -> impl Strategy<Value = Vec<(bool, Step)>> {
    let step = prop_oneof![2 => Just(Step::Load), 6 => act().prop_map(Step::Act), 2 => Just(Step::Save)];
    prop::collection::vec((any::<bool>(), step), 4..40)
}

/// What is stored, as the model has it. The order of a list that two change is not for it to say.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Model {
    name: String,
    properties: BTreeMap<String, String>,
    tags: BTreeSet<String>,
    urls: BTreeMap<i32, String>,
}

/// What a save should come to.
#[derive(Debug, PartialEq, Eq)]
enum Saved {
    Done,
    /// Elements that somebody else put first.
    Duplicate,
    /// Elements that are changed and not there any more.
    Gone,
}

impl Model {
    fn of(form: &Form) -> Self {
        let urls = form.locations.iter().map(|place| (place.id, place.url.clone())).collect();
        Self { name: form.name.clone(), properties: form.properties.clone(), tags: form.tags.clone(), urls }
    }

    /// What differs between two forms, done to this. New rows of the list are added when their keys are known.
    fn save(&mut self, base: &Form, mine: &Form) -> Saved {
        let mut next = self.clone();
        let mut saved = Saved::Done;
        if mine.name != base.name {
            next.name.clone_from(&mine.name);
        }
        for (name, value) in &mine.properties {
            match (base.properties.get(name), self.properties.contains_key(name)) {
                (None, true) => return Saved::Duplicate,
                (Some(read), _) if read == value => continue,
                (Some(_), false) => saved = Saved::Gone,
                _ => {}
            }
            next.properties.insert(name.clone(), value.clone());
        }
        for name in base.properties.keys().filter(|name| !mine.properties.contains_key(*name)) {
            next.properties.remove(name);
        }
        next.tags.extend(mine.tags.difference(&base.tags).cloned());
        next.tags.retain(|tag| mine.tags.contains(tag) || !base.tags.contains(tag));
        let (read, hand) = (Self::of(base).urls, Self::of(mine).urls);
        for id in read.keys().filter(|id| !hand.contains_key(id)) {
            next.urls.remove(id);
        }
        for (id, url) in hand.iter().filter(|(id, url)| read.get(id).is_some_and(|read| read != *url)) {
            match next.urls.get_mut(id) {
                Some(stored) => stored.clone_from(url),
                None => saved = Saved::Gone,
            }
        }
        if saved == Saved::Done {
            *self = next;
        }
        saved
    }
}

fn stored(context: &mut Context<'_>) -> Form {
    context.realise(LooseImages::all().view::<Form>()).unwrap().pop().unwrap()
}

/// Whether positions that moved belong to rows that are not there: then a save is gone, although the model, which knows no
/// positions, sees nothing wrong.
fn moved_what_is_gone(base: &Form, mine: &Form, now: &Form) -> bool {
    let ids = |form: &Form| form.locations.iter().map(|place| place.id).collect::<Vec<_>>();
    let (read, hand, now) = (ids(base), ids(mine), ids(now));
    let kept: Vec<_> = read.iter().filter(|id| hand.contains(id)).collect();
    let stands: Vec<_> = hand.iter().filter(|id| read.contains(id)).collect();
    (kept != stands || hand.contains(&0)) && hand.iter().any(|id| read.contains(id) && !now.contains(id))
}

fn check(fresh: &mut Fresh, steps: &[(bool, Step)]) {
    let name = fresh.name();
    let mut context = fresh.context();
    let mut form = Form {
        id: 0,
        name: "cirros".to_owned(),
        properties: [("0", "0"), ("1", "1")].map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        tags: ["0".to_owned(), "1".to_owned()].into(),
        locations: ["a", "b", "c"].map(|url| Place { id: 0, position: 0, url: url.to_owned() }).into(),
    };
    let mut work = Work::new();
    let _ = work.insert(&mut form);
    context.commit(work).unwrap();
    let mut model = Model::of(&form);
    let mut editors = [None, None].map(|_: Option<()>| (Edit::from(form.clone()), form.clone()));
    for (which, step) in steps {
        let (edit, base) = &mut editors[usize::from(*which)];
        match step {
            Step::Load => {
                *edit = context.edit(form.id).unwrap();
                *base = (**edit).clone();
            }
            Step::Act(act) => act.on(edit),
            Step::Save => {
                let (mine, before) = ((**edit).clone(), stored(&mut context));
                let alone = before == *base;
                let expected = model.save(base, &mine);
                let moved = moved_what_is_gone(base, &mine, &before);
                let saved = match context.save(edit) {
                    Ok(()) => Saved::Done,
                    Err(Error::Conflicts(conflicts)) if matches!(conflicts.all()[0], Conflict::Duplicate { .. }) => {
                        Saved::Duplicate
                    }
                    Err(Error::Conflicts(conflicts)) if matches!(conflicts.all()[0], Conflict::Gone { .. }) => {
                        Saved::Gone
                    }
                    Err(other) => panic!("{name}: {other}"),
                };
                let now = stored(&mut context);
                if moved && saved != Saved::Done {
                    // Nothing of it was written.
                    assert_eq!(now, before, "{name}: {steps:?}");
                    model = Model::of(&now);
                    continue;
                }
                assert_eq!(saved, expected, "{name}: {steps:?}");
                if saved == Saved::Done {
                    *base = (**edit).clone();
                    assert!(!Edit::is_changed(edit), "{name}: {steps:?}");
                    // The new rows of the list, with the keys that the store made; in the order that I gave them.
                    model.urls.extend(
                        edit.locations
                            .iter()
                            .filter(|place| !before.locations.iter().any(|old| old.id == place.id))
                            .map(|place| (place.id, place.url.clone()))
                            .filter(|(id, _)| now.locations.iter().any(|new| new.id == *id)),
                    );
                } else {
                    assert_eq!(now, before, "{name}: nothing of it was written: {steps:?}");
                }
                assert_eq!(Model::of(&now), model, "{name}: {steps:?}");
                if saved == Saved::Done && alone {
                    assert_eq!(
                        now, **edit,
                        "{name}: the order is kept, and what is in hand is what is stored: {steps:?}"
                    );
                }
            }
        }
    }
}

fn run(cases: u32, fresh: impl Fn() -> Vec<Fresh>) {
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) };
    let ran = proptest::test_runner::TestRunner::new(config).run(&steps(), |steps| {
        fresh().iter_mut().for_each(|fresh| check(fresh, &steps));
        Ok(())
    });
    ran.unwrap();
}

#[test]
fn on_memory_and_sqlite() {
    run(400, || vec![persist_tests::stores::memory(), persist_tests::stores::sqlite(LOOSE)]);
}

#[test]
fn on_every_store() {
    run(24, || persist_tests::stores::every(LOOSE));
}

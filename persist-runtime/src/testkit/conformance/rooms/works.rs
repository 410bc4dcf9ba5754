//! Units of work: in the order that references ask for, with the keys that the store makes, all or nothing.

use super::super::References;
use super::super::trial::{Place, Trial};
use super::conflict;
use crate::context::Error;
use crate::edit::{Conflict, Done, Edit};
use crate::prelude::*;
use crate::store::Fault;

mod schema {
    diesel::table! { clubs (id) { id -> Integer, name -> Text, lead_id -> Nullable<Integer>, } }
    diesel::table! { players (id) { id -> Integer, name -> Text, club_id -> Integer, boss_id -> Nullable<Integer>, } }
    diesel::table! { badges (id) { id -> Integer, code -> Text, player_id -> Nullable<Integer>, } }
    diesel::table! { desks (id) { id -> Integer, club_id -> Integer, } }
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = schema::clubs)]
#[entity(has_many(players: Player, on_delete = cascade), has_many(desks: Desk, on_delete = restrict))]
struct Club {
    #[entity(key, generated)]
    id: i32,
    name: String,
    #[entity(belongs_to(lead: Player, group = leads))]
    lead_id: Option<i32>,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = schema::players)]
#[entity(has_many(badges: Badge, on_delete = nullify), has_many(reports: Player, by = boss, on_delete = nullify))]
struct Player {
    #[entity(key, generated)]
    id: i32,
    name: String,
    #[entity(belongs_to(club: Club))]
    club_id: i32,
    #[entity(belongs_to(boss: Player, group = bosses))]
    boss_id: Option<i32>,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = schema::badges, unique(code))]
struct Badge {
    #[entity(key, generated)]
    id: i32,
    code: String,
    #[entity(belongs_to(player: Player))]
    player_id: Option<i32>,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = schema::desks)]
struct Desk {
    #[entity(key)]
    id: i32,
    #[entity(belongs_to(club: Club))]
    club_id: i32,
}

fn player(name: &str) -> Player {
    Player { id: 0, name: name.into(), club_id: 0, boss_id: None }
}

fn badge(code: &str) -> Badge {
    Badge { id: 0, code: code.into(), player_id: None }
}

/// Where references are kept, if the store can.
fn place(at: &Trial<'_>) -> Place {
    let references = if at.keeps_references() { References::Enforced } else { References::Free };
    at.place_with(&[Club::TABLE, Player::TABLE, Badge::TABLE, Desk::TABLE], references)
}

/// A club with a lead, two who report to the lead, and a badge: all new, given in a bad order.
fn found(context: &mut Context<'_>) -> (Club, [Player; 3], Badge) {
    let (mut club, mut card) = (Club { id: 0, name: "kernel".into(), lead_id: None }, badge("K1"));
    let mut people = ["linus", "greg", "andrew"].map(player);
    let mut work = Work::new();
    let code = work.insert(&mut card);
    let [linus, greg, andrew] = people.each_mut().map(|person| work.insert(person));
    let group = work.insert(&mut club);
    for person in [linus, greg, andrew] {
        work.refer(person, player::club, group);
    }
    work.refer(greg, player::boss, linus).refer(andrew, player::boss, linus);
    work.refer(group, club::lead, linus).refer(code, badge::player, greg);
    assert_eq!(context.commit(work).unwrap(), [Done::Inserted; 5]);
    (club, people, card)
}

/// Keys flow to the rows that refer to them, also round a circle.
pub(crate) fn new_rows(at: &Trial<'_>) {
    let place = place(at);
    let context = &mut place.context();
    let (club, people, card) = found(context);
    let [linus, greg, andrew] = &people;
    assert!(club.id > 0 && people.iter().all(|person| person.id > 0 && person.club_id == club.id));
    assert_eq!((linus.boss_id, greg.boss_id, andrew.boss_id), (None, Some(linus.id), Some(linus.id)));
    assert_eq!((club.lead_id, card.player_id), (Some(linus.id), Some(greg.id)));
    let stored = context.realise((Clubs::all(), Players::all(), Badges::all())).unwrap();
    assert_eq!(stored, (vec![club], people.to_vec(), vec![card]));
}

/// A row that goes makes place for one with the same unique value.
pub(crate) fn a_value_that_becomes_free(at: &Trial<'_>) {
    let place = place(at);
    let context = &mut place.context();
    let (_, people, card) = found(context);
    let mut new = Badge { player_id: Some(people[2].id), ..badge("K1") };
    let old = Edit::from(card);
    let mut work = Work::new();
    let _ = work.insert(&mut new);
    work.delete(&old);
    assert_eq!(context.commit(work).unwrap(), [Done::Inserted, Done::Deleted]);
    assert_eq!(context.realise(Badges::all()).unwrap(), [new]);
}

/// What depends on a row that goes is kept, goes too, or refers to nothing, as it is declared.
pub(crate) fn dependents(at: &Trial<'_>) {
    let place = place(at);
    let context = &mut place.context();
    let (club, _, card) = found(context);
    context.insert(&Desk { id: 1, club_id: club.id }).unwrap();
    context.apply(club.id, Changes::<Club>::new().set(club::lead_id, None)).unwrap();
    let kept = conflict(context.delete_key::<Club>(club.id));
    assert!(matches!(kept, Conflict::Restricted { relation: "desks", .. }), "{kept}");
    assert_eq!(context.realise(Players::all().count()).unwrap(), 3, "nothing went");
    context.delete_key::<Desk>(1).unwrap();
    context.delete_key::<Club>(club.id).unwrap();
    assert_eq!(context.realise((Clubs::all().count(), Players::all().count())).unwrap(), (0, 0));
    assert_eq!(context.realise(Badges::all()).unwrap(), [Badge { player_id: None, ..card }]);
}

/// Of a group that is deleted, too.
pub(crate) fn dependents_of_groups(at: &Trial<'_>) {
    let place = place(at);
    let context = &mut place.context();
    let (club, people, _) = found(context);
    context.apply(club.id, Changes::<Club>::new().set(club::lead_id, None)).unwrap();
    assert_eq!(context.delete_all(&Players::all().filter(player::boss_id.is_null())).unwrap(), 1);
    let left = context.realise(Players::all()).unwrap();
    let left: Vec<_> = left.iter().map(|person| (person.id, person.boss_id)).collect();
    assert_eq!(left, [(people[1].id, None), (people[2].id, None)]);
}

/// Nothing is left of what failed half way, and all of it is still in hand.
pub(crate) fn all_or_nothing(at: &Trial<'_>) {
    let place = place(at);
    let context = &mut place.context();
    let (_, people, _) = found(context);
    let mut edits: Vec<_> = people.iter().cloned().map(Edit::from).collect();
    edits.iter_mut().for_each(|edit| edit.name.push('!'));
    let (mut twin, mut fresh) = (badge("K1"), badge("K2"));
    let mut work = Work::new();
    let mut rest = edits.iter_mut();
    let _ = (work.save(rest.next().unwrap()), work.insert(&mut fresh), work.insert(&mut twin));
    let _ = work.save(rest.next().unwrap());
    match context.commit(work).unwrap_err() {
        Error::Store(error) => assert!(matches!(error.fault(), Fault::Duplicate(_)), "{error}"),
        other => panic!("{other}"),
    }
    assert_eq!(context.realise((Players::all(), Badges::all().count())).unwrap(), (people.to_vec(), 1));
    assert_eq!((twin.id, fresh.id), (0, 0));
    assert!(Edit::is_changed(&edits[0]));
    context.save_all(&mut edits).unwrap();
    assert!(context.realise(Players::all()).unwrap().iter().all(|person| person.name.ends_with('!')));
}

/// Statements do not grow with the rows.
pub(crate) fn many_rows(at: &Trial<'_>) {
    let place = place(at);
    let mut sent = Vec::new();
    for rows in [3, 300] {
        let mut context = place.context();
        let (mut club, mut people) = (Club { id: 0, name: "big".into(), lead_id: None }, vec![player("x"); rows]);
        let mut work = Work::new();
        let group = work.insert(&mut club);
        for person in &mut people {
            let person = work.insert(person);
            work.refer(person, player::club, group);
        }
        context.commit(work).unwrap();
        let mut edits: Vec<_> = people.into_iter().map(Edit::from).collect();
        edits.iter_mut().enumerate().for_each(|(n, edit)| edit.name = format!("{n}"));
        context.save_all(&mut edits).unwrap();
        sent.push(context.stats().statements);
        let names = context.realise(Players::all().filter(player::club_id.eq(club.id))).unwrap();
        assert!(names.iter().enumerate().all(|(n, person)| person.name == n.to_string()));
    }
    assert_eq!(sent[0], sent[1]);
}

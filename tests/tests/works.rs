//! Units of work: what foreign keys ask for, on databases that enforce them, beside memory.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use persist::prelude::*;
use persist::{Changes, Conflict, Done, Edit, Error, Why, Work};
use persist_tests::stores::{self, Fresh};

mod schema {
    diesel::table! { teams (id) { id -> Integer, name -> Text, lead_id -> Nullable<Integer>, } }
    diesel::table! { members (id) { id -> Integer, name -> Text, team_id -> Integer, boss_id -> Nullable<Integer>, } }
    diesel::table! { badges (id) { id -> Integer, code -> Text, member_id -> Nullable<Integer>, } }
    diesel::table! { desks (id) { id -> Integer, team_id -> Integer, } }
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = schema::teams)]
#[entity(has_many(members: Member, on_delete = cascade), has_many(desks: Desk, on_delete = restrict))]
struct Team {
    #[entity(key, generated)]
    id: i32,
    name: String,
    #[entity(belongs_to(lead: Member, group = leads))]
    lead_id: Option<i32>,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = schema::members)]
#[entity(has_many(badges: Badge, on_delete = nullify), has_many(reports: Member, by = boss, on_delete = nullify))]
struct Member {
    #[entity(key, generated)]
    id: i32,
    name: String,
    #[entity(belongs_to(team: Team))]
    team_id: i32,
    #[entity(belongs_to(boss: Member, group = bosses))]
    boss_id: Option<i32>,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = schema::badges, unique(code))]
struct Badge {
    #[entity(key, generated)]
    id: i32,
    code: String,
    #[entity(belongs_to(member: Member))]
    member_id: Option<i32>,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = schema::desks)]
struct Desk {
    #[entity(key)]
    id: i32,
    #[entity(belongs_to(team: Team))]
    team_id: i32,
}

/// Foreign keys, enforced at once.
fn stores() -> Vec<Fresh> {
    let tables = |key: &str, lead: &str| {
        format!(
            "CREATE TABLE teams (id {key}, name TEXT NOT NULL, lead_id INTEGER{lead});
             CREATE TABLE members (id {key}, name TEXT NOT NULL, team_id INTEGER NOT NULL, boss_id INTEGER,
                 FOREIGN KEY (team_id) REFERENCES teams (id), FOREIGN KEY (boss_id) REFERENCES members (id));
             CREATE TABLE badges (id {key}, code VARCHAR(40) NOT NULL UNIQUE, member_id INTEGER,
                 FOREIGN KEY (member_id) REFERENCES members (id));
             CREATE TABLE desks (id INTEGER PRIMARY KEY, team_id INTEGER NOT NULL,
                 FOREIGN KEY (team_id) REFERENCES teams (id));"
        )
    };
    let mut all = stores::every(&[]);
    for fresh in &mut all {
        let key = match fresh {
            Fresh::Memory(_) => continue,
            Fresh::Sqlite(_) | Fresh::File(..) => "INTEGER PRIMARY KEY",
            Fresh::Postgres(_) => "SERIAL PRIMARY KEY",
            Fresh::Mysql(_) => "INTEGER AUTO_INCREMENT PRIMARY KEY",
        };
        if let Fresh::Sqlite(_) = fresh {
            // It cannot add a foreign key later, but refer to a table that is not there yet.
            fresh.execute("PRAGMA foreign_keys = ON");
            fresh.execute(&tables(key, " REFERENCES members (id)"));
        } else {
            fresh.execute(&tables(key, ""));
            fresh.execute("ALTER TABLE teams ADD FOREIGN KEY (lead_id) REFERENCES members (id)");
        }
    }
    all
}

fn team(name: &str) -> Team {
    Team { id: 0, name: name.into(), lead_id: None }
}

fn member(name: &str, team_id: i32) -> Member {
    Member { id: 0, name: name.into(), team_id, boss_id: None }
}

fn badge(code: &str) -> Badge {
    Badge { id: 0, code: code.into(), member_id: None }
}

/// A team with a lead, two who report to the lead, and a badge: all new, keys made by the store, given in a bad order.
fn found(store: &mut Fresh) -> (Team, Vec<Member>, Badge) {
    let (mut kernel, mut code) = (team("kernel"), badge("K1"));
    let mut people = ["linus", "greg", "andrew"].map(|name| member(name, 0));
    let mut work = Work::new();
    let card = work.insert(&mut code);
    let [linus, greg, andrew] = people.each_mut().map(|person| work.insert(person));
    let group = work.insert(&mut kernel);
    for person in [linus, greg, andrew] {
        work.refer(person, member::team, group);
    }
    work.refer(greg, member::boss, linus).refer(andrew, member::boss, linus);
    work.refer(group, team::lead, linus).refer(card, badge::member, greg);
    let done = store.context().commit(work).unwrap();
    assert_eq!(done, [Done::Inserted; 5]);
    (kernel, people.into(), code)
}

#[test]
fn keys_that_the_store_makes_flow_to_the_children_and_round_a_circle() {
    for mut store in stores() {
        let name = store.name();
        let (kernel, people, code) = found(&mut store);
        let [linus, greg, andrew] = people.as_slice() else { panic!() };
        assert!(kernel.id > 0 && people.iter().all(|person| person.team_id == kernel.id), "{name}");
        assert_eq!((linus.boss_id, greg.boss_id, andrew.boss_id), (None, Some(linus.id), Some(linus.id)), "{name}");
        assert_eq!((kernel.lead_id, code.member_id), (Some(linus.id), Some(greg.id)), "{name}");
        let stored = store.context().realise((Teams::all(), Members::all(), Badges::all())).unwrap();
        assert_eq!(stored, (vec![kernel], people, vec![code]), "{name}");
    }
}

#[test]
fn a_row_that_goes_makes_place_for_one_with_the_same_unique_value() {
    for mut store in stores() {
        let (_, people, code) = found(&mut store);
        let mut context = store.context();
        let mut new = Badge { member_id: Some(people[2].id), ..badge("K1") };
        let old = Edit::from(code);
        let mut work = Work::new();
        let _ = work.insert(&mut new);
        work.delete(&old);
        assert_eq!(context.commit(work).unwrap(), [Done::Inserted, Done::Deleted]);
        assert_eq!(context.realise(Badges::all()).unwrap(), [new]);
    }
}

#[test]
fn what_depends_on_a_row_follows_its_declaration() {
    for mut store in stores() {
        let name = store.name();
        let (kernel, people, code) = found(&mut store);
        let mut context = store.context();
        context.insert(&Desk { id: 1, team_id: kernel.id }).unwrap();
        // The circle is opened first: persist deletes children before their parents.
        context.apply(kernel.id, Changes::<Team>::new().set(team::lead_id, None)).unwrap();

        let error = context.delete_key::<Team>(kernel.id).unwrap_err();
        assert!(matches!(error.conflicts(), [Conflict::Restricted { relation: "desks", .. }]), "{name}: {error}");
        assert_eq!(context.realise(Members::all().count()).unwrap(), 3, "{name}: nothing went");

        context.delete_key::<Desk>(1).unwrap();
        context.delete_key::<Team>(kernel.id).unwrap();
        assert_eq!(context.realise((Teams::all().count(), Members::all().count())).unwrap(), (0, 0), "{name}");
        let orphan = Badge { member_id: None, ..code };
        assert_eq!(context.realise(Badges::all()).unwrap(), [orphan], "{name}: cascade, then nullify");
        assert_eq!(people.len(), 3);
    }
}

#[test]
fn a_group_goes_with_what_depends_on_it() {
    for mut store in stores() {
        let (kernel, people, _) = found(&mut store);
        let mut context = store.context();
        context.apply(kernel.id, Changes::<Team>::new().set(team::lead_id, None)).unwrap();
        assert_eq!(context.delete_all(&Members::all().filter(member::boss_id.is_null())).unwrap(), 1);
        let left = context.realise(Members::all()).unwrap();
        assert_eq!(
            left.iter().map(|person| (person.id, person.boss_id)).collect::<Vec<_>>(),
            [(people[1].id, None), (people[2].id, None)]
        );
    }
}

#[test]
fn nothing_is_left_of_what_failed_half_way() {
    for mut store in stores() {
        let name = store.name();
        let (kernel, people, _) = found(&mut store);
        let mut context = store.context();
        let mut edits: Vec<_> = people.iter().cloned().map(Edit::from).collect();
        edits.iter_mut().for_each(|edit| edit.name.push('!'));
        let mut twin = badge("K1");
        let mut work = Work::new();
        let mut rest = edits.iter_mut();
        let _ = work.save(rest.next().unwrap());
        let _ = work.insert(&mut twin);
        let _ = work.save(rest.next().unwrap());
        let error = context.commit(work).unwrap_err();
        assert!(
            matches!(&error, Error::Store(error) if matches!(error.fault(), persist::Fault::Duplicate(_))),
            "{error}"
        );
        assert_eq!(context.realise(Members::all()).unwrap(), people, "{name}");
        assert_eq!((twin.id, edits[0].name.as_str()), (0, "linus!"), "{name}: still in hand");
        assert!(Edit::is_changed(&edits[0]), "{name}");

        let taken = context.realise(Badges::all()).unwrap()[0].id;
        context.delete_key::<Badge>(taken).unwrap();
        context.save_all(&mut edits).unwrap();
        assert!(context.realise(Members::all()).unwrap().iter().all(|person| person.name.ends_with('!')), "{name}");
        assert_eq!(context.realise(Teams::from_keys([kernel.id]).count()).unwrap(), 1);
    }
}

/// W30: nothing to do is no error, and sends nothing.
#[test]
fn an_empty_work_sends_nothing() {
    for mut store in stores() {
        let (_, people, _) = found(&mut store);
        let mut context = store.context();
        let before = context.stats();
        assert_eq!(context.commit(Work::new()).unwrap(), []);
        let mut edits: Vec<_> = people.into_iter().map(Edit::from).collect();
        context.save_all(&mut edits).unwrap();
        assert_eq!((context.stats() - before).statements, 0);
    }
}

/// Of a circle of references that may not be NULL none can be written first.
#[test]
fn a_circle_that_cannot_be_opened_is_refused() {
    mod tables {
        diesel::table! { hens (id) { id -> Integer, egg_id -> Integer, } }
        diesel::table! { eggs (id) { id -> Integer, hen_id -> Integer, } }
    }
    #[derive(Debug, Clone, PartialEq, Entity)]
    #[entity(table = tables::hens)]
    struct Hen {
        #[entity(key)]
        id: i32,
        #[entity(belongs_to(egg: Egg))]
        egg_id: i32,
    }
    #[derive(Debug, Clone, PartialEq, Entity)]
    #[entity(table = tables::eggs)]
    struct Egg {
        #[entity(key)]
        id: i32,
        #[entity(belongs_to(hen: Hen))]
        hen_id: i32,
    }
    let mut store = stores::memory();
    let (mut hen, mut egg) = (Hen { id: 1, egg_id: 1 }, Egg { id: 1, hen_id: 1 });
    let mut work = Work::new();
    let _ = work.insert(&mut hen);
    let _ = work.insert(&mut egg);
    let error = store.context().commit(work).unwrap_err();
    assert!(matches!(&error, Error::Refused(refused) if refused.why == Why::Circle), "{error}");
}

/// Statements do not grow with the rows.
#[test]
fn many_things_of_one_kind_are_one_statement() {
    for mut store in stores() {
        let mut sent = Vec::new();
        for rows in [3, 300] {
            let mut context = store.context();
            let (mut kernel, mut people) = (team("big"), vec![member("x", 0); rows]);
            let before = context.stats();
            let mut work = Work::new();
            let group = work.insert(&mut kernel);
            for person in &mut people {
                let person = work.insert(person);
                work.refer(person, member::team, group);
            }
            context.commit(work).unwrap();
            let mut edits: Vec<_> = people.into_iter().map(Edit::from).collect();
            edits.iter_mut().enumerate().for_each(|(n, edit)| edit.name = format!("{n}"));
            context.save_all(&mut edits).unwrap();
            sent.push((context.stats() - before).statements);
        }
        assert_eq!(sent, [3, 3], "{}", store.name());
    }
}

/// What the store made of a value, and the struct cannot hold, is not committed.
#[test]
fn what_cannot_be_read_back_is_undone() {
    let mut store = stores().remove(1);
    let (_, people, _) = found(&mut store);
    // A generated column is read back: here it comes as a text.
    store.execute("CREATE TABLE odd (id INTEGER PRIMARY KEY, made INTEGER DEFAULT 'many')");
    mod tables {
        diesel::table! { odd (id) { id -> Integer, made -> Nullable<Integer>, } }
    }
    #[derive(Debug, Clone, PartialEq, Entity)]
    #[entity(table = tables::odd, group = Odds)]
    struct Odd {
        #[entity(key)]
        id: i32,
        #[entity(generated)]
        made: Option<i32>,
    }
    let mut context = store.context();
    let (mut odd, mut edit) = (Odd { id: 1, made: None }, Edit::from(people[0].clone()));
    edit.name = "renamed".into();
    let mut work = Work::new();
    let _ = work.insert(&mut odd);
    let _ = work.save(&mut edit);
    context.commit(work).unwrap_err();
    assert_eq!(context.realise(Odds::all().count()).unwrap(), 0, "undone");
    assert_eq!(context.realise(Members::all()).unwrap(), people, "undone");
    assert!(Edit::is_changed(&edit), "still to be saved");
}

//! For each capability something that needs it, by a program's means, with what has to come of it.

use super::super::super::domain::data::Data;
use super::super::super::domain::docs::{Doc, Docs, a_doc, doc};
use super::super::super::domain::images::{self, ImageForm};
use super::super::super::domain::*;
use super::super::super::trial::Trial;
use crate::Entity;
use crate::context::{Context, Error};
use crate::edit::{Changes, Edit};
use crate::engine::Request;
use crate::prelude::*;
use crate::store::Capability;
use rust_decimal::Decimal;
use serde_json::json;
use std::fmt::Debug;
use uuid::Uuid;

mod schema {
    diesel::table! {
        records (id) { id -> Integer, exact -> Numeric, meta -> Jsonb, extra -> Nullable<Json>, }
    }
    diesel::table! { tickets (id) { id -> Binary, what -> Text, } }
}

/// What few stores treat alike.
#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = schema::records)]
pub(super) struct Record {
    #[entity(key)]
    id: i32,
    exact: Decimal,
    meta: serde_json::Value,
    extra: Option<serde_json::Value>,
}

/// A key that is made up, and is no number.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::tickets)]
pub(super) struct Ticket {
    #[entity(key, generated)]
    id: Uuid,
    what: String,
}

/// A task, a document or a ticket.
#[derive(Debug, PartialEq, View)]
#[view(group = Kinds, columns = kinds)]
enum Kind {
    Task(Task),
    Team(Team),
}

/// A team with its members, to be written as a whole.
#[derive(Debug, Clone, PartialEq, View)]
#[view(of = Team, edit)]
struct Roster {
    name: String,
    members: Vec<Member>,
}

fn a_record(id: i32, extra: serde_json::Value) -> Record {
    Record { id, exact: Decimal::new(5, 1), meta: json!({ "n": id }), extra: Some(extra) }
}

/// Reads, and fails as an explanation does.
fn read<R: Request<Output: Debug + PartialEq> + Clone>(
    context: &mut Context<'_>,
    request: R,
    expected: &R::Output,
) -> Result<(), Error> {
    let (before, explained) = (context.stats(), context.explain(request.clone()).map(drop));
    match (context.realise(request), explained) {
        (Ok(answer), Ok(())) => {
            assert_eq!(answer, *expected);
            Ok(())
        }
        (Err(refused), Err(explained)) => {
            assert_eq!(refused.to_string(), explained.to_string());
            assert_eq!(context.stats(), before, "nothing was sent: {refused}");
            Err(refused)
        }
        (answer, explained) => panic!("{answer:?}, and explained {explained:?}"),
    }
}

fn data(context: &mut Context<'_>) -> Data {
    let data = Data::of(12);
    data.insert(context).unwrap();
    data
}

/// Something that needs `capability`; that it was done is looked at, and that nothing was where it is refused.
pub(super) fn attempt(at: &Trial<'_>, capability: Capability) -> Result<(), Error> {
    match capability {
        Capability::Transactions | Capability::Savepoints => transactions(at, capability),
        // Nothing is refused without them: cases of their own look at what they give.
        Capability::Snapshots | Capability::ForeignKeys => Ok(()),
        Capability::GeneratedKeys | Capability::GeneratedValues => generated(at, capability),
        Capability::Locks | Capability::Upserts => collections(at, capability),
        Capability::GroupWrites | Capability::ExactSums => writes(at, capability),
        Capability::JsonPlaces | Capability::JsonOrder | Capability::JsonEquality => documents(at, capability),
        Capability::Nul | Capability::Infinity | Capability::Nan => values(at, capability),
        Capability::Joins
        | Capability::Subqueries
        | Capability::Recursion
        | Capability::Unions
        | Capability::LimitPerKey
        | Capability::Aggregates
        | Capability::TextTests => reads(at, capability),
    }
}

fn transactions(at: &Trial<'_>, capability: Capability) -> Result<(), Error> {
    let place = at.place(&[Team::TABLE]);
    let context = &mut place.context();
    let team = Team { name: "a".into(), motto: None };
    let done = context.transaction(|context| match capability {
        Capability::Savepoints => context.transaction(|context| context.insert(&team)),
        _ => context.insert(&team),
    });
    assert_eq!(context.realise(Teams::all().exists()).unwrap(), done.is_ok());
    done
}

fn generated(at: &Trial<'_>, capability: Capability) -> Result<(), Error> {
    let place = at.place(&[Doc::TABLE, Ticket::TABLE]);
    let context = &mut place.context();
    let (mut doc, mut ticket) = (a_doc(0), Ticket { id: Uuid::nil(), what: "a seat".into() });
    let (before, made) = (
        context.stats(),
        match capability {
            Capability::GeneratedKeys => context.create(&mut doc),
            _ => context.create(&mut ticket),
        },
    );
    match made {
        Ok(()) => assert!(doc.id > 0 || !ticket.id.is_nil()),
        Err(_) => assert!(context.stats() == before && doc == a_doc(0) && ticket.id.is_nil()),
    }
    made
}

fn collections(at: &Trial<'_>, capability: Capability) -> Result<(), Error> {
    if capability == Capability::Upserts {
        let place = at.place(images::TABLES);
        let context = &mut place.context();
        context.insert_exactly(&images::Image { id: 1, name: "cirros".into(), revision: 1 })?;
        let mut edit = context.edit::<ImageForm>(1)?;
        edit.tags.insert("small".into());
        let saved = context.save(&mut edit);
        assert_eq!(context.realise(images::ImageTags::all().exists())?, saved.is_ok());
        return saved;
    }
    let place = at.place(&[Team::TABLE, Member::TABLE]);
    let context = &mut place.context();
    context.insert(&Team { name: "a".into(), motto: None })?;
    let mut edit = context.edit::<Roster>("a".to_owned())?;
    let ann = Member { id: 1, name: "Ann".into(), rank: None, team_name: Some("a".into()), manager_id: None };
    edit.members.push(ann);
    Edit::replace_all(&mut edit, team::members);
    let saved = context.save(&mut edit);
    assert_eq!(context.realise(Members::all().exists())?, saved.is_ok());
    saved
}

fn writes(at: &Trial<'_>, capability: Capability) -> Result<(), Error> {
    let place = at.place(&[Doc::TABLE, Record::TABLE]);
    let context = &mut place.context();
    context.insert_exactly(&a_doc(1))?;
    context.insert(&a_record(1, json!(1)))?;
    if capability == Capability::GroupWrites {
        let deleted = context.delete_all(&Docs::all().filter(doc::heat.gt(5)));
        assert_eq!(context.realise(Docs::all().exists())?, deleted.is_err());
        return deleted.map(drop);
    }
    let more = Changes::<Record>::new().add(record::exact, Decimal::new(1, 1));
    let applied = context.apply(1, more);
    let now = Decimal::new(if applied.is_ok() { 6 } else { 5 }, 1);
    assert_eq!(context.realise(Records::all())?[0].exact, now);
    applied
}

fn documents(at: &Trial<'_>, capability: Capability) -> Result<(), Error> {
    let place = at.place(&[Record::TABLE]);
    let context = &mut place.context();
    let all = [a_record(1, json!("a")), a_record(2, json!("b"))];
    all.iter().for_each(|row| context.insert(row).unwrap());
    match capability {
        Capability::JsonPlaces => {
            read(context, Records::all().filter(record::meta.key("n").eq(2)), &vec![all[1].clone()])
        }
        Capability::JsonOrder => {
            let less = record::meta.lt(json!({ "n": 2 }));
            read(context, Records::all().filter(less), &vec![all[0].clone()])?;
            read(context, Records::all().order_by(record::meta.desc()), &vec![all[1].clone(), all[0].clone()])
        }
        _ => read(context, Records::all().filter(record::extra.eq(json!("b"))), &vec![all[1].clone()]),
    }
}

fn values(at: &Trial<'_>, capability: Capability) -> Result<(), Error> {
    let place = at.place(TABLES);
    let context = &mut place.context();
    if capability == Capability::Nul {
        let odd = Team { name: "a\0b".into(), motto: None };
        let kept = context.insert(&odd);
        let expected = if kept.is_ok() { vec![odd] } else { Vec::new() };
        assert_eq!(context.realise(Teams::all())?, expected);
        let found = read(context, Teams::all().filter(team::name.eq("a\0b")), &expected);
        assert_eq!(kept.is_ok(), found.is_ok());
        return kept;
    }
    let score = if capability == Capability::Nan { f64::NAN } else { f64::INFINITY };
    let (id, title, state) = (task_id(1), "odd".to_owned(), State::Open);
    let odd = Task { id, title, heat: 1, score: Some(score), state, owner_id: 1, assignee_id: None };
    let kept = context.insert(&odd);
    let looked = context.realise(Tasks::all().filter(task::score.eq(score)).exists());
    assert_eq!(looked.is_ok(), kept.is_ok());
    assert_eq!(context.realise(Tasks::all().exists())?, kept.is_ok());
    kept
}

fn reads(at: &Trial<'_>, capability: Capability) -> Result<(), Error> {
    let place = at.place(TABLES);
    let context = &mut place.context();
    let data = data(context);
    let keys = |members: &[Member]| members.iter().map(|member| member.id).collect::<Vec<_>>();
    match capability {
        Capability::Joins => {
            let mut expected = data.members.clone();
            let motto = |member: &Member| {
                data.teams.iter().find(|team| Some(&team.name) == member.team_name.as_ref())?.motto.clone()
            };
            expected.sort_by_key(|member| (motto(member), member.id));
            read(context, Members::all().order_by(member::team.by(team::motto).asc()), &expected)
        }
        Capability::Subqueries => {
            let mut expected = data.members.clone();
            expected.retain(|member| member.team_name.as_deref() == Some("team 1"));
            read(context, Teams::from_keys(["team 1".to_owned()]).members(), &expected)
        }
        Capability::Recursion => {
            let mut below = vec![0];
            while let Some(more) = data.members.iter().find(|member| {
                member.manager_id.is_some_and(|above| below.contains(&above)) && !below.contains(&member.id)
            }) {
                below.push(more.id);
            }
            let reached = Members::from_keys([0]).reach(member::reports);
            let (explained, read) = (context.explain(&reached).map(drop), context.realise(&reached));
            assert_eq!(explained.is_ok(), read.is_ok());
            let mut read = keys(&read?);
            read.push(0);
            read.sort_unstable();
            read.dedup();
            below.sort_unstable();
            assert_eq!(read, below);
            Ok(())
        }
        Capability::Unions => {
            let tasks = data.tasks.iter().cloned().map(Kind::Task);
            let expected = tasks.chain(data.teams.iter().cloned().map(Kind::Team)).collect();
            read(context, Kinds::all(), &expected)
        }
        Capability::LimitPerKey => {
            let mut expected = data.tasks.clone();
            expected.dedup_by_key(|task| task.owner_id);
            read(context, Tasks::all().limit_per(task::owner, 1), &expected)
        }
        Capability::Aggregates => read(context, Notes::all().count(), &(data.notes.len() as u64)),
        _ => {
            let mut expected = data.members;
            expected.retain(|member| member.name.ends_with('3'));
            read(context, Members::all().filter(member::name.ends_with("3")), &expected)
        }
    }
}

//! Embedded structs: several columns as one field, on every store.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

use persist::prelude::*;
use persist::{Problem, Table, Value};
use persist_tests::stores::{self, Fresh};
use std::sync::Arc;

mod schema {
    #![allow(missing_docs, reason = "made by `table!`")]
    diesel::table! {
        guests (id) {
            id -> Integer,
            name -> Text,
            home_street -> Text,
            home_city -> Nullable<Text>,
            work_street -> Nullable<Text>,
            work_city -> Nullable<Text>,
            mail -> Nullable<Text>,
            lat -> Nullable<Integer>,
            lon -> Nullable<Integer>,
            host_id -> Nullable<Integer>,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Embedded)]
pub struct Address {
    street: String,
    city: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Embedded)]
pub struct Place {
    lat: i32,
    lon: i32,
}

#[derive(Debug, Clone, PartialEq, Embedded)]
pub struct Contact {
    mail: Option<String>,
    #[embedded(embed)]
    place: Option<Place>,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = schema::guests, has_many(guests: Guest, by = host, group = hosted))]
pub struct Guest {
    #[entity(key)]
    id: i32,
    /// In another order than the struct's.
    #[entity(embed(city = home_city, street = home_street))]
    home: Address,
    name: String,
    #[entity(embed(street = work_street, city = work_city))]
    work: Option<Address>,
    #[entity(embed(place: Option<Place>(lon = lon, lat = lat), mail = mail))]
    contact: Contact,
    #[entity(belongs_to(host: Guest))]
    host_id: Option<i32>,
}

fn address(street: &str, city: Option<&str>) -> Address {
    Address { street: street.into(), city: city.map(Into::into) }
}

fn guests() -> Vec<Guest> {
    let nobody = || Contact { mail: None, place: None };
    let work = Some(address("Kirchweg 2", None));
    let contact = Contact { mail: Some("ada@example.org".into()), place: Some(Place { lat: -1, lon: 179 }) };
    let home = || address("Am Markt 1", Some("Bonn"));
    let ada = Guest { id: 1, home: home(), name: "Ada".into(), work, contact, host_id: None };
    let (home, contact) = (address("Ring 3", None), nobody());
    let bela = Guest { id: 2, home, name: "Bela".into(), work: None, contact, host_id: Some(1) };
    let (home, work) = (address("", Some("Ulm")), Some(address("", Some(""))));
    vec![ada, bela, Guest { id: 3, home, name: "Chidi".into(), work, contact: nobody(), host_id: Some(1) }]
}

const TABLE: &Table = <Guest as persist::Entity>::TABLE;

fn filled() -> Vec<Fresh> {
    let mut all = stores::every(&[TABLE]);
    all.iter_mut().for_each(|fresh| fresh.context().insert_all(&guests()).unwrap());
    all
}

/// The list of columns is that of the fields, those of a struct in the order of its own.
#[test]
fn columns_stand_in_the_order_of_the_fields() {
    let names: Vec<_> = TABLE.columns.iter().map(|column| column.name).collect();
    let wanted = "id home_street home_city name work_street work_city mail lat lon host_id";
    assert_eq!(names.join(" "), wanted);
    let values = persist::Entity::values(&guests()[1]);
    assert_eq!(values[1], Value::from("Ring 3"));
    assert_eq!(values[4..9], [const { Value::Null }; 5]);
}

#[test]
fn what_is_written_is_read() {
    for mut fresh in filled() {
        assert_eq!(fresh.context().realise(Guests::all()).unwrap(), guests());
    }
}

#[test]
fn their_columns_filter_and_order() {
    const CITY: persist::Column<Guest, Option<String>> = guest::home.city;
    for mut fresh in filled() {
        let mut ids = |group: Guests| -> Vec<i32> {
            fresh.context().realise(group).unwrap().iter().map(|guest| guest.id).collect()
        };
        assert_eq!(ids(Guests::all().filter(guest::home.city.eq("Bonn"))), [1]);
        assert_eq!(ids(Guests::all().filter(guest::home.street.contains("R") | CITY.is_not_null())), [1, 2, 3]);
        assert_eq!(
            ids(Guests::all().filter(guest::work.street.is_null())),
            [2],
            "a required field of an optional struct"
        );
        assert_eq!(ids(Guests::all().filter(guest::contact.place.lon.gt(178))), [1]);
        assert_eq!(ids(Guests::all().order_by((guest::home.city.desc(), guest::home.street.asc()))), [3, 1, 2]);
    }
}

#[derive(Debug, PartialEq, View)]
#[view(of = Guest)]
struct Line {
    name: String,
    home: Address,
    #[view(from = work)]
    office: Option<Address>,
    #[view(from = home.city)]
    city: Option<String>,
    #[view(from = contact.place)]
    place: Option<Place>,
}

#[derive(Debug, PartialEq, View)]
#[view(of = Guest, budget = 3)]
struct Page {
    contact: Contact,
    #[view(flatten)]
    line: Line,
    host: Option<Arc<Line>>,
    #[view(order_by = guest::home.city.asc(), limit = 1)]
    guests: Vec<Line>,
}

#[test]
fn views_show_them_whole_or_in_part() {
    for mut fresh in filled() {
        let mut context = fresh.context();
        let pages = context.realise(Guests::all().view::<Page>()).unwrap();
        assert_eq!((context.stats().statements, context.stats().rounds), (3, 2));
        for (page, guest) in pages.iter().zip(guests()) {
            assert_eq!((&page.contact, &page.line.home, &page.line.office), (&guest.contact, &guest.home, &guest.work));
            assert_eq!((&page.line.city, &page.line.place), (&guest.home.city, &guest.contact.place));
            assert_eq!(page.host.as_ref().map(|host| host.name.as_str()), guest.host_id.map(|_| "Ada"));
        }
        let first: Vec<_> = pages[0].guests.iter().map(|guest| guest.name.as_str()).collect();
        assert_eq!(first, ["Bela"], "NULL comes first");
    }
}

/// NULL in a part that promises a value is the error of that part, for an `Option` of the struct too.
#[test]
fn a_struct_that_is_there_in_part_is_an_error_of_its_row() {
    for mut fresh in stores::databases(&[TABLE]) {
        fresh.context().insert_all(&guests()).unwrap();
        fresh.execute("UPDATE guests SET work_city = 'Rome' WHERE id = 2; UPDATE guests SET lon = 7 WHERE id = 3");
        let error = fresh.context().realise(Guests::all()).unwrap_err();
        let rows = error.rows().unwrap().rows();
        assert_eq!(rows.len(), 2);
        let at = |n: usize| (rows[n].field, rows[n].part.as_deref(), rows[n].column, rows[n].key.clone());
        assert_eq!(at(0), ("work", Some("street"), Some("work_street"), vec![2.into()]));
        assert_eq!(at(1), ("contact", Some("place.lat"), Some("lat"), vec![3.into()]));
        assert!(matches!(rows[0].problem, Problem::Unfit(_)));
        assert!(error.to_string().contains("Guest 2, field `work.street` (column `work_street`): "), "{error}");
        let error = fresh.context().realise(Guests::from_keys([2]).view::<Page>()).unwrap_err();
        assert!(error.to_string().contains("field `office.street` (column `work_street`) of `Page`"), "{error}");
        // What is not shown is not read.
        assert_eq!(
            fresh.context().realise(Guests::from_keys([3]).view::<Line>()).unwrap_err().rows().unwrap().rows().len(),
            1
        );
    }
}

/// The columns that an entity does not ask for are not sent.
#[test]
fn a_part_loads_its_column_only() {
    #[derive(Debug, View)]
    #[view(of = Guest)]
    #[allow(dead_code, reason = "only explained")]
    struct City {
        #[view(from = home.city)]
        city: Option<String>,
    }
    let mut fresh = stores::sqlite(&[TABLE]);
    let plan = fresh.context().explain(Guests::all().view::<City>()).unwrap().to_string();
    assert!(plan.contains("home_city") && !plan.contains("home_street") && !plan.contains("name`"), "{plan}");
}

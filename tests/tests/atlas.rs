//! References by a unique column, by keys of several columns, and of an entity to itself.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use persist::prelude::*;
use persist::{Context, Error};
use persist_tests::atlas::*;
use persist_tests::atlas_data::{Data, Place, data};
use persist_tests::stores;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::cell::{Cell, RefCell};

fn everywhere(data: &Data, check: impl Fn(&mut Context<'_>, &str)) {
    for mut fresh in stores::every(TABLES) {
        let name = fresh.name();
        let mut context = fresh.context();
        data.insert(&mut context).unwrap();
        check(&mut context, name);
    }
}

fn errors<T: std::fmt::Debug>(result: Result<T, Error>) -> Vec<String> {
    let Err(Error::Rows(rows)) = result else { panic!("no rows are at fault: {result:?}") };
    let mut rows: Vec<_> = rows.into_iter().map(|row| row.to_string()).collect();
    rows.sort();
    rows
}

/// References by a unique column, composite keys and links of all kinds: every store gives what memory gives.
#[test]
fn random_places_are_equal_on_every_store() {
    let stores = RefCell::new(stores::databases(TABLES));
    let step = (any::<u8>(), 0..24_u8);
    let places = prop::collection::vec((any::<u8>(), prop::collection::vec(step, 0..3)), 2..7);
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(128);
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let (held, failed) = (Cell::new(0), Cell::new(0));
    let ran = runner.run(&(data(), places), |(data, places)| {
        let mut memory = stores::memory();
        data.insert(&mut memory.context()).unwrap();
        for fresh in stores.borrow_mut().iter_mut() {
            let tables = TABLES.iter().map(|table| format!("DELETE FROM {};", table.name));
            fresh.execute(&tables.collect::<String>());
            data.insert(&mut fresh.context()).unwrap();
            for (start, steps) in &places {
                let place = Place::of(*start, steps);
                let expected = place.realise(&mut memory.context());
                let name = fresh.name();
                assert_eq!(place.realise(&mut fresh.context()), expected, "{place:?} on {name}");
                match expected {
                    Ok(rows) => held.set(held.get() + usize::from(rows.len() > 4)),
                    Err(_) => failed.set(failed.get() + 1),
                }
            }
        }
        Ok(())
    });
    ran.unwrap_or_else(|error| panic!("{error}"));
    let cases = usize::try_from(cases).unwrap();
    assert!(
        held.get() > cases / 2 && failed.get() > cases / 8,
        "{} with rows, {} with errors",
        held.get(),
        failed.get()
    );
}

/// A reference by a unique column is one like any other: NULL is none, what is not there is an error, and it is gone
/// along in both directions.
#[test]
fn references_by_a_unique_column() {
    let data = Data::of(16);
    everywhere(&data, |context, store| {
        let pages = context.realise(Countries::all().view::<CountryPage>()).unwrap();
        for (page, country) in pages.iter().zip(&data.countries) {
            let mine = |code: &Option<String>| code.is_some() && *code == country.code;
            let cities: Vec<_> =
                data.cities.iter().filter(|city| mine(&city.country_code)).map(|city| city.id).collect();
            assert_eq!(page.cities.iter().map(|city| city.id).collect::<Vec<_>>(), cities, "{store}");
            assert!(page.cities.iter().all(|city| city.country.as_ref().unwrap().name == country.name), "{store}");
            assert_eq!(page.capital.is_some(), data.capitals.iter().any(|x| mine(&Some(x.country_code.clone()))));
            let guests = data.embassies.iter().filter(|e| mine(&Some(e.host_code.clone())) && e.guest_code.is_some());
            assert_eq!(page.guests.len(), guests.count(), "{store}");
            let hosts = data.embassies.iter().filter(|embassy| mine(&embassy.guest_code));
            assert_eq!(page.hosts.len(), hosts.count(), "{store}");
        }
        assert!(pages.iter().any(|page| page.cities.is_empty()) && pages.iter().any(|page| page.hosts.len() > 1));
        let c0 = Countries::all().filter(country::code.eq("c0"));
        let found =
            context.realise((c0.cities().countries(), c0.guests().hosts().count(), Cities::all().countries())).unwrap();
        assert_eq!(found.0.iter().map(|country| country.id).collect::<Vec<_>>(), [0], "{store}");
        assert!(found.1 > 0 && found.2.len() > 1 && found.2.iter().all(|country| country.code.is_some()), "{store}");

        let lost = City { id: 99, name: "lost".into(), size: 0, country_code: Some("zz".into()), twin_id: None };
        context.insert(&lost).unwrap();
        let words = "City 99, field `country` of `CityPage`: it refers to Country \"zz\", which is not there";
        assert_eq!(errors(context.realise(Cities::all().view::<CityPage>())), [words], "{store}");
    });
}

/// Only the key is known to be unique. Where a column is not, whoever would have to choose does not.
#[test]
fn a_column_that_is_not_unique_is_an_error_where_it_matters() {
    let mut data = Data::of(8);
    data.countries[4].code = data.countries[0].code.clone();
    data.cities.retain(|city| city.country_code.as_deref() == Some("c0"));
    data.cities.truncate(1);
    data.capitals.truncate(1);
    let not_unique =
        "another row has the same `code`, so which is meant is unclear: the column is not unique in the table";
    everywhere(&data, |context, store| {
        let found = errors(context.realise(Cities::all().view::<CityPage>()));
        assert_eq!(found, [format!("Country 4, field `code` of `CountryName`: {not_unique}")], "{store}");
        let found = errors(context.realise(Countries::all().view::<CountryCities>()));
        assert_eq!(found, [format!("Country 4, field `cities` of `CountryCities`: {not_unique}")], "{store}");
        // One of them alone has what refers to its code, and so has each of a set.
        let of_one = context.realise(Countries::from_keys([4]).view::<CountryCities>()).unwrap();
        assert_eq!(of_one[0].cities.len(), 1, "{store}");
        assert_eq!(context.realise(Cities::all().countries().count()).unwrap(), 2, "{store}");
    });
}

#[derive(Debug, View)]
#[view(of = Country)]
struct CountryCities {
    cities: Vec<City>,
}

/// Keys of two columns: with a part that is NULL, at both ends of links, in maps.
#[test]
fn composite_keys_are_whole() {
    let data = Data::of(12);
    everywhere(&data, |context, store| {
        let regions = context.realise(Regions::all().view::<RegionPage>()).unwrap();
        for (page, region) in regions.iter().zip(&data.regions) {
            let of = |country: i32, number: Option<i32>| (country, number) == (region.country_id, Some(region.number));
            let districts = data.districts.iter().filter(|district| of(district.country_id, district.region_no));
            assert_eq!(page.districts.len(), districts.count(), "{store}");
            assert_eq!(page.district_count as usize, page.districts.len(), "{store}");
            let spoken = data.spoken.iter().filter(|spoken| of(spoken.country_id, Some(spoken.region_no)));
            assert_eq!(page.languages.len(), spoken.count(), "{store}");
            assert!(page.shares.is_sorted_by_key(|(spoken, _)| spoken.share), "{store}");
            assert!(page.shares.iter().all(|(spoken, language)| spoken.language_id == language.id), "{store}");
        }
        assert!(regions.iter().any(|page| !page.districts.is_empty() && !page.languages.is_empty()), "{store}");
        let districts = context.realise(Districts::all().view::<DistrictPage>()).unwrap();
        for (page, district) in districts.iter().zip(&data.districts) {
            assert_eq!(page.region.is_some(), district.region_no.is_some(), "{store}");
        }
        let languages = context.realise(Languages::all().view::<LanguagePage>()).unwrap();
        for page in &languages {
            assert!(page.regions.iter().all(|(key, region)| *key == (region.country_id, region.number)), "{store}");
            assert_eq!(page.most.len(), page.regions.len().min(2), "{store}");
        }
        let back = context
            .realise((Districts::all().regions().districts().count(), Regions::all().languages().regions()))
            .unwrap();
        let whole = data.districts.iter().filter(|district| district.region_no.is_some()).count();
        assert_eq!((back.0, back.1.len()), (whole as u64, data.regions.len()), "{store}");
    });
}

/// One entity, both ways at once.
#[test]
fn an_entity_refers_to_itself_both_ways() {
    let data = Data::of(9);
    everywhere(&data, |context, store| {
        let cities = context.realise(Cities::all().view::<CityPage>()).unwrap();
        for (page, city) in cities.iter().zip(&data.cities) {
            assert_eq!(page.twin.as_ref().map(|twin| twin.id), city.twin_id, "{store}");
            let back: Vec<_> =
                data.cities.iter().filter(|other| other.twin_id == Some(city.id)).map(|c| c.id).collect();
            assert_eq!(page.twins.iter().map(|twin| twin.id).collect::<Vec<_>>(), back, "{store}");
        }
        // City 0 is its own twin.
        let zero = Cities::from_keys([0]);
        let (there, back) = context.realise((zero.twins(), zero.twins_back())).unwrap();
        assert_eq!((there.len(), there[0].id, back.len()), (1, 0, 1), "{store}");
        let four = Cities::from_keys([4]);
        let (there, back) = context.realise((four.twins(), four.twins_back().twins())).unwrap();
        assert_eq!((there[0].id, back[0].id), (2, 4), "{store}");
    });
}

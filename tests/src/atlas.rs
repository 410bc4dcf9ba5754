//! A small atlas: relations to a unique column that is not the key (and may be NULL), keys of two columns at both ends of
//! links, and an entity that is linked with itself.

use persist::Table;
use persist::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Diesel's tables of the atlas.
#[allow(missing_docs, reason = "made by `table!`")]
pub mod schema {
    diesel::table! { countries (id) { id -> Integer, code -> Nullable<Text>, name -> Text, } }
    diesel::table! { capitals (id) { id -> Integer, country_code -> Text, name -> Text, } }
    diesel::table! { cities (id) {
        id -> Integer, name -> Text, size -> Integer, country_code -> Nullable<Text>, twin_id -> Nullable<Integer>,
    } }
    diesel::table! { embassies (id) { id -> Integer, host_code -> Text, guest_code -> Nullable<Text>, rank -> Integer, } }
    diesel::table! { regions (country_id, number) { country_id -> Integer, number -> Integer, name -> Text, } }
    diesel::table! { districts (id) { id -> Integer, country_id -> Integer, region_no -> Nullable<Integer>, } }
    diesel::table! { languages (id) { id -> Integer, name -> Text, } }
    diesel::table! { spoken (country_id, region_no, language_id) {
        country_id -> Integer, region_no -> Integer, language_id -> Integer, share -> Nullable<Integer>,
    } }
}

/// A country; its code is unique, if it has one.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::countries)]
#[entity(has_one(capital: Capital), has_many(cities: City))]
#[entity(has_many(big: City, by = country, filter = city::size.ge(2), order_by = (city::size.desc(), city::name.asc())))]
#[entity(many_to_many(guests: Country, through = Embassy, from = host, to = guest))]
#[entity(many_to_many(hosts: Country, through = Embassy, from = guest, to = host, order_by = country::name.desc()))]
#[entity(has_many(regions: Region))]
pub struct Country {
    /// The key.
    #[entity(key)]
    pub id: i32,
    /// What others know it by.
    pub code: Option<String>,
    /// The name.
    pub name: String,
}

/// The capital of a country.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::capitals)]
pub struct Capital {
    /// The key.
    #[entity(key)]
    pub id: i32,
    /// The country's code.
    #[entity(belongs_to(country: Country, to = code))]
    pub country_code: String,
    /// The name.
    pub name: String,
}

/// A city.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::cities, has_many(twins: City, by = twin, group = twins_back))]
#[entity(belongs_to(country: Country, by = country_code, to = code))]
pub struct City {
    /// The key.
    #[entity(key)]
    pub id: i32,
    /// The name.
    pub name: String,
    /// How big.
    pub size: i32,
    /// The country's code, if it is in one.
    pub country_code: Option<String>,
    /// Another city.
    #[entity(belongs_to(twin: City))]
    pub twin_id: Option<i32>,
}

/// An embassy of one country in another, perhaps of nobody any more.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::embassies)]
pub struct Embassy {
    /// The key.
    #[entity(key)]
    pub id: i32,
    /// Where it is.
    #[entity(belongs_to(host: Country, to = code))]
    pub host_code: String,
    /// Whose it is.
    #[entity(belongs_to(guest: Country, to = code))]
    pub guest_code: Option<String>,
    /// How high.
    pub rank: i32,
}

/// A region of a country.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::regions, has_many(districts: District))]
#[entity(many_to_many(languages: Language, through = Spoken))]
pub struct Region {
    /// The country.
    #[entity(key, belongs_to(country: Country))]
    pub country_id: i32,
    /// The number in it.
    #[entity(key)]
    pub number: i32,
    /// The name.
    pub name: String,
}

/// A district, perhaps of a region.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::districts, belongs_to(region: Region, by = (country_id, region_no)))]
pub struct District {
    /// The key.
    #[entity(key)]
    pub id: i32,
    /// The country.
    pub country_id: i32,
    /// The region in it.
    pub region_no: Option<i32>,
}

/// A language.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::languages)]
#[entity(many_to_many(regions: Region, through = Spoken, link_order_by = spoken::share.desc()))]
pub struct Language {
    /// The key.
    #[entity(key)]
    pub id: i32,
    /// The name.
    pub name: String,
}

/// Where a language is spoken, and by how many.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::spoken, group = AllSpoken, belongs_to(region: Region, by = (country_id, region_no)))]
pub struct Spoken {
    /// The country.
    #[entity(key)]
    pub country_id: i32,
    /// The region in it.
    #[entity(key)]
    pub region_no: i32,
    /// The language.
    #[entity(key, belongs_to(language: Language))]
    pub language_id: i32,
    /// How many, if known.
    pub share: Option<i32>,
}

/// Every table of the atlas.
pub const TABLES: &[&Table] = &[
    Country::TABLE,
    Capital::TABLE,
    City::TABLE,
    Embassy::TABLE,
    Region::TABLE,
    District::TABLE,
    Language::TABLE,
    Spoken::TABLE,
];

/// A country's name.
#[derive(Debug, Clone, PartialEq, View)]
#[view(of = Country)]
pub struct CountryName {
    /// The name.
    pub name: String,
}

/// All that belongs to a country by its code.
#[derive(Debug, PartialEq, View)]
#[view(of = Country)]
pub struct CountryPage {
    /// The name.
    pub name: String,
    /// Its capital.
    pub capital: Option<Capital>,
    /// Its cities, with their twins.
    pub cities: Vec<CityPage>,
    /// The biggest.
    #[view(limit = 2)]
    pub big: Vec<City>,
    /// How many.
    #[view(count(big))]
    pub big_count: i64,
    /// Who has an embassy.
    pub guests: Vec<Arc<CountryName>>,
    /// Where it has one.
    pub hosts: Vec<(Embassy, Arc<CountryName>)>,
    /// How many have one.
    #[view(count(guests), filter = country::name.ne("a"))]
    pub guest_count: i64,
}

/// A city with its country.
#[derive(Debug, PartialEq, View)]
#[view(of = City)]
pub struct CityPage {
    /// The key.
    pub id: i32,
    /// By its code.
    pub country: Option<Arc<CountryName>>,
    /// The other, by reference.
    pub twin: Option<Arc<City>>,
    /// Those that refer to it.
    pub twins: Vec<City>,
}

/// All that belongs to a region by its key of two columns.
#[derive(Debug, PartialEq, View)]
#[view(of = Region)]
pub struct RegionPage {
    /// The name.
    pub name: String,
    /// The country, by a part of the key.
    pub country: Arc<CountryName>,
    /// By the whole key, of which the second part may be NULL.
    pub districts: Vec<District>,
    /// How many.
    #[view(count(districts))]
    pub district_count: i64,
    /// Over the whole key.
    pub languages: Vec<Arc<Language>>,
    /// With the links.
    #[view(from = languages, link_order_by = spoken::share.asc())]
    pub shares: Vec<(Spoken, Language)>,
    /// By key.
    #[view(from = languages, filter = language::name.ne("a"))]
    pub by_key: BTreeMap<i32, Arc<Language>>,
}

/// What a language leads to.
#[derive(Debug, PartialEq, View)]
#[view(of = Language)]
pub struct LanguagePage {
    /// The name.
    pub name: String,
    /// Regions by their key of two columns.
    pub regions: BTreeMap<(i32, i32), Region>,
    /// In the order of the links.
    #[view(from = regions, limit = 2)]
    pub most: Vec<Region>,
}

/// A district with its region.
#[derive(Debug, PartialEq, View)]
#[view(of = District)]
pub struct DistrictPage {
    /// The key.
    pub id: i32,
    /// Its region.
    pub region: Option<Arc<Region>>,
}

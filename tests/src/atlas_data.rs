//! Rows of the atlas: as many as a test wants, or random; and random groups over them.

use crate::atlas::*;
use persist::{Batch, Context, Error};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Rows of every table.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "one list for each table")]
pub struct Data {
    pub countries: Vec<Country>,
    pub capitals: Vec<Capital>,
    pub cities: Vec<City>,
    pub embassies: Vec<Embassy>,
    pub regions: Vec<Region>,
    pub districts: Vec<District>,
    pub languages: Vec<Language>,
    pub spoken: Vec<Spoken>,
}

impl Data {
    /// `n` countries, with everything that belongs to them: no reference leads nowhere, some are NULL, many are shared.
    #[must_use]
    #[allow(clippy::cast_possible_wrap, reason = "small numbers")]
    pub fn of(n: u32) -> Self {
        let n = n as i32;
        let code = |i: i32| format!("c{i}");
        // Every fourth country has no code, the second among them.
        let coded = move |i: i32| (i % 4 != 1).then(|| code(i));
        let of = move |i: i32| code(i % n / 4 * 4);
        let rows = 0..n;
        Self {
            countries: rows.clone().map(|id| Country { id, code: coded(id), name: format!("n{}", id % 7) }).collect(),
            capitals: rows
                .clone()
                .filter(|id| id % 4 == 0)
                .map(|id| Capital { id, country_code: code(id), name: format!("x{id}") })
                .collect(),
            cities: (0..2 * n)
                .map(|id| City {
                    id,
                    name: format!("t{}", id % 5),
                    size: id % 4,
                    country_code: (id % 3 != 1).then(|| of(id)),
                    twin_id: (id % 2 == 0).then_some(id / 2),
                })
                .collect(),
            embassies: (0..2 * n)
                .map(|id| Embassy {
                    id,
                    host_code: of(id),
                    guest_code: (id % 5 != 1).then(|| of(id * 3)),
                    rank: id % 3,
                })
                .collect(),
            regions: rows.clone().map(|i| Region { country_id: i / 2, number: i % 2, name: format!("r{i}") }).collect(),
            districts: (0..2 * n)
                .map(|id| District { id, country_id: id % n / 2, region_no: (id % 3 != 1).then_some(id % n % 2) })
                .collect(),
            languages: rows.clone().map(|id| Language { id, name: format!("l{}", id % 3) }).collect(),
            spoken: rows
                .map(|i| Spoken {
                    country_id: i / 2,
                    region_no: i % 2,
                    language_id: i / 3,
                    share: (i % 4 != 1).then_some(i % 9),
                })
                .collect(),
        }
    }

    /// Writes all rows.
    ///
    /// # Errors
    /// When the store refuses one.
    pub fn insert(&self, context: &mut Context<'_>) -> Result<(), Error> {
        context.insert_all(&self.countries)?;
        context.insert_all(&self.capitals)?;
        context.insert_all(&self.cities)?;
        context.insert_all(&self.embassies)?;
        context.insert_all(&self.regions)?;
        context.insert_all(&self.districts)?;
        context.insert_all(&self.languages)?;
        context.insert_all(&self.spoken)
    }
}

/// Random rows. In some, codes repeat, references lead nowhere, or a country has two capitals.
pub fn data() -> impl Strategy<Value = Data> {
    let rows = |most: usize| prop::collection::vec(any::<[u8; 5]>(), 0..most);
    let seeds = (rows(5), rows(3), rows(9), rows(8), rows(6), rows(8), rows(4), rows(10));
    (prop::bool::weighted(0.25), seeds).prop_map(
        |(broken, (countries, capitals, cities, embassies, regions, districts, languages, spoken))| {
            let name = |n: u8| ["", "a", "A", "b"][usize::from(n % 4)].to_owned();
            let number = |at: usize| i32::try_from(at).unwrap_or_default();
            let code_of = |at: usize, n: u8| {
                (!n.is_multiple_of(4)).then(|| format!("c{}", if broken { usize::from(n % 3) } else { at }))
            };
            let countries: Vec<_> = countries
                .iter()
                .enumerate()
                .map(|(at, r)| Country { id: number(at), code: code_of(at, r[0]), name: name(r[1]) })
                .collect();
            let codes: Vec<_> = countries.iter().filter_map(|country| country.code.clone()).collect();
            let code = |n: u8| match codes.as_slice() {
                _ if broken => Some(format!("c{}", n % 5)),
                [] => None,
                codes => codes.get(usize::from(n) % codes.len()).cloned(),
            };
            let maybe = |n: u8| if n.is_multiple_of(4) { None } else { code(n / 4) };
            let index = |n: u8, there: usize| match there {
                _ if broken => Some(i32::from(n % 6)),
                0 => None,
                there => Some(number(usize::from(n) % there)),
            };
            let mut capitals: Vec<_> = (0..)
                .zip(&capitals)
                .filter_map(|(id, r)| Some(Capital { id, country_code: code(r[0])?, name: name(r[1]) }))
                .collect();
            if !broken {
                capitals.sort_by(|a, b| a.country_code.cmp(&b.country_code));
                capitals.dedup_by(|a, b| a.country_code == b.country_code);
            }
            let all = cities.len();
            let cities = (0..).zip(&cities).map(|(id, r)| City {
                id,
                name: name(r[0]),
                size: i32::from(r[1] % 4),
                country_code: maybe(r[2]),
                twin_id: if r[3].is_multiple_of(3) { None } else { index(r[3] / 3, all) },
            });
            let embassies = (0..).zip(&embassies).filter_map(|(id, r)| {
                Some(Embassy { id, host_code: code(r[0])?, guest_code: maybe(r[1]), rank: i32::from(r[2] % 3) })
            });
            let regions: BTreeMap<_, _> = regions
                .iter()
                .filter_map(|r| Some(((index(r[0], countries.len())?, i32::from(r[1] % 2)), name(r[2]))))
                .collect();
            let region = |n: u8| match regions.keys().nth(usize::from(n) % regions.len().max(1)) {
                _ if broken => Some((i32::from(n % 5), i32::from(n / 5 % 2))),
                known => known.copied(),
            };
            let districts = (0..).zip(&districts).filter_map(|(id, r)| {
                let (country_id, number) = region(r[0])?;
                Some(District { id, country_id, region_no: (!r[1].is_multiple_of(3)).then_some(number) })
            });
            let spoken: BTreeMap<_, _> = spoken
                .iter()
                .filter_map(|r| {
                    Some((
                        (region(r[0])?, index(r[1], languages.len())?),
                        (!r[2].is_multiple_of(3)).then_some(i32::from(r[2] % 4)),
                    ))
                })
                .collect();
            Data {
                capitals,
                cities: cities.collect(),
                embassies: embassies.collect(),
                districts: districts.collect(),
                languages: (0..).zip(&languages).map(|(id, r)| Language { id, name: name(r[0]) }).collect(),
                spoken: spoken
                    .into_iter()
                    .map(|(((country_id, region_no), language_id), share)| Spoken {
                        country_id,
                        region_no,
                        language_id,
                        share,
                    })
                    .collect(),
                regions: regions
                    .into_iter()
                    .map(|((country_id, number), name)| Region { country_id, number, name })
                    .collect(),
                countries,
            }
        },
    )
}

macro_rules! places {
    ($($group:ident: steps $($step:ident)*, views $($view:ident)*;)*) => {
        /// A group of any entity of the atlas.
        #[derive(Debug, Clone)]
        #[allow(missing_docs, reason = "one for each entity")]
        pub enum Place { $($group($group)),* }

        $(impl From<$group> for Place {
            fn from(group: $group) -> Self {
                Self::$group(group)
            }
        })*

        impl Place {
            /// From all of an entity, along some relations, cut in between.
            #[must_use]
            pub fn of(start: u8, steps: &[(u8, u8)]) -> Self {
                let all = [$(Self::$group($group::all())),*];
                let start = all[usize::from(start) % all.len()].clone();
                steps.iter().fold(start, |place, (step, cut)| place.step(*step, *cut))
            }

            fn step(&self, n: u8, cut: u8) -> Self {
                match self { $(Self::$group(group) => {
                    let group = if cut < 4 { group.limit(u64::from(cut)) } else { group.clone() };
                    let all: Vec<Self> = vec![$(group.$step().into()),*];
                    all[usize::from(n) % all.len()].clone()
                })* }
            }

            /// All views of it, and how many rows it has, in one batch; what comes out shows the rows.
            ///
            /// # Errors
            /// When rows do not fit.
            pub fn realise(&self, context: &mut Context<'_>) -> Result<Vec<String>, Vec<String>> {
                match self { $(Self::$group(group) => {
                    let mut shown = Vec::new();
                    $(
                        let mut batch = Batch::new();
                        let (rows, count) = (batch.add(group.view::<$view>()), batch.add(group.count()));
                        let mut page = match context.realise(batch) {
                            Ok(page) => page,
                            Err(error) => {
                                let Error::Rows(rows) = error else { return Err(vec![error.to_string()]) };
                                let mut rows: Vec<_> = rows.into_iter().map(|row| row.to_string()).collect();
                                // Rows that are found by their key come in no order.
                                rows.sort();
                                return Err(rows);
                            }
                        };
                        shown.extend(page.take(rows).iter().map(|row| format!("{row:?}")));
                        shown.push(page.take(count).to_string());
                    )*
                    Ok(shown)
                })* }
            }
        }
    };
}

places! {
    Countries: steps capitals cities big guests hosts regions, views Country CountryPage;
    Capitals: steps countries, views Capital;
    Cities: steps countries twins twins_back, views City CityPage;
    Embassies: steps hosts guests, views Embassy;
    Regions: steps countries districts languages, views Region RegionPage;
    Districts: steps regions, views DistrictPage;
    Languages: steps regions, views LanguagePage;
    AllSpoken: steps regions languages, views Spoken;
}

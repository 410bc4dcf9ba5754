//! What a person writes with Diesel.

use super::schema::{image_properties, images};
use super::{CHANGED, EDITED, ImageForm, Settled, Side, added, edit, settled};
use crate::Outcome;
use crate::mysql::Mysql;
use crate::postgres::Postgres;
use crate::side::Connected;
use diesel::connection::DefaultLoadingMode;
use diesel::dsl::DuplicatedKeys;
use diesel::prelude::*;
use diesel::upsert::excluded;

/// The peers of each backend, for which Diesel's types are others.
pub trait ByHand: Connected + Sized {
    /// Load, change one property, add one, remove one: three statements in a transaction.
    ///
    /// # Errors
    /// When the store cannot answer.
    fn one(side: &mut Side<Self>) -> Settled;

    /// The same, as OpenStack Glance does it: the row as a whole, every property anew, and those that are not among them
    /// are deleted.
    ///
    /// # Errors
    /// When the store cannot answer.
    fn whole(side: &mut Side<Self>) -> Settled;

    /// One property of every image in hand, one after the other in one transaction.
    ///
    /// # Errors
    /// When the store cannot answer.
    fn each(side: &mut Side<Self>) -> Outcome<Vec<usize>>;
}

macro_rules! by_hand {
    ($connection:ty, $taken:expr, $new:expr) => {
        impl ByHand for $connection {
            fn one(side: &mut Side<Self>) -> Settled {
                let turn = side.next();
                let image = side.connection.client().transaction(|connection| {
                    let mut image = load!(connection)?;
                    edit(&mut image.properties, turn);
                    diesel::update(property(EDITED, CHANGED))
                        .set(image_properties::value.eq(&image.properties[CHANGED]))
                        .execute(connection)?;
                    let name = added(turn);
                    let row = (
                        image_properties::image_id.eq(EDITED),
                        image_properties::name.eq(&name),
                        image_properties::value.eq(&image.properties[&name]),
                    );
                    diesel::insert_into(image_properties::table).values(row).execute(connection)?;
                    diesel::delete(property(EDITED, &added(turn - 1))).execute(connection)?;
                    QueryResult::Ok(image)
                })?;
                Ok(settled(image, turn))
            }

            fn whole(side: &mut Side<Self>) -> Settled {
                let turn = side.next();
                let image = side.connection.client().transaction(|connection| {
                    let mut image = load!(connection)?;
                    edit(&mut image.properties, turn);
                    let row = (
                        images::name.eq(&image.name),
                        images::status.eq(&image.status),
                        images::owner.eq(&image.owner),
                        images::min_ram.eq(image.min_ram),
                    );
                    diesel::update(images::table.find(EDITED)).set(row).execute(connection)?;
                    for (name, value) in &image.properties {
                        let row = (
                            image_properties::image_id.eq(EDITED),
                            image_properties::name.eq(name),
                            image_properties::value.eq(value),
                        );
                        diesel::insert_into(image_properties::table)
                            .values(row)
                            .on_conflict($taken)
                            .do_update()
                            .set(image_properties::value.eq(($new)(value)))
                            .execute(connection)?;
                    }
                    let others = image_properties::name.ne_all(image.properties.keys());
                    diesel::delete(
                        image_properties::table.filter(image_properties::image_id.eq(EDITED)).filter(others),
                    )
                    .execute(connection)?;
                    QueryResult::Ok(image)
                })?;
                Ok(settled(image, turn))
            }

            fn each(side: &mut Side<Self>) -> Outcome<Vec<usize>> {
                let value = side.next().to_string();
                let ids: Vec<i32> = side.in_hand.iter().map(|image| image.id).collect();
                side.connection.client().transaction(|connection| {
                    let mut written = 0;
                    for id in ids {
                        written += diesel::update(property(id, CHANGED))
                            .set(image_properties::value.eq(&value))
                            .execute(connection)?;
                    }
                    Ok(vec![written])
                })
            }
        }
    };
}

/// The image with its properties, by the two statements that it takes.
macro_rules! load {
    ($connection:expr) => {{
        let image: (i32, String, String, String, i32) = images::table.find(EDITED).first($connection)?;
        let properties = image_properties::table
            .filter(image_properties::image_id.eq(EDITED))
            .select((image_properties::name, image_properties::value))
            .load_iter::<(String, String), DefaultLoadingMode>($connection)?
            .collect::<QueryResult<_>>()?;
        let (id, name, status, owner, min_ram) = image;
        QueryResult::Ok(ImageForm { id, name, status, owner, min_ram, properties })
    }};
}

/// The property of this name.
#[diesel::dsl::auto_type]
fn property<'n>(image: i32, name: &'n str) -> _ {
    image_properties::table.filter(image_properties::image_id.eq(image)).filter(image_properties::name.eq(name))
}

by_hand!(SqliteConnection, (image_properties::image_id, image_properties::name), |_| excluded(image_properties::value));
by_hand!(Postgres, (image_properties::image_id, image_properties::name), |_| excluded(image_properties::value));
// Diesel has no `VALUES(value)`: the value is bound once more.
by_hand!(Mysql, DuplicatedKeys, |value| value);

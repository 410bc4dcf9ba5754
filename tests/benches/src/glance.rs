//! Work 11: OpenStack Glance's measurement: one parameter of an image is changed and saved, on MariaDB. The image is a row
//! of 20 columns with 10 properties; the parameter is one of the columns, or one of the properties.
//!
//! Each side loads the image with its properties and saves it, in one transaction of the server's usual kind. Glance's way
//! writes the row as a whole and every property, and deletes the properties that are not among them. By hand, whoever
//! knows what was changed writes just that.

use crate::Outcome;
use crate::edits::schema::items;
use crate::edits::{Item, Items, item, table};
use crate::mysql::{Mysql, MysqlConnection};
use crate::side::{Connected as _, Side};
use diesel::connection::DefaultLoadingMode;
use diesel::dsl::DuplicatedKeys;
use diesel::prelude::*;
use persist::{Context, Edit, prelude::*};
use schema::item_properties;
use std::collections::BTreeMap;

/// The table of the properties.
pub mod schema {
    diesel::table! {
        /// What else is said of images.
        item_properties (id) {
            /// The key, which the database makes.
            id -> Integer,
            /// The image.
            item_id -> Integer,
            /// There is one of a name.
            name -> Text,
            /// Text.
            value -> Text,
        }
    }
}

/// A property of an image.
#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = schema::item_properties, group = Properties, unique(item_id, name))]
#[allow(missing_docs)]
pub struct Property {
    #[entity(key, generated)]
    pub id: i32,
    #[entity(belongs_to(item: Item))]
    pub item_id: i32,
    pub name: String,
    pub value: String,
}

/// An image with its properties, as every side has it in hand.
#[derive(Debug, Clone, PartialEq, View)]
#[view(of = Item, edit)]
#[allow(missing_docs)]
pub struct ImageForm {
    pub id: i32,
    pub name: String,
    pub status: String,
    pub owner: String,
    pub checksum: String,
    pub container: String,
    pub disk: String,
    pub note: Option<String>,
    pub size: i64,
    pub min_disk: i32,
    pub min_ram: i32,
    pub created: i64,
    pub updated: i64,
    pub heat: i32,
    pub parent: Option<i32>,
    pub is_public: bool,
    pub protected: bool,
    pub hidden: bool,
    pub visits: i64,
    pub kind: String,
    #[view(by = property::name, value = property::value)]
    pub properties: BTreeMap<String, String>,
}

/// An image as a person reads it with Diesel.
struct Loaded {
    item: Item,
    properties: BTreeMap<String, String>,
}

/// Which parameter of an image is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameter {
    /// One of the columns.
    Column,
    /// One of the properties.
    Property,
}

/// A database of images.
pub type Images = Side<Mysql, ImageForm>;

/// What is compared: the image, with what differs in each run left out.
pub type Settled = Outcome<Vec<ImageForm>>;

/// Properties of each image.
const PROPERTIES: i32 = 10;
/// The image that is edited.
const EDITED: i32 = 3;
/// The property that is changed.
const CHANGED: &str = "property-5";

/// A MariaDB database with so many images; it is gone with what comes with the side.
///
/// # Errors
/// When there is no server, or it refuses.
pub fn mysql(images: i32) -> Outcome<Images> {
    let key = "INTEGER PRIMARY KEY AUTO_INCREMENT";
    let mut mysql = Mysql::with("items", |execute| {
        execute(&table(key))?;
        execute(&format!(
            "CREATE TABLE item_properties (id {key}, item_id INTEGER NOT NULL REFERENCES items (id),
                name VARCHAR(255) NOT NULL, value TEXT NOT NULL, UNIQUE (item_id, name))"
        ))
    })?;
    fill(&mut mysql.connection, images)?;
    Ok(Side::new(mysql, None))
}

fn fill(connection: &mut MysqlConnection, images: i32) -> Outcome {
    let mut context = Context::borrowing(connection);
    let mut items: Vec<_> = (1..=images).map(item).collect();
    context.create_all(&mut items)?;
    let property = |item_id, nth| {
        let (name, value) = (format!("property-{nth}"), format!("what is said of {nth}"));
        Property { id: 0, item_id, name, value }
    };
    let of = |item: &Item| (0..PROPERTIES).map(|nth| property(item.id, nth)).collect::<Vec<_>>();
    context.create_all(&mut items.iter().flat_map(of).collect::<Vec<_>>())?;
    Ok(())
}

fn settled(mut image: ImageForm, parameter: Parameter, turn: i32) -> Vec<ImageForm> {
    match parameter {
        Parameter::Column => image.min_ram -= turn,
        Parameter::Property => {
            let value = image.properties.get_mut(CHANGED).filter(|value| **value == turn.to_string());
            value.into_iter().for_each(String::clear);
        }
    }
    vec![image]
}

/// Load, change the parameter, save: by persist.
///
/// # Errors
/// When the store cannot answer.
pub fn persist(side: &mut Images, parameter: Parameter) -> Settled {
    let turn = side.next();
    let mut context = Context::borrowing(side.connection.client());
    let image = context.transaction(|context| {
        let mut image = context.edit::<ImageForm>(EDITED)?;
        match parameter {
            Parameter::Column => image.min_ram = turn,
            Parameter::Property => drop(image.properties.insert(CHANGED.to_owned(), turn.to_string())),
        }
        context.save(&mut image)?;
        Ok::<_, persist::Error>(image)
    })?;
    Ok(settled(Edit::into_inner(image), parameter, turn))
}

/// Load, change the parameter, write that parameter: by hand.
///
/// # Errors
/// When the store cannot answer.
pub fn diesel(side: &mut Images, parameter: Parameter) -> Settled {
    by_hand(side, parameter, |connection, image| match parameter {
        Parameter::Column => {
            diesel::update(items::table.find(EDITED)).set(items::min_ram.eq(image.item.min_ram)).execute(connection)
        }
        Parameter::Property => {
            let of_image = item_properties::table.filter(item_properties::item_id.eq(EDITED));
            let set = item_properties::value.eq(&image.properties[CHANGED]);
            diesel::update(of_image.filter(item_properties::name.eq(CHANGED))).set(set).execute(connection)
        }
    })
}

/// Load, change the parameter, write everything: as Glance does, by Diesel.
///
/// # Errors
/// When the store cannot answer.
pub fn whole(side: &mut Images, parameter: Parameter) -> Settled {
    by_hand(side, parameter, |connection, image| {
        diesel::update(items::table.find(EDITED)).set(&image.item).execute(connection)?;
        for (name, value) in &image.properties {
            let row =
                (item_properties::item_id.eq(EDITED), item_properties::name.eq(name), item_properties::value.eq(value));
            diesel::insert_into(item_properties::table)
                .values(row)
                .on_conflict(DuplicatedKeys)
                .do_update()
                .set(item_properties::value.eq(value))
                .execute(connection)?;
        }
        let others = item_properties::name.ne_all(image.properties.keys());
        let of_image = item_properties::table.filter(item_properties::item_id.eq(EDITED));
        diesel::delete(of_image.filter(others)).execute(connection)
    })
}

/// Loads, changes, and writes as `save` does, in a transaction.
fn by_hand(
    side: &mut Images,
    parameter: Parameter,
    save: impl FnOnce(&mut MysqlConnection, &Loaded) -> QueryResult<usize>,
) -> Settled {
    let turn = side.next();
    let image = side.connection.client().transaction(|connection| {
        let item = items::table.find(EDITED).select(Item::as_select()).first(connection)?;
        let properties = item_properties::table
            .filter(item_properties::item_id.eq(EDITED))
            .select((item_properties::name, item_properties::value))
            .load_iter::<(String, String), DefaultLoadingMode>(connection)?
            .collect::<QueryResult<_>>()?;
        let mut image = Loaded { item, properties };
        match parameter {
            Parameter::Column => image.item.min_ram = turn,
            Parameter::Property => drop(image.properties.insert(CHANGED.to_owned(), turn.to_string())),
        }
        save(connection, &image)?;
        QueryResult::Ok(image)
    })?;
    Ok(settled(image.into(), parameter, turn))
}

/// What is stored of the image that is edited.
///
/// # Errors
/// When the store cannot answer.
pub fn stored(side: &mut Images, parameter: Parameter) -> Settled {
    let turn = side.turn;
    let images = Items::from_keys([EDITED]).view::<ImageForm>();
    let image = Context::borrowing(side.connection.client()).realise(images)?.pop().ok_or("it is gone")?;
    Ok(settled(image, parameter, turn))
}

impl From<Loaded> for ImageForm {
    fn from(Loaded { item, properties }: Loaded) -> Self {
        Self {
            id: item.id,
            name: item.name,
            status: item.status,
            owner: item.owner,
            checksum: item.checksum,
            container: item.container,
            disk: item.disk,
            note: item.note,
            size: item.size,
            min_disk: item.min_disk,
            min_ram: item.min_ram,
            created: item.created,
            updated: item.updated,
            heat: item.heat,
            parent: item.parent,
            is_public: item.is_public,
            protected: item.protected,
            hidden: item.hidden,
            visits: item.visits,
            kind: item.kind,
            properties,
        }
    }
}

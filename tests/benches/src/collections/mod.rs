//! Work 10: an image is saved with its properties, a map: one changed, one added, one removed.
//!
//! Both sides load the image with its properties, and write what was changed, in one transaction. By hand that is three
//! statements which are written down beforehand; nothing is told from what was read, and nothing is read back.
//! [`Cost`](crate::cost::Cost) sets it beside the way of OpenStack Glance, which writes the row as a whole and every property anew.

mod by_hand;

pub use by_hand::ByHand;

use crate::Outcome;
use crate::data::{TempFile, fill};
use crate::mysql::Mysql;
use crate::postgres::Postgres;
use crate::side::Connected;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use persist::{Context, Edit, prelude::*};
use std::collections::BTreeMap;

/// The tables.
pub mod schema {
    diesel::table! {
        /// Disks from which machines are started.
        images (id) {
            /// The key.
            id -> Integer,
            /// Text.
            name -> Text,
            /// Text.
            status -> Text,
            /// Text.
            owner -> Text,
            /// A number.
            min_ram -> Integer,
        }
    }
    diesel::table! {
        /// What else is said of them.
        image_properties (id) {
            /// The key, which the database makes.
            id -> Integer,
            /// The image.
            image_id -> Integer,
            /// There is one of a name.
            name -> Text,
            /// Text.
            value -> Text,
        }
    }
}

/// An image. Nobody counts revisions.
#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = schema::images, group = Images, has_many(properties: Property))]
#[allow(missing_docs)]
pub struct Image {
    #[entity(key)]
    pub id: i32,
    pub name: String,
    pub status: String,
    pub owner: String,
    pub min_ram: i32,
}

/// A property of an image.
#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = schema::image_properties, group = Properties, unique(image_id, name))]
#[allow(missing_docs)]
pub struct Property {
    #[entity(key, generated)]
    pub id: i32,
    #[entity(belongs_to(image: Image))]
    pub image_id: i32,
    pub name: String,
    pub value: String,
}

/// An image with its properties, as both sides have it in hand.
#[derive(Debug, Clone, PartialEq, View)]
#[view(of = Image, edit)]
#[allow(missing_docs)]
pub struct ImageForm {
    pub id: i32,
    pub name: String,
    pub status: String,
    pub owner: String,
    pub min_ram: i32,
    #[view(by = property::name, value = property::value)]
    pub properties: BTreeMap<String, String>,
}

/// What is compared: the image, with what differs in each run left out.
pub type Settled = Outcome<Vec<ImageForm>>;

/// The image that is edited.
const EDITED: i32 = 1;
/// The property that is changed.
const CHANGED: &str = "property-005";

/// The name of the property that a run adds, and the next one removes.
fn added(turn: i32) -> String {
    format!("added-{turn}")
}

/// Images with so many properties each.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Images.
    pub images: i32,
    /// Properties of each.
    pub properties: i32,
}

/// A database of images.
pub type Side<C> = crate::side::Side<C, ImageForm>;

/// A SQLite database in a file of this name, in WAL mode.
///
/// # Errors
/// When SQLite cannot fill it.
pub fn sqlite(name: &str, size: Size) -> Outcome<Side<SqliteConnection>> {
    let file = TempFile::new(name);
    let mut connection = file.diesel()?;
    connection.batch_execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")?;
    fill(&mut connection, |execute| execute(&rows("INTEGER PRIMARY KEY", "TEXT", size)))?;
    Ok(Side::new(connection, Some(file)))
}

/// A PostgreSQL schema; it is gone with what comes with the side.
///
/// # Errors
/// When there is no server, or it refuses.
pub fn postgres(size: Size) -> Outcome<Side<Postgres>> {
    let tables = "images, image_properties";
    Ok(Side::new(Postgres::with(tables, |execute| execute(&rows("SERIAL PRIMARY KEY", "TEXT", size)))?, None))
}

/// A MariaDB database; it is gone with what comes with the side.
///
/// # Errors
/// When there is no server, or it refuses.
pub fn mysql(size: Size) -> Outcome<Side<Mysql>> {
    let (tables, key) = ("images, image_properties", "INTEGER PRIMARY KEY AUTO_INCREMENT");
    Ok(Side::new(Mysql::with(tables, |execute| execute(&rows(key, "VARCHAR(255)", size)))?, None))
}

fn rows(key: &str, word: &str, Size { images, properties }: Size) -> String {
    let image = |id| format!("({id}, 'image-{id}', 'active', 'project-{}', {})", id % 7, id % 512);
    let property = |id| move |nth| format!("({id}, 'property-{nth:03}', 'what is said of {nth}')");
    let all = |id| (0..properties).map(property(id)).chain([format!("({id}, '{}', 'new')", added(0))]);
    let images_text = (1..=images).map(image).collect::<Vec<_>>().join(", ");
    let properties_text = (1..=images).flat_map(all).collect::<Vec<_>>().join(", ");
    format!(
        "CREATE TABLE images (id INTEGER PRIMARY KEY, name TEXT NOT NULL, status TEXT NOT NULL, owner TEXT NOT NULL,
            min_ram INTEGER NOT NULL);
        CREATE TABLE image_properties (id {key}, image_id INTEGER NOT NULL REFERENCES images (id), name {word} NOT NULL,
            value TEXT NOT NULL, UNIQUE (image_id, name));
        INSERT INTO images VALUES {images_text};
        INSERT INTO image_properties (image_id, name, value) VALUES {properties_text}"
    )
}

/// One changed, one added, one removed: in the map alone.
fn edit(properties: &mut BTreeMap<String, String>, turn: i32) {
    properties.insert(CHANGED.to_owned(), turn.to_string());
    properties.insert(added(turn), "new".to_owned());
    properties.remove(&added(turn - 1));
}

fn settled(mut image: ImageForm, turn: i32) -> Vec<ImageForm> {
    if let Some(value) = image.properties.get_mut(CHANGED).filter(|value| **value == turn.to_string()) {
        value.clear();
    }
    let added = image.properties.remove(&added(turn));
    image.properties.extend(added.map(|value| ("added".to_owned(), value)));
    vec![image]
}

/// Load, change one property, add one, remove one, save: by persist.
///
/// # Errors
/// When the store cannot answer.
pub fn persist_one<C: Connected>(side: &mut Side<C>) -> Settled {
    let turn = side.next();
    let mut context = Context::borrowing(side.connection.client());
    let image = context.transaction(|context| {
        let mut image = context.edit::<ImageForm>(EDITED)?;
        edit(&mut image.properties, turn);
        context.save(&mut image)?;
        Ok::<_, persist::Error>(image)
    })?;
    Ok(settled(Edit::into_inner(image), turn))
}

/// What is stored of the image that is edited.
///
/// # Errors
/// When the store cannot answer.
pub fn stored<C: Connected>(side: &mut Side<C>) -> Settled {
    let turn = side.turn;
    let images = Images::from_keys([EDITED]).view::<ImageForm>();
    let image = Context::borrowing(side.connection.client()).realise(images)?.pop().ok_or("it is gone")?;
    Ok(settled(image, turn))
}

/// Takes all images in hand, for [`persist_each`].
///
/// # Errors
/// When the store cannot answer.
pub fn take_in_hand<C: Connected>(side: &mut Side<C>) -> Outcome {
    side.in_hand = Context::borrowing(side.connection.client()).edit_all(Images::all().view::<ImageForm>())?;
    Ok(())
}

/// Every image in hand, with one property changed, saved together.
///
/// # Errors
/// When the store cannot answer, or more than [`EACH_STATEMENTS`] are sent.
pub fn persist_each<C: Connected>(side: &mut Side<C>) -> Outcome<Vec<usize>> {
    let turn = side.next();
    for image in &mut side.in_hand {
        image.properties.insert(CHANGED.to_owned(), turn.to_string());
    }
    let mut context = Context::borrowing(side.connection.client());
    context.save_all(&mut side.in_hand)?;
    let statements = context.stats().statements;
    if !(1..=EACH_STATEMENTS).contains(&statements) {
        return Err(format!("{statements} statements").into());
    }
    Ok(vec![side.in_hand.len()])
}

/// How many statements [`persist_each`] may take, the transaction apart.
pub const EACH_STATEMENTS: u64 = 3;

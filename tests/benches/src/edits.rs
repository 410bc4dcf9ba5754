//! Work 9: what changed is written: one row of 20 columns, 1,000 rows at a time, and new rows.
//!
//! Both sides load the row, change it and save it, statement by statement, without a transaction around one row and with
//! one around many. persist answers with the row as it is stored; by hand nothing is read back.

use crate::Outcome;
use crate::data::{TempFile, fill};
use crate::glance::Property;
use crate::mysql::{Mysql, MysqlConnection};
use crate::postgres::Postgres;
use crate::side::{Client, Connected};
use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use persist::{Context, Edit, prelude::*};

/// The table.
pub mod schema {
    diesel::table! {
        /// Things with twenty columns.
        items (id) {
            /// The key, which the database makes.
            id -> Integer,
            /// Text.
            name -> Text,
            /// Text.
            status -> Text,
            /// Text.
            owner -> Text,
            /// Text.
            checksum -> Text,
            /// Text.
            container -> Text,
            /// Text.
            disk -> Text,
            /// Text or nothing.
            note -> Nullable<Text>,
            /// A number.
            size -> BigInt,
            /// A number.
            min_disk -> Integer,
            /// A number.
            min_ram -> Integer,
            /// A number.
            created -> BigInt,
            /// A number.
            updated -> BigInt,
            /// A number.
            heat -> Integer,
            /// A number or nothing.
            parent -> Nullable<Integer>,
            /// Yes or no.
            is_public -> Bool,
            /// Yes or no.
            protected -> Bool,
            /// Yes or no.
            hidden -> Bool,
            /// A number.
            visits -> BigInt,
            /// Text.
            kind -> Text,
        }
    }
}

use schema::items;

/// A thing of twenty columns.
#[derive(Debug, Clone, PartialEq, Entity, Queryable, Selectable, AsChangeset)]
#[entity(table = schema::items, has_many(properties: Property))]
#[diesel(table_name = items, treat_none_as_null = true)]
#[allow(missing_docs)]
pub struct Item {
    #[entity(key, generated)]
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
}

/// A new one, for Diesel.
#[derive(Insertable)]
#[diesel(table_name = items)]
struct NewItem<'n> {
    name: &'n str,
    status: &'n str,
    owner: &'n str,
    checksum: &'n str,
    container: &'n str,
    disk: &'n str,
    note: Option<&'n str>,
    size: i64,
    min_disk: i32,
    min_ram: i32,
    created: i64,
    updated: i64,
    heat: i32,
    parent: Option<i32>,
    is_public: bool,
    protected: bool,
    hidden: bool,
    visits: i64,
    kind: &'n str,
}

/// The same row in every run, without its key.
#[must_use]
pub fn item(number: i32) -> Item {
    Item {
        id: 0,
        name: format!("image-{number}"),
        status: "active".into(),
        owner: format!("project-{}", number % 7),
        checksum: format!("{:032x}", i64::from(number) * 7_919),
        container: "bare".into(),
        disk: "qcow2".into(),
        note: (number % 3 == 0).then(|| "kept for the release".into()),
        size: i64::from(number) * 1_024,
        min_disk: number % 40,
        min_ram: number % 512,
        created: 1_700_000_000 + i64::from(number),
        updated: 1_700_000_000 + i64::from(number),
        heat: 0,
        parent: (number % 5 == 0).then_some(1),
        is_public: number % 2 == 0,
        protected: false,
        hidden: false,
        visits: 0,
        kind: "image".into(),
    }
}

pub(crate) fn table(key: &str) -> String {
    format!(
        "CREATE TABLE items (id {key}, name TEXT NOT NULL, status TEXT NOT NULL, owner TEXT NOT NULL,
            checksum TEXT NOT NULL, container TEXT NOT NULL, disk TEXT NOT NULL, note TEXT, size BIGINT NOT NULL,
            min_disk INTEGER NOT NULL, min_ram INTEGER NOT NULL, created BIGINT NOT NULL, updated BIGINT NOT NULL,
            heat INTEGER NOT NULL, parent INTEGER, is_public BOOLEAN NOT NULL, protected BOOLEAN NOT NULL,
            hidden BOOLEAN NOT NULL, visits BIGINT NOT NULL, kind TEXT NOT NULL)"
    )
}

/// A database of items.
pub type Side<C> = crate::side::Side<C, Item>;

/// A SQLite database in a file, in WAL mode.
///
/// # Errors
/// When SQLite cannot fill it.
pub fn sqlite(rows: i32) -> Outcome<Side<SqliteConnection>> {
    let file = TempFile::new("edits");
    let mut connection = SqliteConnection::establish(&file.path().display().to_string())?;
    connection.batch_execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")?;
    fill(&mut connection, |execute| execute(&table("INTEGER PRIMARY KEY")))?;
    create(&mut connection, rows)?;
    Ok(Side::new(connection, Some(file)))
}

/// A PostgreSQL schema; it is gone with what comes with the side.
///
/// # Errors
/// When there is no server, or it refuses.
pub fn postgres(rows: i32) -> Outcome<Side<Postgres>> {
    let mut postgres = Postgres::with("items", |execute| execute(&table("SERIAL PRIMARY KEY")))?;
    create(&mut postgres.connection, rows)?;
    Ok(Side::new(postgres, None))
}

/// A MariaDB database; it is gone with what comes with the side.
///
/// # Errors
/// When there is no server, or it refuses.
pub fn mysql(rows: i32) -> Outcome<Side<Mysql>> {
    let mut mysql = Mysql::with("items", |execute| execute(&table("INTEGER PRIMARY KEY AUTO_INCREMENT")))?;
    create(&mut mysql.connection, rows)?;
    Ok(Side::new(mysql, None))
}

fn create<C: Client>(connection: &mut C, rows: i32) -> Outcome {
    let mut items: Vec<_> = (1..=rows).map(item).collect();
    Context::borrowing(connection).create_all(&mut items)?;
    Ok(())
}

/// Everything but what differs in each run.
fn settled(mut item: Item) -> Vec<Item> {
    item.heat = 0;
    vec![item]
}

/// Load, change one column, save: by persist.
///
/// # Errors
/// When the store cannot answer.
pub fn persist_one<C: Connected>(side: &mut Side<C>) -> Outcome<Vec<Item>> {
    let turn = side.next();
    let mut context = Context::borrowing(side.connection.client());
    let mut item = context.edit::<Item>(3)?;
    item.heat = turn;
    context.save(&mut item)?;
    Ok(settled(Edit::into_inner(item)))
}

macro_rules! by_hand {
    ($name:ident, $whole:ident, $each:ident, $insert:ident, $side:ty, $keys:expr) => {
        /// Load, change one column, save that column: by hand.
        ///
        /// # Errors
        /// When the store cannot answer.
        pub fn $name(side: &mut Side<$side>) -> Outcome<Vec<Item>> {
            let turn = side.next();
            let connection = side.connection.client();
            let mut item: Item = items::table.find(3).select(Item::as_select()).first(connection)?;
            item.heat = turn;
            diesel::update(items::table.find(3)).set(items::heat.eq(item.heat)).execute(connection)?;
            Ok(settled(item))
        }

        /// Load, change one column, save the whole row: by hand.
        ///
        /// # Errors
        /// When the store cannot answer.
        pub fn $whole(side: &mut Side<$side>) -> Outcome<Vec<Item>> {
            let turn = side.next();
            let connection = side.connection.client();
            let mut item: Item = items::table.find(3).select(Item::as_select()).first(connection)?;
            item.heat = turn;
            diesel::update(items::table.find(3)).set(&item).execute(connection)?;
            Ok(settled(item))
        }

        /// Every row: one column of the odd ones, two of the even ones, one after the other in one transaction.
        ///
        /// # Errors
        /// When the store cannot answer.
        pub fn $each(side: &mut Side<$side>) -> Outcome<Vec<usize>> {
            let (turn, rows) = (side.next(), side.in_hand.len() as i32);
            let connection = side.connection.client();
            connection
                .transaction(|connection| {
                    let mut written = 0;
                    for id in 1..=rows {
                        written += if id % 2 == 0 {
                            diesel::update(items::table.find(id)).set(items::heat.eq(turn)).execute(connection)?
                        } else {
                            let set = (items::name.eq(format!("image-{turn}")), items::min_ram.eq(turn));
                            diesel::update(items::table.find(id)).set(set).execute(connection)?
                        };
                    }
                    diesel::QueryResult::Ok(vec![written])
                })
                .map_err(Into::into)
        }

        /// New rows that get their keys, taken back again.
        ///
        /// # Errors
        /// When the store cannot answer.
        pub fn $insert(side: &mut Side<$side>) -> Outcome<Vec<usize>> {
            let connection = side.connection.client();
            let given: Vec<_> = (1..=NEW).map(item).collect();
            let mut all = given.clone();
            connection
                .transaction(|connection| {
                    let new: Vec<_> = given.iter().map(new_item).collect();
                    let keys: Vec<i32> = $keys(connection, &new)?;
                    for (item, key) in all.iter_mut().zip(&keys) {
                        item.id = *key;
                    }
                    Err(diesel::result::Error::RollbackTransaction)
                })
                .or_else(|error: diesel::result::Error| match error {
                    diesel::result::Error::RollbackTransaction => Ok(()),
                    other => Err(other),
                })?;
            Ok(vec![all.iter().filter(|item| item.id > 0).count()])
        }
    };
}

by_hand!(
    diesel_one_sqlite,
    diesel_whole_sqlite,
    diesel_each_sqlite,
    diesel_insert_sqlite,
    SqliteConnection,
    one_by_one
);
by_hand!(diesel_one_postgres, diesel_whole_postgres, diesel_each_postgres, diesel_insert_postgres, Postgres, together);
by_hand!(diesel_one_mysql, diesel_whole_mysql, diesel_each_mysql, diesel_insert_mysql, Mysql, counted);

/// On SQLite Diesel has no statement of several rows that returns anything.
fn one_by_one(connection: &mut SqliteConnection, new: &[NewItem<'_>]) -> QueryResult<Vec<i32>> {
    let insert = |item| diesel::insert_into(items::table).values(item).returning(items::id).get_result(connection);
    new.iter().map(insert).collect()
}

fn together(connection: &mut PgConnection, new: &[NewItem<'_>]) -> QueryResult<Vec<i32>> {
    diesel::insert_into(items::table).values(new).returning(items::id).load(connection)
}

/// On MySQL Diesel has no statement that returns anything. InnoDB gives the rows of one statement keys that follow upon one
/// another, and tells the first.
fn counted(connection: &mut MysqlConnection, new: &[NewItem<'_>]) -> QueryResult<Vec<i32>> {
    diesel::insert_into(items::table).values(new).execute(connection)?;
    let first: i64 = diesel::select(sql::<BigInt>("CAST(LAST_INSERT_ID() AS SIGNED)")).get_result(connection)?;
    Ok((first as i32..).take(new.len()).collect())
}

fn new_item(item: &Item) -> NewItem<'_> {
    NewItem {
        name: &item.name,
        status: &item.status,
        owner: &item.owner,
        checksum: &item.checksum,
        container: &item.container,
        disk: &item.disk,
        note: item.note.as_deref(),
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
        kind: &item.kind,
    }
}

/// How many new rows there are.
pub const NEW: i32 = 1_000;

/// Takes rows in hand, for [`persist_each`].
///
/// # Errors
/// When the store cannot answer.
pub fn take_in_hand<C: Connected>(side: &mut Side<C>) -> Outcome {
    side.in_hand = Context::borrowing(side.connection.client()).edit_all(Items::all().view::<Item>())?;
    Ok(())
}

/// Every row in hand: one column of the odd ones, two of the even ones, saved together.
///
/// # Errors
/// When the store cannot answer.
pub fn persist_each<C: Connected>(side: &mut Side<C>) -> Outcome<Vec<usize>> {
    let turn = side.next();
    for edit in &mut side.in_hand {
        if edit.id % 2 == 0 {
            edit.heat = turn;
        } else {
            edit.name = format!("image-{turn}");
            edit.min_ram = turn;
        }
    }
    Context::borrowing(side.connection.client()).save_all(&mut side.in_hand)?;
    Ok(vec![side.in_hand.len()])
}

/// How many statements [`persist_each`] takes, the transaction apart.
///
/// # Errors
/// When the store cannot answer.
pub fn persist_each_statements<C: Connected>(side: &mut Side<C>) -> Outcome<u64> {
    let turn = side.next();
    for edit in &mut side.in_hand {
        if edit.id % 2 == 0 { edit.heat = turn } else { edit.min_ram = turn }
    }
    let mut context = Context::borrowing(side.connection.client());
    context.save_all(&mut side.in_hand)?;
    Ok(context.stats().statements)
}

/// What is stored.
///
/// # Errors
/// When the store cannot answer.
pub fn stored<C: Connected>(side: &mut Side<C>) -> Outcome<Vec<Item>> {
    Ok(Context::borrowing(side.connection.client()).realise(Items::all().view::<Item>())?)
}

/// New rows whose keys come back, taken back again: by persist.
///
/// # Errors
/// When the store cannot answer.
pub fn persist_insert<C: Connected>(side: &mut Side<C>) -> Outcome<Vec<usize>> {
    let mut context = Context::borrowing(side.connection.client());
    let mut all: Vec<_> = (1..=NEW).map(item).collect();
    let undone = context.transaction(|context| {
        context.create_all(&mut all)?;
        Err::<(), _>(persist::Error::Diesel(diesel::result::Error::RollbackTransaction))
    });
    match undone {
        Err(persist::Error::Diesel(diesel::result::Error::RollbackTransaction)) => {}
        Err(error) => return Err(error.into()),
        Ok(()) => {}
    }
    Ok(vec![all.iter().filter(|item| item.id > 0).count()])
}

/// Edits of which none changed are saved; how many statements that took.
///
/// # Errors
/// When the store cannot answer.
pub fn unchanged(edits: &mut [Edit<Item>], context: &mut Context<'_>) -> Outcome<u64> {
    let before = context.stats().statements;
    context.save_all(edits)?;
    Ok(context.stats().statements - before)
}

//! The crates that are compiled.
//!
//! Each entity has eight columns, belongs to the one before it and has many of the one after it. Every other view is a
//! card (three columns); those between are pages: all columns, the card of the row they belong to, the cards of the rows
//! that belong to them.

use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

/// What a crate is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// `table!` alone.
    Floor,
    /// persist's derives.
    Persist,
    /// Diesel's derives.
    Diesel,
}

impl Side {
    /// All of them, in turn.
    pub const ALL: [Self; 3] = [Self::Floor, Self::Persist, Self::Diesel];

    /// The crate's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Floor => "cost-floor",
            Self::Persist => "cost-persist",
            Self::Diesel => "cost-diesel",
        }
    }
}

const FIELDS: &str = "
    pub name: String,
    pub email: String,
    pub amount: i64,
    pub rate: f64,
    pub active: bool,
    pub note: Option<String>,
";

/// The module of one entity and its view.
#[must_use]
pub fn module(side: Side, number: usize, entities: usize) -> String {
    let before = number.saturating_sub(1);
    let after = (number + 1).min(entities - 1);
    match side {
        Side::Floor => format!("//! Nothing but the table {number}.\n"),
        Side::Persist => persist(number, before, after),
        Side::Diesel => diesel(number, before, after),
    }
}

fn persist(number: usize, before: usize, after: usize) -> String {
    let has_many =
        if number == after { String::new() } else { format!("#[entity(has_many(children: E{after}, by = parent))]") };
    let entity = format!(
        "use crate::*;
use persist::prelude::*;

#[derive(Debug, Clone, Entity)]
#[entity(table = schema::t{number})]
{has_many}
pub struct E{number} {{
    #[entity(key)]
    pub id: i32,{FIELDS}    #[entity(belongs_to(parent: E{before}))]
    pub parent_id: i32,
}}
"
    );
    let view = if is_card(number) {
        format!("#[view(of = E{number})]\npub struct V{number} {{\n{CARD}}}\n")
    } else {
        let children = if number == after { String::new() } else { format!("    pub children: Vec<V{after}>,\n") };
        let parent = format!("    pub parent: std::sync::Arc<V{before}>,\n");
        let own = format!("    #[view(flatten)]\n    pub own: E{number},\n");
        format!("#[view(of = E{number})]\npub struct V{number} {{\n{own}{parent}{children}}}\n")
    };
    format!("{entity}\n#[derive(Debug, Clone, View)]\n{view}")
}

const CARD: &str = "    pub id: i32,\n    pub name: String,\n    pub note: Option<String>,\n";

const fn is_card(number: usize) -> bool {
    number.is_multiple_of(2)
}

fn diesel(number: usize, before: usize, after: usize) -> String {
    let entity = format!(
        "use crate::*;
use diesel::prelude::*;

#[derive(Debug, Clone, Queryable, Selectable, Identifiable, Insertable, AsChangeset, Associations)]
#[diesel(table_name = schema::t{number}, belongs_to(E{before}, foreign_key = parent_id))]
pub struct E{number} {{
    pub id: i32,{FIELDS}    pub parent_id: i32,
}}
"
    );
    let view = if is_card(number) {
        format!(
            "#[derive(Debug, Clone, Queryable, Selectable)]\n#[diesel(table_name = schema::t{number})]\n\
             pub struct V{number} {{\n{CARD}}}\n"
        )
    } else {
        // Put together by hand from what was loaded: Diesel has no derive for it.
        let children = if number == after { String::new() } else { format!("    pub children: Vec<V{after}>,\n") };
        format!(
            "#[derive(Debug, Clone)]\npub struct V{number} {{\n    pub own: E{number},\n    \
             pub parent: std::sync::Arc<V{before}>,\n{children}}}\n"
        )
    };
    format!("{entity}\n{view}")
}

fn schema(entities: usize) -> String {
    let mut schema = String::from("//! Tables.\n");
    for number in 0..entities {
        let _ = write!(
            schema,
            "diesel::table! {{
    t{number} (id) {{
        id -> Integer,
        name -> Text,
        email -> Text,
        amount -> BigInt,
        rate -> Double,
        active -> Bool,
        note -> Nullable<Text>,
        parent_id -> Integer,
    }}
}}
"
        );
    }
    schema
}

/// Writes the workspace of the three crates.
///
/// # Errors
/// When a file cannot be written.
pub fn write(at: &Path, entities: usize) -> io::Result<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let runtime = here.join("../../persist-runtime").canonicalize()?;
    let members: Vec<String> = Side::ALL.iter().map(|side| format!("{:?}", side.name())).collect();
    fs::create_dir_all(at)?;
    fs::write(at.join("Cargo.toml"), format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n", members.join(", ")))?;
    // The versions that everything else here is measured with.
    fs::copy(here.join("Cargo.lock"), at.join("Cargo.lock"))?;
    for side in Side::ALL {
        let name = side.name();
        let src = at.join(name).join("src");
        fs::create_dir_all(&src)?;
        let persist = match side {
            Side::Persist => format!("persist = {{ package = \"persist-runtime\", path = {runtime:?} }}\n"),
            Side::Floor | Side::Diesel => String::new(),
        };
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n{persist}\
             diesel = {{ version = \"2.3.14\", default-features = false, features = [\"sqlite\"] }}\n\
             libsqlite3-sys = {{ version = \"0.37\", features = [\"bundled\"] }}\n"
        );
        fs::write(at.join(name).join("Cargo.toml"), manifest)?;
        let mut lib = String::from("//! Made by the benches of persist.\n#![allow(unused_imports)]\npub mod schema;\n");
        for number in 0..entities {
            let _ = write!(lib, "mod m{number};\npub use m{number}::*;\n");
            fs::write(src.join(format!("m{number}.rs")), module(side, number, entities))?;
        }
        fs::write(src.join("lib.rs"), lib)?;
        fs::write(src.join("schema.rs"), schema(entities))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_have_the_same_structs() {
        for number in 0..4 {
            let fields = |side| {
                let text = module(side, number, 4);
                let fields = text.lines().filter(|line| line.trim_start().starts_with("pub "));
                fields.map(|line| line.trim().to_owned()).collect::<Vec<_>>()
            };
            assert_eq!(fields(Side::Persist), fields(Side::Diesel));
        }
    }
}

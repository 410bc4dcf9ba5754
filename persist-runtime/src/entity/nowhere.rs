//! The entity of a view that does not say what it is a view of.

use super::{Collation, Entity, Given, Out, Rules, Table};

/// Stands for the entity of a view that names none. The program does not compile.
#[derive(Debug)]
pub enum Nowhere {}

#[diagnostic::do_not_recommend]
impl Entity for Nowhere {
    type Key = i32;
    type Cols = ();
    type Group = ();
    type Source = ();
    type Columns = Given;
    const TABLE: &'static Table = &Table {
        entity: "?",
        schema: None,
        name: "?",
        columns: &[],
        key: &[],
        collation: Collation::Portable,
        rules: &Rules::NONE,
    };

    fn key(&self) -> i32 {
        match *self {}
    }

    fn push_values(&self, _: &mut Out<'_>) {
        match *self {}
    }
}

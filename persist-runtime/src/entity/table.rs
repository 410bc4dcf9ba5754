//! Tables as data: what the derives emit and the stores read.

use super::column::ColumnDef;
use super::rules::Rules;
use std::fmt;

/// Where an entity is stored: [`Entity::TABLE`](crate::Entity::TABLE). Stores read it; programs need it to look a name
/// up.
pub struct Table {
    /// The entity's name, as messages use it.
    pub entity: &'static str,
    /// The schema (namespace) of the table, where it is not the connection's own.
    pub schema: Option<&'static str>,
    /// The table's name in the store.
    pub name: &'static str,
    /// Every stored column, in the order of the entity's fields.
    pub columns: &'static [ColumnDef],
    /// The columns of the key, in order.
    pub key: &'static [ColumnDef],
    /// How strings are ordered: by persist's rule, or as the database likes.
    pub collation: Collation,
    /// What is declared of writes; [`Rules::NONE`] where nothing is.
    pub rules: &'static Rules,
}

/// How strings of a foreign schema are ordered and compared: `#[entity(collation = ..)]`. The memory store goes by code
/// point in either case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Collation {
    /// By code point, the same on every store. An index in another collation does not serve such an order.
    #[default]
    Portable,
    /// By the collation of the column, whatever it is: the index serves, and stores may differ.
    Native,
}

/// The table's name: what a table is made of is in its constants, and need not fill a page of every message.
impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} of {}", self.schema.map_or(vec![self.name], |schema| vec![schema, self.name]), self.entity)
    }
}

impl Table {
    /// The column of this name, as a list of one; an empty one where there is none.
    pub(crate) const fn column(&'static self, named: ColumnDef) -> &'static [ColumnDef] {
        let mut index = 0;
        while index < self.columns.len() {
            if same_text(self.columns[index].name, named.name) {
                let (_, from) = self.columns.split_at(index);
                return from.split_at(1).0;
            }
            index += 1;
        }
        &[]
    }

    /// Whether both are the same table of a store.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.name == other.name && self.schema == other.schema
    }
}

/// Whether two texts are the same, told by the compiler.
pub(crate) const fn same_text(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut index = 0;
    while index < a.len() {
        if a[index] != b[index] {
            return false;
        }
        index += 1;
    }
    true
}

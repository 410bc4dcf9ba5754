//! What can be wrong with a schema: [`SchemaError`].

/// Why tables were not made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// An entity refers to one that is not in the list.
    #[error("`{entity}.{relation}` (over {}) refers to `{to}`, which is not in the list of entities", fields.join(", "))]
    Unlisted {
        /// The entity that refers.
        entity: &'static str,
        /// Its relation.
        relation: &'static str,
        /// The columns of its fields.
        fields: Vec<&'static str>,
        /// The entity that it refers to.
        to: &'static str,
    },
    /// Two entities of one table say different things of it.
    #[error("`{first}` and `{second}` disagree about {what}: {is} and {other}")]
    Disagreement {
        /// The one.
        first: &'static str,
        /// The other.
        second: &'static str,
        /// About what.
        what: String,
        /// What the one says.
        is: String,
        /// What the other says.
        other: String,
    },
    /// A `generated` column of which it is not known what the database should make, or cannot make it.
    #[error("`{entity}.{column}` is `generated`, and {backend} cannot be told how to make it: {why}")]
    Generated {
        /// The entity.
        entity: &'static str,
        /// The column.
        column: &'static str,
        /// The backend.
        backend: &'static str,
        /// Why.
        why: &'static str,
    },
    /// A column in a key, an index or a constraint that cannot be in one.
    #[error("`{entity}.{column}` is in a key, a `unique(..)` or a `belongs_to`, and {backend} cannot compare {ty}")]
    Keyless {
        /// The entity.
        entity: &'static str,
        /// The column.
        column: &'static str,
        /// The backend.
        backend: &'static str,
        /// Its type there.
        ty: &'static str,
    },
    /// The name of a table, a column or a schema that the backend cannot have.
    #[error("{name:?} of `{entity}` is no name on {backend}: {why}")]
    Name {
        /// The entity.
        entity: &'static str,
        /// The name.
        name: &'static str,
        /// The backend.
        backend: &'static str,
        /// Why.
        why: String,
    },
    /// The backend would commit the open transaction.
    #[error("{backend} commits the open transaction when a table is made: make tables outside of it")]
    InTransaction {
        /// The backend.
        backend: &'static str,
    },
    /// The database refused a statement.
    #[error("the database refused `{}`", statement.lines().next().unwrap_or_default())]
    Database {
        /// The statement.
        statement: String,
        /// What it said.
        source: diesel::result::Error,
    },
    /// The transaction around the statements could not begin or end.
    #[error("the transaction in which tables are made failed")]
    Transaction(#[from] diesel::result::Error),
}

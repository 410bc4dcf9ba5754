//! Diesel's errors as faults of a store. The error itself stays behind as the source, where it says more than the
//! fault; nothing is lost and nothing panics.

use super::dialect::Syntax;
use crate::store::{Fault, StoreError};
use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error};

/// What went wrong with the rows of `entity` while `doing` something.
#[cold]
pub(super) fn store_error(syntax: &dyn Syntax, entity: &'static str, doing: &'static str, error: Error) -> StoreError {
    let fault = fault(syntax, &error);
    // In the store's own words the fault says all that Diesel's error does.
    let said = matches!(fault, Fault::Other(_) | Fault::Corrupt(_));
    let failed = StoreError::new(entity, doing, fault);
    if said { failed } else { failed.with_source(error) }
}

pub(super) fn fault(syntax: &dyn Syntax, error: &Error) -> Fault {
    match error {
        Error::DatabaseError(kind, info) => database_fault(syntax, kind, &**info),
        Error::RollbackErrorOnCommit { commit_error, .. } => fault(syntax, commit_error),
        // What Diesel answers from then on, once a transaction could not be ended.
        Error::BrokenTransactionManager => Fault::Closed,
        other => Fault::Other(other.to_string()),
    }
}

fn database_fault(
    syntax: &dyn Syntax,
    kind: &DatabaseErrorKind,
    info: &(dyn DatabaseErrorInformation + Send + Sync),
) -> Fault {
    let constraint = || match (info.constraint_name(), syntax.fault(info)) {
        (Some(name), _) => name.to_owned(),
        (None, Some(Fault::Duplicate(what) | Fault::ForeignKey(what) | Fault::Check(what))) => what,
        (None, _) => info.message().to_owned(),
    };
    match kind {
        DatabaseErrorKind::UniqueViolation | DatabaseErrorKind::ExclusionViolation => Fault::Duplicate(constraint()),
        DatabaseErrorKind::ForeignKeyViolation | DatabaseErrorKind::RestrictViolation => {
            Fault::ForeignKey(constraint())
        }
        DatabaseErrorKind::CheckViolation => Fault::Check(constraint()),
        DatabaseErrorKind::NotNullViolation => Fault::NotNull(match (info.column_name(), syntax.fault(info)) {
            (Some(column), _) => column.to_owned(),
            (None, Some(Fault::NotNull(column))) => column,
            (None, _) => info.message().to_owned(),
        }),
        DatabaseErrorKind::SerializationFailure => Fault::Serialization,
        DatabaseErrorKind::ReadOnlyTransaction => Fault::ReadOnly,
        DatabaseErrorKind::ClosedConnection => Fault::Closed,
        _ => syntax.fault(info).unwrap_or_else(|| Fault::Other(info.message().to_owned())),
    }
}

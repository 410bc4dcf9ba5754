//! A value on its way into a statement, whichever backend it is for.

use std::fmt;

/// A value on its way into a statement, in the form of its backend.
#[derive(Debug)]
pub enum Bind {
    #[cfg(feature = "sqlite")]
    Sqlite(super::sqlite_bind::SqliteBind),
    #[cfg(feature = "postgres")]
    Pg(super::postgres_bind::PgBind),
    #[cfg(feature = "mysql")]
    Mysql(super::mysql_bind::MysqlBind),
}

impl Bind {
    /// The failure of a backend that is handed the value of another, which a renderer of its own never does.
    #[cfg(any(
        all(feature = "sqlite", feature = "postgres"),
        all(feature = "sqlite", feature = "mysql"),
        all(feature = "postgres", feature = "mysql")
    ))]
    pub(super) fn foreign(&self) -> diesel::result::Error {
        diesel::result::Error::QueryBuilderError(format!("{self} is bound in the form of another backend").into())
    }
}

impl Bind {
    /// How long it is; nothing, for those backends where that is no question.
    pub(super) fn bytes(&self) -> usize {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(_) => 0,
            #[cfg(feature = "postgres")]
            Self::Pg(bind) => bind.bytes(),
            #[cfg(feature = "mysql")]
            Self::Mysql(bind) => bind.bytes(),
        }
    }
}

impl fmt::Display for Bind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(bind) => bind.fmt(f),
            #[cfg(feature = "postgres")]
            Self::Pg(bind) => bind.fmt(f),
            #[cfg(feature = "mysql")]
            Self::Mysql(bind) => bind.fmt(f),
        }
    }
}

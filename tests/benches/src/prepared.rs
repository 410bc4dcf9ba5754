//! A statement by hand that Diesel prepares once and decodes by position, as it does for its own queries.
//!
//! `diesel::sql_query` would be shorter, but it prepares anew on every run and looks columns up by name.

use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::HasSqlType;
use std::marker::PhantomData;

/// A statement with one bind: its rows are of the SQL type `Row`, its bind of the SQL type `Type`.
pub struct Prepared<'a, Row, Type, Value: ?Sized> {
    sql: [&'static str; 2],
    value: &'a Value,
    types: PhantomData<(Row, Type)>,
}

impl<'a, Row, Type, Value: ?Sized> Prepared<'a, Row, Type, Value> {
    /// The text before and behind the bind, and what is bound.
    #[must_use]
    pub const fn new(sql: [&'static str; 2], value: &'a Value) -> Self {
        Self { sql, value, types: PhantomData }
    }
}

impl<Row, Type, Value: ?Sized> QueryId for Prepared<'_, Row, Type, Value> {
    type QueryId = ();

    /// The type does not tell the text; Diesel then keeps prepared statements by their text.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Row, Type, Value: ?Sized> Query for Prepared<'_, Row, Type, Value> {
    type SqlType = Row;
}

impl<Row, Type, Value: ?Sized, C> RunQueryDsl<C> for Prepared<'_, Row, Type, Value> {}

impl<Row, Type, Value, DB> QueryFragment<DB> for Prepared<'_, Row, Type, Value>
where
    DB: Backend + HasSqlType<Type>,
    Value: ToSql<Type, DB> + ?Sized,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql(self.sql[0]);
        pass.push_bind_param::<Type, Value>(self.value)?;
        pass.push_sql(self.sql[1]);
        Ok(())
    }
}

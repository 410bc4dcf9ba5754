//! The one runtime type that every statement is: text, names and values, in the order they are written.
//!
//! Names and values are kept apart from the text until Diesel's `AstPass` takes them: nothing here may put a value, or
//! a name that a user chose, into the text of a statement.

use super::bind::Bind;
use super::dialect::{Dialect, Syntax};
use crate::entity::{Collation, ColumnDef, ColumnType, Table};
use crate::store::Fault;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::Untyped;
use std::fmt;
use std::fmt::Write as _;

/// What stands between two stretches of text.
#[derive(Debug)]
enum Mark {
    Name(&'static str),
    Bind(Bind),
}

/// The name that a table goes by in one statement; a table that stands in it twice has two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Alias(u32);

impl Alias {
    #[cfg(feature = "mysql")]
    pub(super) const fn number(self) -> u32 {
        self.0
    }
}

/// A column of an aliased table.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub(super) alias: Alias,
    pub(super) name: PlaceName,
    pub(super) ty: ColumnType,
    pub(super) nullable: bool,
    pub(super) collation: Collation,
}

/// How a column is called: a stored one has its own name, one of a derived table is numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PlaceName {
    Stored(&'static str),
    Nth(usize),
    /// That of a new row, beside the one whose place it would take.
    New(&'static str),
}

impl Place {
    pub(super) const fn of(alias: Alias, table: &Table, column: &ColumnDef) -> Self {
        let name = PlaceName::Stored(column.name);
        Self { alias, name, ty: column.ty, nullable: column.nullable, collation: table.collation }
    }

    pub(super) const fn name(&self) -> &'static str {
        match self.name {
            PlaceName::Stored(name) | PlaceName::New(name) => name,
            PlaceName::Nth(_) => "a derived column",
        }
    }
}

/// A statement: under construction first, then run.
pub struct Statement {
    syntax: &'static dyn Syntax,
    text: String,
    /// The marks, each with the length of the text before it.
    marks: Vec<(usize, Mark)>,
    aliases: u32,
    varies: bool,
    /// Whether what is being written stands within a negation or an alternative.
    nested: bool,
    /// Whether keys are looked for before what is being written.
    beside_keys: bool,
}

/// What writing a part of a statement gives: most parts cannot fail, but a value may not fit its column.
pub(super) type Written = Result<(), Fault>;

impl Statement {
    pub(super) const fn new(syntax: &'static dyn Syntax) -> Self {
        Self {
            syntax,
            text: String::new(),
            marks: Vec::new(),
            aliases: 0,
            varies: false,
            nested: false,
            beside_keys: false,
        }
    }

    pub(super) const fn syntax(&self) -> &'static dyn Syntax {
        self.syntax
    }

    /// Says that the text depends on the number of rows, so that it is not worth a place in the statement cache.
    pub(super) const fn set_varies(&mut self) {
        self.varies = true;
    }

    /// What `write` writes stands within a negation or an alternative, or no longer does: a select of its own begins
    /// then.
    pub(super) fn nested(&mut self, nested: bool, write: impl FnOnce(&mut Self) -> Written) -> Written {
        let before = (self.nested, self.beside_keys);
        self.nested = nested;
        self.beside_keys &= nested;
        let written = write(self);
        (self.nested, self.beside_keys) = before;
        written
    }

    /// What `write` writes narrows rows that are found by keys: it is not what they should be found by.
    pub(super) fn beside_keys(&mut self, write: impl FnOnce(&mut Self) -> Written) -> Written {
        let before = std::mem::replace(&mut self.beside_keys, true);
        let written = write(self);
        self.beside_keys = before;
        written
    }

    pub(super) const fn is_nested(&self) -> bool {
        self.nested
    }

    pub(super) const fn alias(&mut self) -> Alias {
        self.aliases += 1;
        Alias(self.aliases)
    }

    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Text that is made of something else than text.
    pub(super) fn put(&mut self, text: fmt::Arguments<'_>) -> &mut Self {
        // Writing to a `String` cannot fail.
        let _ = self.text.write_fmt(text);
        self
    }

    fn mark(&mut self, mark: Mark) -> &mut Self {
        self.marks.push((self.text.len(), mark));
        self
    }

    pub(super) fn name(&mut self, name: &'static str) -> &mut Self {
        self.mark(Mark::Name(name))
    }

    pub(super) fn bind(&mut self, bind: Bind) -> &mut Self {
        self.mark(Mark::Bind(bind))
    }

    pub(super) fn alias_name(&mut self, Alias(number): Alias) -> &mut Self {
        self.put(format_args!("t{number}"))
    }

    pub(super) fn table(&mut self, table: &Table) -> &mut Self {
        if let Some(schema) = table.schema {
            self.name(schema).text(".");
        }
        self.name(table.name)
    }

    /// `table AS alias`
    pub(super) fn table_as(&mut self, table: &Table, alias: Alias) -> &mut Self {
        self.table(table).text(" AS ").alias_name(alias)
    }

    /// The names that the tables in it go by, each with that of its table.
    pub(super) fn tables(&self) -> Vec<(String, &'static str)> {
        let mut tables = Vec::new();
        let mut last = None;
        for (text, mark) in self.stretches() {
            // As `table_as` writes it.
            if let (Some(name), Some(rest)) = (last, text.strip_prefix(" AS t")) {
                let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
                tables.push((format!("t{}", &rest[..digits]), name));
            }
            last = if let Some(Mark::Name(name)) = mark { Some(*name) } else { None };
        }
        tables
    }

    /// The same after some words, which no statement cache needs to keep.
    pub(super) fn behind(mut self, words: &str) -> Self {
        self.text.insert_str(0, words);
        self.marks.iter_mut().for_each(|(end, _)| *end += words.len());
        self.varies = true;
        self
    }

    pub(super) fn place(&mut self, place: &Place) -> &mut Self {
        match place.name {
            PlaceName::Stored(name) => self.alias_name(place.alias).text(".").name(name),
            PlaceName::Nth(number) => self.alias_name(place.alias).put(format_args!(".c{number}")),
            PlaceName::New(name) => self.text("excluded.").name(name),
        }
    }

    /// The items, with `between` between them.
    pub(super) fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        between: &str,
        mut write: impl FnMut(&mut Self, T) -> Written,
    ) -> Written {
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.text(between);
            }
            write(self, item)?;
        }
        Ok(())
    }

    /// One place, or several as a row value, as it is looked for in a set.
    pub(super) fn row(&mut self, places: &[Place]) -> &mut Self {
        let syntax = self.syntax;
        let aside = if self.beside_keys { syntax.aside() } else { "" };
        if let [only] = places {
            return self.text(aside).place(only).text(syntax.exactly(only));
        }
        self.text("(").text(syntax.row_head(places));
        for (index, place) in places.iter().enumerate() {
            self.text(if index > 0 { ", " } else { "" }).text(aside).place(place);
        }
        self.text(")")
    }

    /// The stretches of text, each with what follows it; after the last there is nothing.
    fn stretches(&self) -> impl Iterator<Item = (&str, Option<&Mark>)> {
        let ends = self.marks.iter().map(|(end, mark)| (*end, Some(mark))).chain([(self.text.len(), None)]);
        let mut start = 0;
        ends.map(move |(end, mark)| (self.text.get(std::mem::replace(&mut start, end)..end).unwrap_or_default(), mark))
    }

    pub(super) fn walk<'b, DB: Dialect>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if self.varies {
            out.unsafe_to_cache_prepared();
        }
        for (text, mark) in self.stretches() {
            // Diesel takes whatever is pushed for something.
            if !text.is_empty() {
                out.push_sql(text);
            }
            match mark {
                Some(Mark::Name(name)) => out.push_identifier(name)?,
                Some(Mark::Bind(bind)) => DB::push(bind, out.reborrow())?,
                None => {}
            }
        }
        Ok(())
    }
}

impl<DB: Dialect> QueryFragment<DB> for Statement {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.walk(out)
    }
}

impl Query for Statement {
    type SqlType = Untyped;
}

impl QueryId for Statement {
    type QueryId = ();
    // Diesel's statement cache goes by the text then.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Statement {
    /// How many values are bound.
    pub(super) fn values(&self) -> usize {
        self.marks.iter().filter(|(_, mark)| matches!(mark, Mark::Bind(_))).count()
    }

    /// How long it is, with its values.
    pub(super) fn bytes(&self) -> usize {
        let bound = |(_, mark): &(usize, Mark)| match mark {
            Mark::Name(name) => name.len(),
            Mark::Bind(bind) => bind.bytes(),
        };
        self.text.len() + self.marks.iter().map(bound).sum::<usize>()
    }

    /// Its text alone: what is written need not be in a log.
    pub(super) const fn without_values(&self) -> WithoutValues<'_> {
        WithoutValues(self)
    }

    /// Writes the text; gives what is bound.
    fn write_text(&self, f: &mut fmt::Formatter<'_>) -> Result<Vec<&Bind>, fmt::Error> {
        let quote = self.syntax.quote();
        let mut binds = Vec::new();
        for (text, mark) in self.stretches() {
            f.write_str(text)?;
            match mark {
                Some(Mark::Name(name)) => {
                    write!(f, "{quote}{}{quote}", name.replace(quote, &format!("{quote}{quote}")))?;
                }
                Some(Mark::Bind(bind)) => {
                    binds.push(bind);
                    f.write_str(&self.syntax.placeholder(binds.len()))?;
                }
                None => {}
            }
        }
        Ok(binds)
    }
}

/// See [`Statement::without_values`].
pub(super) struct WithoutValues<'s>(&'s Statement);

impl fmt::Display for WithoutValues<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.write_text(f).map(drop)
    }
}

/// The statement as a person reads it: its text, then what is bound.
impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let binds = self.write_text(f)?;
        for (index, bind) in binds.iter().enumerate() {
            f.write_str(if index == 0 { "\n-- " } else { ", " })?;
            write!(f, "{}: {bind}", index + 1)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Statement({self})")
    }
}

//! Tables as statements.

use super::SchemaError;
use super::model::{Column, ReferenceDef, TableDef};
use super::names::{Kind, Names};
use super::syntax::Syntax;
use crate::entity::{OnDelete, Table};

/// The statements that make these tables, which stand in the order in which they are made.
pub(super) fn statements(tables: &[TableDef], syntax: &'static dyn Syntax) -> Result<Vec<String>, SchemaError> {
    let writer = Writer { tables, syntax, names: Names::of(tables, syntax.longest_name()) };
    tables.iter().try_for_each(|table| writer.can_be_named(table))?;
    let mut statements = writer.namespaces();
    for (nth, table) in tables.iter().enumerate() {
        statements.push(writer.table(nth, table)?);
        if !syntax.indexes_within() {
            statements.extend(table.indexes.iter().map(|columns| writer.index(table, columns)));
        }
    }
    for (nth, table) in tables.iter().enumerate() {
        let late = table.references.iter().filter(|reference| !writer.is_early(nth, reference));
        statements.extend(late.filter(|reference| writer.can_refer(table, reference)).map(|reference| {
            format!("ALTER TABLE {} ADD {}", writer.qualified(table.of), writer.reference(table, reference))
        }));
    }
    Ok(statements)
}

/// Why a column that is neither a number, nor a time, nor a UUID is not made.
const UNKNOWN: &str = "integers count, dates and times are now, UUIDs are made up, and of other types nothing is known";

struct Writer<'t> {
    tables: &'t [TableDef],
    syntax: &'static dyn Syntax,
    names: Names,
}

impl Writer<'_> {
    fn quoted(&self, name: &str) -> String {
        let quote = self.syntax.quote();
        let doubled = name.replace(quote, &format!("{quote}{quote}"));
        format!("{quote}{doubled}{quote}")
    }

    fn qualified(&self, table: &Table) -> String {
        let name = self.quoted(table.name);
        table.schema.map_or_else(|| name.clone(), |schema| format!("{}.{name}", self.quoted(schema)))
    }

    fn list(&self, columns: &[&str]) -> String {
        let quoted: Vec<_> = columns.iter().map(|column| self.quoted(column)).collect();
        format!("({})", quoted.join(", "))
    }

    fn can_be_named(&self, table: &TableDef) -> Result<(), SchemaError> {
        let longest = self.syntax.longest_name();
        let own = table.of.schema.into_iter().chain([table.of.name]).map(|name| (table.of.entity, name));
        for (entity, name) in own.chain(table.columns.iter().map(|column| (column.entity, column.name))) {
            let why = match longest {
                _ if name.is_empty() => "it is empty".to_owned(),
                _ if name.contains('\0') => "it has a NUL in it".to_owned(),
                Some(longest) if name.len() > longest => format!("it has more than {longest} bytes"),
                _ => continue,
            };
            return Err(SchemaError::Name { entity, name, backend: self.syntax.backend(), why });
        }
        Ok(())
    }

    fn namespaces(&self) -> Vec<String> {
        let mut names: Vec<_> = self.tables.iter().filter_map(|table| table.of.schema).collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter().filter_map(|name| self.syntax.namespace(&self.quoted(name))).collect()
    }

    /// Whether a reference of the `nth` table leads to one that is there before it, or to itself.
    fn is_early(&self, nth: usize, reference: &ReferenceDef) -> bool {
        reference.to <= nth || !self.syntax.adds_references()
    }

    fn can_refer(&self, table: &TableDef, reference: &ReferenceDef) -> bool {
        self.syntax.leads_elsewhere() || table.of.schema == self.tables[reference.to].of.schema
    }

    fn table(&self, nth: usize, table: &TableDef) -> Result<String, SchemaError> {
        let mut lines = Vec::new();
        for column in &table.columns {
            lines.push(self.column(table, column)?);
        }
        if !self.syntax.key_is_said(table) {
            lines.push(format!(
                "{} PRIMARY KEY {}",
                self.constraint(table, Kind::Key, &[], &[]),
                self.list(&table.key)
            ));
        }
        for columns in &table.uniques {
            lines.push(format!("{} UNIQUE {}", self.constraint(table, Kind::Unique, columns, &[]), self.list(columns)));
        }
        if self.syntax.indexes_within() {
            let name = |columns: &[&str]| self.quoted(&self.names.name(table, Kind::Index, columns, &[]));
            let indexes = table.indexes.iter();
            lines.extend(indexes.map(|columns| format!("INDEX {} {}", name(columns), self.list(columns))));
        }
        let early = table.references.iter().filter(|reference| self.is_early(nth, reference));
        let early = early.filter(|reference| self.can_refer(table, reference));
        lines.extend(early.map(|reference| self.reference(table, reference)));
        let (name, options) = (self.qualified(table.of), self.syntax.options());
        Ok(format!("CREATE TABLE {name} (\n    {}\n){options}", lines.join(",\n    ")))
    }

    fn constraint(&self, table: &TableDef, kind: Kind, columns: &[&str], to: &[&str]) -> String {
        format!("CONSTRAINT {}", self.quoted(&self.names.name(table, kind, columns, to)))
    }

    fn column(&self, table: &TableDef, column: &Column) -> Result<String, SchemaError> {
        let (entity, name, backend) = (column.entity, column.name, self.syntax.backend());
        let ty = self.syntax.type_of(column);
        let ty = ty.map_err(|ty| SchemaError::Keyless { entity, column: name, backend, ty })?;
        let mut text = format!("{} {ty}", self.quoted(name));
        if !column.nullable {
            text.push_str(" NOT NULL");
        }
        if self.syntax.key_is_said(table) && table.key == [name] {
            text.push_str(&format!(" {} PRIMARY KEY", self.constraint(table, Kind::Key, &[], &[])));
        }
        if column.generated && !column.nullable {
            let made = self.syntax.made(table, column).and_then(|made| made.ok_or(UNKNOWN));
            text.push_str(made.map_err(|why| SchemaError::Generated { entity, column: name, backend, why })?);
        }
        Ok(text)
    }

    fn reference(&self, table: &TableDef, reference: &ReferenceDef) -> String {
        let to = self.tables[reference.to].of;
        let name = if self.syntax.leads_elsewhere() { self.qualified(to) } else { self.quoted(to.name) };
        let on_delete = match reference.on_delete {
            None => "",
            Some(OnDelete::Cascade) => " ON DELETE CASCADE",
            Some(OnDelete::Restrict) => " ON DELETE RESTRICT",
            Some(OnDelete::Nullify) => " ON DELETE SET NULL",
        };
        let led_to = [to.schema.as_slice(), &[to.name], &reference.remote].concat();
        let constraint = self.constraint(table, Kind::Reference, &reference.columns, &led_to);
        let (local, remote) = (self.list(&reference.columns), self.list(&reference.remote));
        format!("{constraint} FOREIGN KEY {local} REFERENCES {name} {remote}{on_delete}")
    }

    fn index(&self, table: &TableDef, columns: &[&str]) -> String {
        let name = self.quoted(&self.names.name(table, Kind::Index, columns, &[]));
        let (name, on) = match table.of.schema {
            Some(schema) if self.syntax.index_says_schema() => {
                (format!("{}.{name}", self.quoted(schema)), self.quoted(table.of.name))
            }
            _ => (name, self.qualified(table.of)),
        };
        format!("CREATE INDEX {name} ON {on} {}", self.list(columns))
    }
}

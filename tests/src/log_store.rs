//! A store written from outside: an append-only file, one line of JSON for each row of any table.
//!
//! It uses nothing of persist but what every store gets: the trait, neutral values, and [`answer`] over its rows.

#![allow(clippy::unwrap_used, reason = "for tests")]

use crate::stores::TempDir;
use persist::engine::{Fetch, Insert};
use persist::store::{Fault, Rows, Sink, Snapshot, Store, StoreError, TableRows, answer};
use persist::{Context, Table, Value};
use serde_json::{Value as Json, json};
use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::sync::Arc;

/// Rows in a file.
#[derive(Clone)]
pub struct LogStore {
    dir: Arc<TempDir>,
    /// How much of the file is read: what was there when the snapshot began.
    end: Option<u64>,
    max_keys: usize,
}

impl LogStore {
    /// A new file.
    #[must_use]
    pub fn new() -> Self {
        let dir = TempDir::new();
        File::create(dir.path().join("log")).unwrap();
        Self { dir: Arc::new(dir), end: None, max_keys: usize::MAX }
    }

    /// The same rows, of which one fetch can name only so many.
    #[must_use]
    pub fn with_max_keys(&self, max_keys: usize) -> Self {
        Self { max_keys, ..self.clone() }
    }

    /// A context over the file.
    #[must_use]
    pub fn context(&self) -> Context<'static> {
        Context::over(self.clone())
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> std::path::PathBuf {
        self.dir.path().join("log")
    }

    fn rows(&self, table: &Table) -> Result<Vec<Vec<Value>>, String> {
        let name = full_name(table);
        let file = File::open(self.path()).map_err(|error| error.to_string())?;
        let mut rows = Vec::new();
        for line in BufReader::new(file.take(self.end.unwrap_or(u64::MAX))).lines() {
            let line: Json = serde_json::from_str(&line.map_err(|e| e.to_string())?).map_err(|e| e.to_string())?;
            if line["table"] == name.as_str() {
                let value = |column: &persist::ColumnDef| read(&line["row"][column.name]);
                rows.push(table.columns.iter().map(value).collect::<Result<_, _>>()?);
            }
        }
        Ok(rows)
    }

    fn append(&self, insert: &Insert) -> Result<(), Fault> {
        let table = insert.table;
        let place = |name| table.columns.iter().position(|column| column.name == name).unwrap_or_default();
        let places: Vec<_> = table.key.iter().map(|column| place(column.name)).collect();
        let key = |row: &[Value]| places.iter().map(|place| row[*place].clone()).collect::<Vec<_>>();
        let mut keys: HashSet<_> = self.rows(table).map_err(Fault::Other)?.iter().map(|row| key(row)).collect();
        let mut lines = String::new();
        for row in &insert.rows {
            if let Some((column, _)) = table.columns.iter().zip(row).find(|(c, value)| !c.nullable && value.is_null()) {
                return Err(Fault::NotNull(column.name.to_owned()));
            }
            if !keys.insert(key(row)) {
                return Err(Fault::Duplicate("key".to_owned()));
            }
            let cells: Result<serde_json::Map<_, _>, _> = table
                .columns
                .iter()
                .zip(row)
                .map(|(column, value)| Ok((column.name.to_owned(), write(value)?)))
                .collect();
            lines += &json!({ "table": full_name(table), "row": cells? }).to_string();
            lines.push('\n');
        }
        let mut file =
            OpenOptions::new().append(true).open(self.path()).map_err(|error| Fault::Other(error.to_string()))?;
        file.write_all(lines.as_bytes()).map_err(|error| Fault::Other(error.to_string()))
    }
}

impl Default for LogStore {
    fn default() -> Self {
        Self::new()
    }
}

fn full_name(table: &Table) -> String {
    format!("{}.{}", table.schema.unwrap_or_default(), table.name)
}

impl Rows for LogStore {
    fn scan<'a>(&'a self, table: &'static Table) -> Result<TableRows<'a>, StoreError> {
        let rows = self.rows(table).map_err(|words| StoreError::new(table.entity, "reading", Fault::Other(words)))?;
        Ok(TableRows::new(table.columns.iter().map(|column| column.name), rows))
    }
}

impl Store for LogStore {
    fn name(&self) -> &'static str {
        "log"
    }

    fn fetch(&mut self, fetch: &Fetch, sink: &mut dyn Sink) -> Result<(), StoreError> {
        answer(self, fetch, sink)
    }

    fn insert(&mut self, insert: &Insert) -> Result<(), StoreError> {
        self.append(insert).map_err(|fault| StoreError::new(insert.table.entity, "inserting", fault))
    }

    fn begin_snapshot(&mut self) -> Result<Snapshot, StoreError> {
        let length = std::fs::metadata(self.path()).map(|file| file.len());
        let failed = |error| StoreError::new("snapshot", "beginning", Fault::Closed).with_source(error);
        self.end = Some(length.map_err(|error: std::io::Error| failed(error))?);
        Ok(Snapshot::Taken)
    }

    fn end_snapshot(&mut self) -> Result<(), StoreError> {
        self.end = None;
        Ok(())
    }

    fn max_keys(&self, _: &Fetch) -> usize {
        self.max_keys
    }
}

fn write(value: &Value) -> Result<Json, Fault> {
    Ok(match value {
        Value::Null => Json::Null,
        Value::Bool(v) => json!(v),
        Value::Int(v) => json!(v),
        Value::Text(v) => json!(v),
        Value::Float(v) => json!({ "float": v.to_bits() }),
        Value::Bytes(v) => json!({ "bytes": v }),
        Value::Date(v) => json!({ "date": v }),
        Value::Time(v) => json!({ "time": v }),
        Value::Timestamp(v) => json!({ "timestamp": v }),
        Value::Uuid(v) => json!({ "uuid": v }),
        Value::Decimal(v) => json!({ "decimal": v.to_string() }),
        Value::Json(v) => json!({ "json": v }),
        other => return Err(Fault::Unsupported(format!("keep {}", other.kind()))),
    })
}

fn read(json: &Json) -> Result<Value, String> {
    let bytes = |json: &Json| serde_json::from_value::<Vec<u8>>(json.clone()).ok();
    let tagged = |tag: &str, json: &Json| match tag {
        "float" => json.as_u64().map(|bits| Value::Float(f64::from_bits(bits))),
        "bytes" => bytes(json).map(Value::Bytes),
        "date" => json.as_i64().and_then(|day| day.try_into().ok()).map(Value::Date),
        "time" => json.as_i64().map(Value::Time),
        "timestamp" => json.as_i64().map(Value::Timestamp),
        "uuid" => bytes(json).and_then(|bytes| bytes.try_into().ok()).map(Value::Uuid),
        "decimal" => json.as_str().and_then(|text| text.parse().ok()).map(Value::Decimal),
        "json" => json.as_str().map(|text| Value::Json(text.to_owned())),
        _ => None,
    };
    let value = match json {
        Json::Null => Some(Value::Null),
        Json::Bool(v) => Some(Value::Bool(*v)),
        Json::Number(v) => v.as_i64().map(Value::Int),
        Json::String(v) => Some(Value::Text(v.clone())),
        Json::Object(map) => map.iter().next().and_then(|(tag, json)| tagged(tag, json)),
        Json::Array(_) => None,
    };
    value.ok_or_else(|| format!("the log holds {json}, which is no value"))
}

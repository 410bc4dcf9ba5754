//! A store written from outside: an append-only file, one line of JSON for each row of any table.
//!
//! It uses nothing of persist but what every store gets: the trait, neutral values, and [`answer`] over its rows.

#![allow(clippy::unwrap_used, reason = "for tests")]

use crate::stores::TempDir;
use persist::edit::{Outcome, Write};
use persist::engine::Fetch;
use persist::store::{
    Capabilities, Capability, Fault, Keep, Rows, Sink, Snapshot, Store, StoreError, TableRows, answer,
};
use persist::{ColumnDef, Context, Table, Value};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, HashMap};
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write as _};
use std::sync::{Arc, Mutex};

/// Rows in a file.
#[derive(Clone)]
pub struct LogStore {
    dir: Arc<TempDir>,
    /// What was read of the file, by all who share it.
    read: Arc<Mutex<ReadSoFar>>,
    /// How much of the file is read: what was there when the snapshot began.
    end: Option<u64>,
    max_keys: usize,
}

/// The rows of the lines up to some place.
#[derive(Default)]
struct ReadSoFar {
    end: u64,
    tables: HashMap<String, BTreeMap<Vec<Value>, Row>>,
}

type Row = serde_json::Map<String, Json>;

impl ReadSoFar {
    fn line(&mut self, line: &str) -> Result<(), String> {
        let line: Json = serde_json::from_str(line).map_err(|error| error.to_string())?;
        let key = line["key"].as_array().map_or(&[][..], Vec::as_slice).iter().map(read).collect::<Result<_, _>>()?;
        let rows = self.tables.entry(line["table"].as_str().unwrap_or_default().to_owned()).or_default();
        match line["row"].as_object() {
            Some(row) => rows.entry(key).or_default().extend(row.clone()),
            None => drop(rows.remove(&key)),
        }
        Ok(())
    }

    /// Reads on, or again from the beginning where less is to be seen.
    fn up_to(&mut self, end: u64, mut file: File) -> Result<(), String> {
        if self.end > end {
            *self = Self::default();
        }
        file.seek(SeekFrom::Start(self.end)).map_err(|error| error.to_string())?;
        for line in BufReader::new(file.take(end - self.end)).lines() {
            let line = line.map_err(|error| error.to_string());
            if let Err(words) = line.and_then(|line| self.line(&line)) {
                *self = Self::default();
                return Err(words);
            }
        }
        self.end = end;
        Ok(())
    }
}

impl LogStore {
    /// What it can do.
    pub const CAPABILITIES: Capabilities = Capabilities::ALL
        .without(Capability::ForeignKeys)
        .without(Capability::GeneratedKeys)
        .without(Capability::GeneratedValues)
        .without(Capability::Transactions)
        .without(Capability::Savepoints);

    /// A new file.
    #[must_use]
    pub fn new() -> Self {
        let dir = TempDir::new();
        File::create(dir.path().join("log")).unwrap();
        Self { dir: Arc::new(dir), read: Arc::default(), end: None, max_keys: usize::MAX }
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

    /// Gives `see` the rows of a table by their keys.
    fn rows<T>(
        &self,
        table: &Table,
        see: impl FnOnce(&BTreeMap<Vec<Value>, Row>) -> Result<T, String>,
    ) -> Result<T, String> {
        let file = File::open(self.path()).map_err(|error| error.to_string())?;
        let length = file.metadata().map_err(|error| error.to_string())?.len();
        let mut read = self.read.lock().unwrap();
        read.up_to(self.end.unwrap_or(length), file)?;
        see(read.tables.get(&full_name(table)).unwrap_or(&BTreeMap::new()))
    }

    /// A line that says what the row of this key holds from now on, besides what it did, or that it is gone.
    fn append(&self, table: &Table, key: &[Value], row: Option<&[(ColumnDef, Value)]>) -> Result<(), Fault> {
        let key = key.iter().map(write).collect::<Result<Vec<_>, _>>()?;
        let cells = |row: &[(ColumnDef, Value)]| {
            let cells = row.iter().map(|(column, value)| Ok((column.name.to_owned(), write(value)?)));
            cells.collect::<Result<serde_json::Map<_, _>, _>>()
        };
        let line = json!({ "table": full_name(table), "key": key, "row": row.map(cells).transpose()? });
        let mut file =
            OpenOptions::new().append(true).open(self.path()).map_err(|error| Fault::Other(error.to_string()))?;
        writeln!(file, "{line}").map_err(|error| Fault::Other(error.to_string()))
    }
}

impl Default for LogStore {
    fn default() -> Self {
        Self::new()
    }
}

fn cells(table: &Table, row: &Row) -> Result<Vec<Value>, String> {
    table.columns.iter().map(|column| read(row.get(column.name).unwrap_or(&Json::Null))).collect()
}

fn full_name(table: &Table) -> String {
    format!("{}.{}", table.schema.unwrap_or_default(), table.name)
}

impl Keep for LogStore {
    fn find(&self, table: &'static Table, key: &[Value]) -> Result<Option<Vec<Value>>, StoreError> {
        let row = self.rows(table, |rows| rows.get(key).map(|row| cells(table, row)).transpose());
        row.map_err(|words| failed(table, Fault::Other(words)))
    }

    fn put(&mut self, table: &'static Table, key: &[Value], cells: &[(ColumnDef, Value)]) -> Result<(), StoreError> {
        self.append(table, key, Some(cells)).map_err(|fault| failed(table, fault))
    }

    fn remove(&mut self, table: &'static Table, key: &[Value]) -> Result<(), StoreError> {
        self.append(table, key, None).map_err(|fault| failed(table, fault))
    }
}

fn failed(table: &Table, fault: Fault) -> StoreError {
    StoreError::new(table.entity, "writing", fault)
}

impl Rows for LogStore {
    fn scan<'a>(&'a self, table: &'static Table) -> Result<TableRows<'a>, StoreError> {
        let rows = self.rows(table, |rows| rows.values().map(|row| cells(table, row)).collect::<Result<Vec<_>, _>>());
        let rows = rows.map_err(|words| StoreError::new(table.entity, "reading", Fault::Other(words)))?;
        Ok(TableRows::new(table.columns.iter().map(|column| column.name), rows))
    }
}

impl Store for LogStore {
    fn name(&self) -> &'static str {
        "log"
    }

    fn capabilities(&self) -> Capabilities {
        Self::CAPABILITIES
    }

    fn fetch(&mut self, fetch: &Fetch, sink: &mut dyn Sink) -> Result<(), StoreError> {
        answer(self, fetch, sink)
    }

    fn write(&mut self, change: &Write) -> Result<Vec<Outcome>, StoreError> {
        persist::store::write(self, change)
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

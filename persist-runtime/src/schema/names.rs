//! The names of constraints and indexes: after their table and columns, so that a message of the database can be read.

use super::model::TableDef;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// What a name is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Key,
    Unique,
    Reference,
    Index,
}

impl Kind {
    const fn suffix(self) -> &'static str {
        match self {
            Self::Key => "pkey",
            Self::Unique => "key",
            Self::Reference => "fkey",
            Self::Index => "idx",
        }
    }
}

/// Names that no two things have.
pub(super) struct Names {
    longest: Option<usize>,
    /// How many want a name, letters of either case being the same.
    wanted: HashMap<(Option<&'static str>, String), usize>,
}

impl Names {
    pub(super) fn of(tables: &[TableDef], longest: Option<usize>) -> Self {
        let mut wanted = HashMap::new();
        for table in tables {
            let mut want = |name: String| *wanted.entry((table.of.schema, name.to_lowercase())).or_insert(0) += 1;
            want(table.of.name.to_owned());
            want(plain(table, Kind::Key, &[]));
            table.uniques.iter().for_each(|columns| want(plain(table, Kind::Unique, columns)));
            table.indexes.iter().for_each(|columns| want(plain(table, Kind::Index, columns)));
            table.references.iter().for_each(|of| want(plain(table, Kind::Reference, &of.columns)));
        }
        Self { longest, wanted }
    }

    /// The name of what is made of these columns and leads to those; of a key none are named.
    pub(super) fn name(&self, table: &TableDef, kind: Kind, columns: &[&str], to: &[&str]) -> String {
        let plain = plain(table, kind, columns);
        let fits = self.longest.is_none_or(|longest| plain.len() <= longest);
        if fits && self.wanted.get(&(table.of.schema, plain.to_lowercase())).is_none_or(|wanted| *wanted < 2) {
            return plain;
        }
        self.hashed(table, kind, &[columns, to].concat(), &plain)
    }

    fn hashed(&self, table: &TableDef, kind: Kind, about: &[&str], plain: &str) -> String {
        let mut hash = Sha256::new();
        let parts = [table.of.schema.unwrap_or_default(), table.of.name, kind.suffix()];
        for part in parts.iter().chain(about) {
            // Where one ends is told by its length.
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        let end: String = hash.finalize().iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        let end = format!("_{end}_{}", kind.suffix());
        let mut cut = plain.strip_suffix(kind.suffix()).unwrap_or(plain).trim_end_matches('_');
        let room = self.longest.map_or(usize::MAX, |longest| longest.saturating_sub(end.len()));
        while cut.len() > room {
            let mut shorter = cut.chars();
            shorter.next_back();
            cut = shorter.as_str();
        }
        format!("{cut}{end}")
    }
}

fn plain(table: &TableDef, kind: Kind, columns: &[&str]) -> String {
    let mut parts = vec![table.of.name];
    parts.extend(columns);
    parts.push(kind.suffix());
    parts.join("_")
}

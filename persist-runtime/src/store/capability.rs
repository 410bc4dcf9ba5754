//! What a store may be unable to do: a [`Capability`], and the set of those that a store has.

use std::fmt;

macro_rules! capabilities {
    ($($(#[$doc:meta])* $name:ident = $words:literal, $instead:literal;)*) => {
        /// Something that a store can do, or cannot. Whoever writes a store declares what it lacks
        /// ([`Store::capabilities`](super::Store::capabilities)); everything that is not listed here, every store does.
        ///
        /// A request or a write that needs what is lacking is refused by the context, with
        /// [`Fault::Lacks`](super::Fault::Lacks), before the store is asked for anything: all rounds of a plan are looked at
        /// first, and all of a unit of work. So a store need not look itself. Two are needed by nothing and refuse nothing:
        /// without `Snapshots` the statements of a request may see different states, without `ForeignKeys` a reference may
        /// lead nowhere.
        ///
        /// | | memory | SQLite | PostgreSQL | MariaDB, MySQL |
        /// |---|---|---|---|---|
        /// | [`Transactions`](Self::Transactions) | yes | yes | yes | yes |
        /// | [`Savepoints`](Self::Savepoints) | yes | yes | yes | yes |
        /// | [`Snapshots`](Self::Snapshots) | yes | yes | yes | yes |
        /// | [`GeneratedKeys`](Self::GeneratedKeys) | yes | yes | yes | yes |
        /// | [`GeneratedValues`](Self::GeneratedValues) | | yes | yes | yes |
        /// | [`ForeignKeys`](Self::ForeignKeys) | | yes | yes | yes |
        /// | [`Locks`](Self::Locks) | yes | yes | yes | yes |
        /// | [`Upserts`](Self::Upserts) | yes | yes | yes | yes |
        /// | [`GroupWrites`](Self::GroupWrites) | yes | yes | yes | yes |
        /// | [`ExactSums`](Self::ExactSums) | yes | | yes | yes |
        /// | [`Joins`](Self::Joins) | yes | yes | yes | yes |
        /// | [`Subqueries`](Self::Subqueries) | yes | yes | yes | yes |
        /// | [`Recursion`](Self::Recursion) | yes | yes | yes | yes |
        /// | [`Unions`](Self::Unions) | yes | yes | yes | yes |
        /// | [`LimitPerKey`](Self::LimitPerKey) | yes | yes | yes | yes |
        /// | [`Aggregates`](Self::Aggregates) | yes | yes | yes | yes |
        /// | [`TextTests`](Self::TextTests) | yes | yes | yes | yes |
        /// | [`JsonPlaces`](Self::JsonPlaces) | yes | yes | yes | yes |
        /// | [`JsonOrder`](Self::JsonOrder) | yes | yes | | |
        /// | [`JsonEquality`](Self::JsonEquality) | yes | yes | | yes |
        /// | [`Nul`](Self::Nul) | yes | yes | | yes |
        /// | [`Infinity`](Self::Infinity) | yes | yes | yes | |
        /// | [`Nan`](Self::Nan) | yes | | yes | |
        ///
        /// ```
        /// use persist::store::{Capabilities, Capability};
        /// let most = Capabilities::ALL.without(Capability::Snapshots);
        /// assert!(most.has(Capability::Transactions) && !most.has(Capability::Snapshots));
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Capability {
            $($(#[$doc])* $name,)*
        }

        impl Capability {
            /// Each of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// What it is to be able to, as messages say it: "write several things as one".
            #[must_use]
            pub const fn words(self) -> &'static str {
                match self {
                    $(Self::$name => $words,)*
                }
            }

            /// What a program can do on a store that cannot: "commit one row at a time".
            #[must_use]
            pub const fn instead(self) -> &'static str {
                match self {
                    $(Self::$name => $instead,)*
                }
            }
        }
    };
}

capabilities! {
    /// Several writes are all done or none: [`Store::begin`](super::Store::begin), [`commit`](super::Store::commit) and
    /// [`roll_back`](super::Store::roll_back). What is more than one statement needs it.
    Transactions = "write several things as one", "commit one row at a time";
    /// A part of a transaction can be undone: `begin` within another one. A transaction within another needs it, and so does
    /// a commit of more than one statement there.
    Savepoints = "undo a part of a transaction", "begin one transaction, and commit single rows within it";
    /// Several reads see one state: [`Store::begin_snapshot`](super::Store::begin_snapshot).
    Snapshots = "read several times from one state", "ask for what must agree in one statement";
    /// New rows get a number from the store, where their entity says that it is `generated`.
    GeneratedKeys = "make up the key of a new row", "give it one, with `insert_exactly`";
    /// New rows get what else is `generated` from the store: a UUID, the time.
    GeneratedValues = "make up a value that is no number", "give it one, with `insert_exactly`";
    /// A reference that leads nowhere is refused, where the schema says so.
    ForeignKeys = "refuse a reference that leads nowhere", "look for the row first";
    /// Rows that are read are locked until the transaction ends ([`Fetch::locked`](crate::engine::Fetch)), or who writes them
    /// too is told of it: what a collection needs that is replaced as a whole.
    Locks = "lock the rows that it reads", "put and take out single elements";
    /// A new row whose place is taken changes what is there, or leaves it ([`Upsert`](crate::edit::Upsert)): what puts an
    /// element into a collection.
    Upserts = "insert a row or change the one that is there", "insert the rows of the collection as entities";
    /// All rows of a group are written by what the group says ([`UpdateAll`](crate::edit::UpdateAll),
    /// [`DeleteAll`](crate::edit::DeleteAll)), also those that go because others do.
    GroupWrites = "write to all rows of a group", "load the rows, and save or delete each";
    /// Something is added to a decimal, or to a float of 32 bits, where it is stored.
    ExactSums = "add to a decimal, or to a float of 32 bits, in place", "set it to the sum, and expect what it was";
    /// Rows of two tables are read together ([`Fetch::joined`](crate::engine::Fetch), [`Keyed::join`](crate::engine::Keyed)): for
    /// relations that are loaded by `Strategy::Join`, orders by related rows, figures of linked ones.
    Joins = "read rows of two tables together", "load relations by keys (`Strategy::Keys`), and order by the row's own columns";
    /// Rows are found, or counted, by what other rows hold: traversals, conditions through relations, `&` and `-` of cut
    /// groups, orders by counts, relations that are loaded by `Strategy::Subselect`.
    Subqueries = "find rows by what others hold", "load the others first, and ask for these by `from_keys`";
    /// A relation of an entity onto itself is followed to its end: `reach`, and trees without a `depth`.
    Recursion = "follow a relation to its end", "load a tree to a `depth`";
    /// Rows of several tables are read as one: mixed groups.
    Unions = "read several tables as one", "ask for each kind by itself";
    /// Of the rows of each parent, or of each value, come the first few: `limit` on a relation, `limit_per`.
    LimitPerKey = "take the first rows of each key", "load all of them, or ask for those of one parent at a time";
    /// Rows are counted, added up, compared and divided, rather than read: all but whether there is any.
    Aggregates = "count rows or add them up", "load the rows, and count those";
    /// Text is looked at more closely than for equality: what it begins with, ends with or contains, and whatever its case.
    TextTests = "look into a text", "compare it as a whole";
    /// Places within JSON documents are looked at and changed.
    JsonPlaces = "look into a JSON document", "load it, and set it as a whole";
    /// JSON documents are less or greater than others, in one order that all stores share: that of their text.
    JsonOrder = "order JSON documents", "order by another column";
    /// Documents in columns of the type `Json` are equal or not; those of `Jsonb` are on every store.
    JsonEquality = "compare documents of the type `Json`", "look at places within them, or make it a `Jsonb`";
    /// Text may hold the character NUL.
    Nul = "keep or find a NUL character", "leave it out, or keep bytes";
    /// Floats may be infinite.
    Infinity = "keep or find an infinite float", "keep the greatest finite one, or NULL";
    /// Floats may be NaN, which equals itself and is greater than every number.
    Nan = "keep or find NaN", "keep NULL";
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

/// What a store can do: a set of [`Capability`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    lacking: u32,
}

impl Capabilities {
    /// Everything.
    pub const ALL: Self = Self { lacking: 0 };

    const fn bit(capability: Capability) -> u32 {
        1 << capability as u32
    }

    /// The same, but for this one.
    #[must_use]
    pub const fn without(self, capability: Capability) -> Self {
        Self { lacking: self.lacking | Self::bit(capability) }
    }

    /// Whether all of these are among them.
    pub(crate) const fn have_all(self, needed: &[Capability]) -> bool {
        let mut at = 0;
        while at < needed.len() {
            if !self.has(needed[at]) {
                return false;
            }
            at += 1;
        }
        true
    }

    /// Whether this is one of them.
    #[must_use]
    pub const fn has(self, capability: Capability) -> bool {
        self.lacking & Self::bit(capability) == 0
    }
}

/// All of them.
impl Default for Capabilities {
    fn default() -> Self {
        Self::ALL
    }
}

impl fmt::Debug for Capabilities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(Capability::ALL.iter().filter(|capability| self.has(**capability))).finish()
    }
}

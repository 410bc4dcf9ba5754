//! What a store may be unable to do: a [`Capability`], and the set of those that a store has.

use std::fmt;

macro_rules! capabilities {
    ($($(#[$doc:meta])* $name:ident = $words:literal;)*) => {
        /// Something that a store can do, or cannot. Whoever writes a store declares what it lacks
        /// ([`Store::capabilities`](super::Store::capabilities)); everything that is not listed here, every store does.
        ///
        /// | | memory | SQLite | PostgreSQL | MariaDB, MySQL |
        /// |---|---|---|---|---|
        /// | [`Transactions`](Self::Transactions) | yes | yes | yes | yes |
        /// | [`Snapshots`](Self::Snapshots) | yes | yes | yes | yes |
        /// | [`GeneratedKeys`](Self::GeneratedKeys) | yes | yes | yes | yes |
        /// | [`ForeignKeys`](Self::ForeignKeys) | | yes | yes | yes |
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
        }
    };
}

capabilities! {
    /// Several writes are all done or none, and a part of them can be undone: [`Store::begin`](super::Store::begin),
    /// [`commit`](super::Store::commit) and [`roll_back`](super::Store::roll_back).
    Transactions = "write several things as one";
    /// Several reads see one state: [`Store::begin_snapshot`](super::Store::begin_snapshot).
    Snapshots = "read several times from one state";
    /// New rows get a key from the store, where their entity says that it is `generated`.
    GeneratedKeys = "make up the key of a new row";
    /// A reference that leads nowhere is refused, where the schema says so.
    ForeignKeys = "refuse a reference that leads nowhere";
    /// Text may hold the character NUL.
    Nul = "keep a NUL character";
    /// Floats may be infinite.
    Infinity = "keep an infinite float";
    /// Floats may be NaN, which equals itself and is greater than every number.
    Nan = "keep NaN";
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

//! What becomes of a transaction: [`Fate`].

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the transaction that something was written in was rolled back, itself or one around it.
#[derive(Debug, Clone)]
pub(crate) struct Fate(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    rolled_back: AtomicBool,
    outer: Option<Fate>,
}

impl Fate {
    /// That of a transaction within another one, or of one by itself.
    pub(crate) fn within(outer: Option<Self>) -> Self {
        Self(Arc::new(Inner { rolled_back: AtomicBool::new(false), outer }))
    }

    pub(crate) fn roll_back(&self) {
        self.0.rolled_back.store(true, Ordering::Release);
    }

    pub(crate) fn is_rolled_back(&self) -> bool {
        let mut at = Some(self);
        while let Some(fate) = at {
            if fate.0.rolled_back.load(Ordering::Acquire) {
                return true;
            }
            at = fate.0.outer.as_ref();
        }
        false
    }

    /// The transaction around this one.
    pub(crate) fn outer(&self) -> Option<Self> {
        self.0.outer.clone()
    }
}

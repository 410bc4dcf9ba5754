//! Whose turn it is to write: one session at a time, from the first write of its transaction to the end of it.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

const MOST: u64 = 5_000;

/// The turns of one store.
pub(super) struct Turns {
    taken: Mutex<bool>,
    ended: Condvar,
    /// How long one waits at most, in milliseconds.
    most: AtomicU64,
}

impl Default for Turns {
    fn default() -> Self {
        Self { taken: Mutex::new(false), ended: Condvar::new(), most: AtomicU64::new(MOST) }
    }
}

impl Turns {
    pub(super) fn wait_at_most(&self, most: Duration) {
        self.most.store(u64::try_from(most.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Waits for a turn; none where others took too long.
    pub(super) fn take(self: &Arc<Self>) -> Option<Turn> {
        let most = Duration::from_millis(self.most.load(Ordering::Relaxed));
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.ended.wait_timeout_while(taken, most, |taken| *taken);
        let (mut taken, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if std::mem::replace(&mut *taken, true) {
            return None;
        }
        Some(Turn(Arc::clone(self)))
    }
}

/// The turn to write. It ends when this goes.
pub(super) struct Turn(Arc<Turns>);

impl Drop for Turn {
    fn drop(&mut self) {
        *self.0.taken.lock().unwrap_or_else(PoisonError::into_inner) = false;
        self.0.ended.notify_one();
    }
}

impl fmt::Debug for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Turn")
    }
}

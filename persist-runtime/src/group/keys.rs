//! Sets of keys, which travel as one value however many they are.

use crate::entity::Value;

/// Keys of one width, without duplicates in meaning (a store must bear them in fact).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct KeySet {
    width: usize,
    values: Vec<Value>,
}

impl KeySet {
    /// Keys of `width` parts, part after part.
    ///
    /// Keys with a NULL among their parts match nothing and are left out.
    #[must_use]
    pub fn new(width: usize, values: Vec<Value>) -> Self {
        let width = width.max(1);
        if values.iter().any(Value::is_null) {
            let whole = values.chunks_exact(width).filter(|key| !key.iter().any(Value::is_null));
            let values = whole.flatten().cloned().collect();
            return Self { width, values };
        }
        Self { width, values }
    }

    /// How many keys there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len() / self.width.max(1)
    }

    /// Whether there is no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// How many parts a key has.
    #[must_use]
    pub const fn width(&self) -> usize {
        self.width
    }

    /// The keys, each a slice of its parts.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[Value]> {
        self.values.chunks_exact(self.width.max(1))
    }

    /// The parts of all keys, key after key.
    #[must_use]
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// The keys in portions of at most `most`.
    #[must_use]
    pub fn portions(&self, most: usize) -> Vec<Self> {
        let portions = self.values.chunks(most.max(1).saturating_mul(self.width.max(1)));
        portions.map(|values| Self { width: self.width, values: values.to_vec() }).collect()
    }
}

//! Messages that are put together at compile time.

use super::node::Node;
use super::schedule::Survey;

/// A text that constant evaluation writes.
pub struct Message {
    bytes: [u8; 256],
    len: usize,
}

impl Message {
    pub(super) const fn new() -> Self {
        Self { bytes: [0; 256], len: 0 }
    }

    pub(super) const fn text(mut self, text: &str) -> Self {
        let text = text.as_bytes();
        let mut index = 0;
        while index < text.len() && self.len < self.bytes.len() {
            self.bytes[self.len] = text[index];
            self.len += 1;
            index += 1;
        }
        self
    }

    const fn number(self, number: usize) -> Self {
        let higher = if number >= 10 { self.number(number / 10) } else { self };
        let digit = [b'0' + (number % 10) as u8];
        match std::str::from_utf8(&digit) {
            Ok(digit) => higher.text(digit),
            Err(_) => higher,
        }
    }

    /// The text.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        match std::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "",
        }
    }
}

/// What to say of a view that needs more statements than its budget; nothing if it does not.
#[doc(hidden)]
#[must_use]
pub const fn over_budget(node: &'static Node, budget: usize) -> Option<Message> {
    let statements = Survey::of(node).statements();
    if statements <= budget {
        return None;
    }
    let message = Message::new().text("`").text(node.view).text("` needs up to ").number(statements);
    let message = message.text(" statements, and its budget is ").number(budget);
    Some(message.text(": drop a relation, or raise the budget"))
}

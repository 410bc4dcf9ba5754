//! Sealed cursors: the text in which a [`Cursor`] goes to a client and comes back, and which only the holder of the key
//! can make.
//!
//! The text is bytes in the URL-safe alphabet of base64: a version, the name of the key, the entity, the fingerprints,
//! the values, and 16 bytes of HMAC-SHA-256 over all of that. Nothing is read from it before the seal was checked, and
//! nothing of it is trusted afterwards either: bytes that do not fit are an error.

use super::cursor::{Cursor, CursorError, Place, Print, Prints};
use crate::entity::{Entity, Value};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::fmt;

const VERSION: u8 = 1;
/// How much of the code is kept: half, as RFC 2104 allows.
const SEAL: usize = 16;
/// What the key's name is made of, so that it says nothing about the key.
const NAME_OF: &[u8] = b"persist cursor key";
const NAME: usize = 4;
/// Shorter texts, longer ones and parts are all refused; this only says where reading begins.
const HEAD: usize = 1 + NAME;

/// The secret with which an application seals its [cursors](Cursor): 32 random bytes that no client knows.
///
/// There is no default one, and cursors have no text without one. Keep it where other secrets are kept; the cursors of
/// an earlier key are opened with that key, for as long as you hold it.
///
/// ```
/// # let from_the_environment = || [7; 32];
/// let key = persist::CursorKey::new(from_the_environment());
/// assert!(format!("{key:?}").starts_with("CursorKey(name "));         // the key itself is not shown
/// ```
#[derive(Clone)]
pub struct CursorKey {
    code: Hmac<Sha256>,
    /// Tells keys apart.
    name: [u8; NAME],
}

impl CursorKey {
    /// The key with these bytes. They are to be random: a password is not.
    #[must_use]
    pub fn new(secret: [u8; 32]) -> Self {
        let mut block = [0; 64];
        block[..32].copy_from_slice(&secret);
        // A key shorter than a block is filled up with noughts: this is the same key.
        let code = <Hmac<Sha256> as Mac>::new(&block.into());
        let mut name = [0; NAME];
        let named = code.clone().chain_update(NAME_OF).finalize().into_bytes();
        name.iter_mut().zip(named).for_each(|(byte, hash)| *byte = hash);
        Self { code, name }
    }
}

impl fmt::Debug for CursorKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CursorKey(name {:08x})", u32::from_be_bytes(self.name))
    }
}

impl<E: Entity> Cursor<E> {
    /// The cursor as text, for a link or an API: letters, digits, `-` and `_`.
    ///
    /// It is sealed, not secret: nobody without the key can make or change one, but whoever has the text can read the
    /// values in it, which are those of the order's columns beside the page's end.
    ///
    /// ```
    #[doc = tracker!()]
    /// use persist::{Cursor, CursorError, CursorKey};
    ///
    /// let key = CursorKey::new([7; 32]);                              // in truth random, and secret
    /// let bugs = Bugs::all().order_by(bug::title.asc());
    /// let first = context.realise(bugs.page::<Bug>(2))?;
    /// let link = first.next.map(|cursor| cursor.seal(&key));          // Some("AdPx..")
    ///
    /// let cursor = link.map(|text| Cursor::open(&text, &key)).transpose()?;
    /// let second = context.realise(bugs.page::<Bug>(2).after(cursor)?)?;
    /// assert_eq!(second.rows[0].title, "Typo in help");
    ///
    /// let made_up = Cursor::<Bug>::open("bWFkZSB1cA", &key);
    /// assert_eq!(made_up.unwrap_err(), CursorError::Malformed);
    /// # Ok::<(), persist::Error>(())
    /// ```
    #[must_use]
    pub fn seal(&self, key: &CursorKey) -> String {
        let Place { prints, values, after } = &self.place;
        let mut bytes = vec![VERSION];
        bytes.extend(key.name);
        put_bytes(&mut bytes, E::TABLE.entity.as_bytes());
        bytes.extend(prints.group);
        bytes.extend(prints.order);
        bytes.push(u8::from(*after));
        values.iter().for_each(|value| put_value(&mut bytes, value));
        let seal = key.code.clone().chain_update(&bytes).finalize().into_bytes();
        bytes.extend_from_slice(&seal[..SEAL]);
        to_text(&bytes)
    }

    /// The cursor that was sealed as `text`. An example is at [`seal`](Self::seal).
    ///
    /// # Errors
    /// When the text is not one that this key sealed, to the last bit, for this entity. Whether the cursor is one of
    /// the group at hand is looked at where it is used.
    pub fn open(text: &str, key: &CursorKey) -> Result<Self, CursorError> {
        let bytes = from_text(text).ok_or(CursorError::Malformed)?;
        let (sealed, seal) = bytes.split_last_chunk::<SEAL>().ok_or(CursorError::Malformed)?;
        let (head, mut rest) = sealed.split_first_chunk::<HEAD>().ok_or(CursorError::Malformed)?;
        if head[0] != VERSION {
            return Err(CursorError::Malformed);
        }
        if head[1..] != key.name {
            return Err(CursorError::Key);
        }
        let code = key.code.clone().chain_update(sealed);
        code.verify_truncated_left(seal).map_err(|_| CursorError::Altered)?;
        let entity = take_text(&mut rest).ok_or(CursorError::Malformed)?;
        if entity != E::TABLE.entity {
            return Err(CursorError::Entity { wanted: E::TABLE.entity, found: entity });
        }
        take_place(rest).map(Self::at).ok_or(CursorError::Malformed)
    }
}

fn take_place(mut bytes: &[u8]) -> Option<Place> {
    let prints = Prints { group: take::<{ size_of::<Print>() }>(&mut bytes)?, order: take(&mut bytes)? };
    let after = take_bool(&mut bytes)?;
    let mut values = Vec::new();
    while !bytes.is_empty() {
        values.push(take_value(&mut bytes)?);
    }
    Some(Place { prints, values, after })
}

fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend((bytes.len() as u64).to_be_bytes());
    out.extend(bytes);
}

fn put_value(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => out.push(0),
        Value::Bool(v) => out.extend([1, u8::from(*v)]),
        Value::Int(v) => put(out, 2, v.to_be_bytes()),
        Value::Float(v) => put(out, 3, v.to_bits().to_be_bytes()),
        Value::Text(v) => {
            out.push(4);
            put_bytes(out, v.as_bytes());
        }
        Value::Bytes(v) => {
            out.push(5);
            put_bytes(out, v);
        }
        Value::Date(v) => put(out, 6, v.to_be_bytes()),
        Value::Time(v) => put(out, 7, v.to_be_bytes()),
        Value::Timestamp(v) => put(out, 8, v.to_be_bytes()),
        Value::Uuid(v) => put(out, 9, *v),
        Value::Decimal(v) => {
            out.push(10);
            put_bytes(out, v.to_string().as_bytes());
        }
        Value::Json(v) => {
            out.push(11);
            put_bytes(out, v.as_bytes());
        }
    }
}

fn put<const N: usize>(out: &mut Vec<u8>, tag: u8, bytes: [u8; N]) {
    out.push(tag);
    out.extend(bytes);
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*taken)
}

fn take_bool(bytes: &mut &[u8]) -> Option<bool> {
    match take(bytes)? {
        [0] => Some(false),
        [1] => Some(true),
        _ => None,
    }
}

fn take_bytes<'b>(bytes: &mut &'b [u8]) -> Option<&'b [u8]> {
    let len = usize::try_from(u64::from_be_bytes(take(bytes)?)).ok()?;
    let (taken, rest) = bytes.split_at_checked(len)?;
    *bytes = rest;
    Some(taken)
}

fn take_text(bytes: &mut &[u8]) -> Option<String> {
    String::from_utf8(take_bytes(bytes)?.to_vec()).ok()
}

fn take_value(bytes: &mut &[u8]) -> Option<Value> {
    let [tag] = take(bytes)?;
    Some(match tag {
        0 => Value::Null,
        1 => Value::Bool(take_bool(bytes)?),
        2 => Value::Int(i64::from_be_bytes(take(bytes)?)),
        3 => Value::Float(f64::from_bits(u64::from_be_bytes(take(bytes)?))),
        4 => Value::Text(take_text(bytes)?),
        5 => Value::Bytes(take_bytes(bytes)?.to_vec()),
        6 => Value::Date(i32::from_be_bytes(take(bytes)?)),
        7 => Value::Time(i64::from_be_bytes(take(bytes)?)),
        8 => Value::Timestamp(i64::from_be_bytes(take(bytes)?)),
        9 => Value::Uuid(take(bytes)?),
        10 => Value::Decimal(take_text(bytes)?.parse().ok()?),
        11 => Value::Json(take_text(bytes)?),
        _ => return None,
    })
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Bytes as text in the URL-safe alphabet, without padding (RFC 4648, section 5).
fn to_text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for sextet in 0..=group.len() {
            text.push(char::from(ALPHABET[(bits >> (18 - 6 * sextet) & 63) as usize]));
        }
    }
    text
}

/// The bytes of a text, if it is one that [`to_text`] writes: each has one text.
fn from_text(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 3);
    for group in text.as_bytes().chunks(4) {
        let mut bits = 0;
        for letter in group {
            let sextet = ALPHABET.iter().position(|known| known == letter)?;
            bits = bits << 6 | u32::try_from(sextet).ok()?;
        }
        bits <<= 6 * (4 - group.len());
        let whole = bits.to_be_bytes();
        bytes.extend_from_slice(whole.get(1..group.len())?);
    }
    // Bits to spare, and a letter too many, would be another text for the same bytes.
    (to_text(&bytes) == text).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_have_one_text() {
        for len in 0..70 {
            let bytes: Vec<u8> = (0..len).map(|n: u8| n.wrapping_mul(151)).collect();
            let text = to_text(&bytes);
            assert_eq!(from_text(&text), Some(bytes));
        }
        assert_eq!(to_text(b"\xff\xfe\xfd"), "__79");
        for odd in ["A", "AB=", "AB", "AAAAA", "A A=", "é", "AA==", "AAB"] {
            assert_eq!(from_text(odd), None, "{odd}");
        }
    }

    #[test]
    fn values_come_back() {
        let values = [
            Value::Null,
            Value::Bool(true),
            Value::Int(i64::MIN),
            Value::Float(f64::NEG_INFINITY),
            Value::Text("line\nand \0 é 😀".into()),
            Value::Bytes(vec![0, 255, 128, b'\n']),
            Value::Date(-1),
            Value::Time(86_399_999_999),
            Value::Timestamp(i64::MIN),
            Value::Uuid([255; 16]),
            Value::Decimal("-12345678901234567890.000000000001".parse().unwrap_or(crate::Decimal::new(0, 0))),
            Value::Json("{}".into()),
        ];
        let mut bytes = Vec::new();
        values.iter().for_each(|value| put_value(&mut bytes, value));
        let mut rest = &*bytes;
        for value in &values {
            assert_eq!(take_value(&mut rest).as_ref(), Some(value));
        }
        assert!(rest.is_empty());
        for short in 0..bytes.len() {
            let mut rest = &bytes[..short];
            while take_value(&mut rest).is_some() {}
        }
    }
}

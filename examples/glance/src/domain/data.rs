//! The data of an image, of which the registry keeps no more than this.

use sha2::{Digest, Sha256, Sha512};
use std::fmt::Write;
use std::io::{self, Read};

/// What is known of data that was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// In bytes.
    pub size: i64,
    /// SHA-256, in hexadecimal digits.
    pub checksum: String,
    /// SHA-512, in hexadecimal digits.
    pub hash: String,
}

impl Received {
    /// The algorithm of [`hash`](Self::hash), as Glance names it.
    pub const HASH: &str = "sha512";

    /// Reads `data` to its end.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of(mut data: impl Read) -> io::Result<Self> {
        let (mut checksum, mut hash, mut size) = (Sha256::new(), Sha512::new(), 0);
        let mut buffer = [0; 64 * 1024];
        loop {
            let length = match data.read(&mut buffer) {
                Ok(0) => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            checksum.update(&buffer[..length]);
            hash.update(&buffer[..length]);
            size += length as i64;
        }
        Ok(Self { size, checksum: hexadecimal(&checksum.finalize()), hash: hexadecimal(&hash.finalize()) })
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

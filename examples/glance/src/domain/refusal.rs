//! What the rules of the domain refuse, in words.

use super::{ContainerFormat, DiskFormat};
use thiserror::Error;

/// Why something is not done to an image.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[allow(missing_docs, reason = "the words say it")]
pub enum Refusal {
    #[error("image {0} is protected, and not deleted")]
    Protected(i32),
    #[error("a new image is queued, and nothing else")]
    NotQueued,
    #[error("`{0}` must be set before data is uploaded")]
    FormatMissing(&'static str),
    #[error("a disk of the format {0} does not come in a container of the format {1}")]
    FormatsDiffer(DiskFormat, ContainerFormat),
    #[error("formats only change while an image is queued")]
    FormatsFixed,
    #[error("`{0}` cannot be less than 0")]
    Negative(&'static str),
}

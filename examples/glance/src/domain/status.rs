//! The life of an image.

use super::{Image, image};
use persist::prelude::*;
use persist::{Changes, Transition};
use strum::{Display, EnumString};

/// Where an image is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Scalar, Display, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum Status {
    /// It is announced, and has no data.
    Queued,
    /// Its data is being uploaded.
    Saving,
    /// Its data is being uploaded, to be imported later.
    Uploading,
    /// Its data is being imported.
    Importing,
    /// It can be used.
    Active,
    /// It could be used, if that were not forbidden for now.
    Deactivated,
    /// Its data was lost on the way.
    Killed,
    /// It is deleted, and could come back.
    PendingDelete,
    /// It is deleted.
    Deleted,
}

impl Status {
    /// What may come next.
    #[must_use]
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Queued => &[Self::Saving, Self::Uploading, Self::Importing, Self::Active, Self::Deleted],
            Self::Saving => &[Self::Active, Self::Killed, Self::Deleted, Self::Queued],
            Self::Uploading => &[Self::Importing, Self::Queued, Self::Deleted],
            Self::Importing => &[Self::Active, Self::Deleted, Self::Queued],
            Self::Active => &[Self::Queued, Self::PendingDelete, Self::Deleted, Self::Deactivated],
            Self::Deactivated => &[Self::Active, Self::Deleted],
            Self::Killed => &[Self::Deleted],
            Self::PendingDelete => &[Self::Deleted, Self::Active],
            Self::Deleted => &[],
        }
    }

    /// Whether `other` may come next.
    #[must_use]
    pub fn may_become(self, other: Self) -> bool {
        self.next().contains(&other)
    }
}

/// How the status of an image changes: what its column is guarded by.
///
/// What is queued has no data. So whoever queues an image again clears what was known of its data, in the same statement,
/// however little of the image they have in hand.
pub fn moves(from: &Status, to: &Status) -> Transition<Image> {
    match to {
        to if !from.may_become(*to) => Transition::refused(),
        Status::Queued => Transition::with(
            Changes::new()
                .set(image::size, None)
                .set(image::virtual_size, None)
                .set(image::checksum, None)
                .set(image::os_hash_algo, None)
                .set(image::os_hash_value, None),
        ),
        _ => Transition::allowed(),
    }
}

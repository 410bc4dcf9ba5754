//! Members: those whom an image is shared with.

use super::Image;
use crate::schema;
use persist::prelude::*;
use strum::{Display, EnumString};

/// Somebody whom an image is shared with.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::image_members, unique(image_id, who))]
pub struct Member {
    /// The key, which the store makes up.
    #[entity(key, generated)]
    pub id: i32,
    /// The image.
    #[entity(belongs_to(image: Image))]
    pub image_id: i32,
    /// Their name.
    #[entity(column = member)]
    pub who: String,
    /// What they make of it.
    pub status: MemberStatus,
}

/// What somebody makes of an image that was shared with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Scalar, Display, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum MemberStatus {
    /// Nothing yet.
    Pending,
    /// Their lists have it.
    Accepted,
    /// Their lists do not.
    Rejected,
}

//! Glance's vocabulary: what there is, what may become of it, what it may be asked. Nothing here knows a store.

mod data;
mod formats;
mod images;
mod locations;
mod members;
mod pages;
mod properties;
mod refusal;
mod status;
mod tags;

pub use data::Received;
pub use formats::{ContainerFormat, DiskFormat, Visibility};
pub use images::{Image, Images, image};
pub use locations::{Location, location};
pub use members::{Member, MemberStatus, member};
pub use pages::{ImageCard, ImageLine};
pub use properties::{Property, property};
pub use refusal::Refusal;
pub use status::{Status, moves};
pub use tags::{Tag, tag};

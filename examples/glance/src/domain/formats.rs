//! What an image's data looks like, and who may see it.

use persist::prelude::*;
use strum::{Display, EnumString};

/// The format of a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Scalar, Display, EnumString)]
#[strum(serialize_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum DiskFormat {
    Raw,
    Qcow2,
    Vhd,
    Vmdk,
    Iso,
    Ami,
    Aki,
    Ari,
}

/// What a disk is wrapped in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Scalar, Display, EnumString)]
#[strum(serialize_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum ContainerFormat {
    Bare,
    Ovf,
    Ova,
    Docker,
    Ami,
    Aki,
    Ari,
}

impl DiskFormat {
    /// Whether such a disk comes in such a container: what is Amazon's is so inside and outside.
    #[must_use]
    pub fn goes_into(self, container: ContainerFormat) -> bool {
        use ContainerFormat as Container;
        match (self, container) {
            (Self::Ami, Container::Ami) | (Self::Aki, Container::Aki) | (Self::Ari, Container::Ari) => true,
            (Self::Ami | Self::Aki | Self::Ari, _) | (_, Container::Ami | Container::Aki | Container::Ari) => false,
            _ => true,
        }
    }
}

/// Who may see an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Scalar, Display, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum Visibility {
    /// Everybody, and everybody finds it.
    Public,
    /// Everybody who knows of it.
    Community,
    /// Its owner, and its members.
    Shared,
    /// Its owner.
    Private,
}

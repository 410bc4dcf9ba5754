//! `FIELD=VALUE`, as a command line has it: what it means for an image.

use crate::domain::{ContainerFormat, DiskFormat, Image, Status, Visibility};
use std::fmt::Display;
use std::str::FromStr;

/// One field of an image, and what becomes of it. Of a field that may be nothing, an empty value is nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Assignment {
    Name(Option<String>),
    Owner(Option<String>),
    Status(Status),
    Visibility(Visibility),
    DiskFormat(Option<DiskFormat>),
    ContainerFormat(Option<ContainerFormat>),
    VirtualSize(Option<i64>),
    MinDisk(i32),
    MinRam(i32),
    Protected(bool),
    Hidden(bool),
}

impl Assignment {
    /// Does it.
    pub fn apply(self, image: &mut Image) {
        match self {
            Self::Name(name) => image.name = name,
            Self::Owner(owner) => image.owner = owner,
            Self::Status(status) => image.status = status,
            Self::Visibility(visibility) => image.visibility = visibility,
            Self::DiskFormat(format) => image.disk_format = format,
            Self::ContainerFormat(format) => image.container_format = format,
            Self::VirtualSize(size) => image.virtual_size = size,
            Self::MinDisk(gigabytes) => image.min_disk = gigabytes,
            Self::MinRam(megabytes) => image.min_ram = megabytes,
            Self::Protected(protected) => image.protected = protected,
            Self::Hidden(hidden) => image.hidden = hidden,
        }
    }
}

impl FromStr for Assignment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (field, value) = text.split_once('=').ok_or("say FIELD=VALUE")?;
        Ok(match field {
            "name" => Self::Name(optional(value)?),
            "owner" => Self::Owner(optional(value)?),
            "status" => Self::Status(needed(value)?),
            "visibility" => Self::Visibility(needed(value)?),
            "disk_format" => Self::DiskFormat(optional(value)?),
            "container_format" => Self::ContainerFormat(optional(value)?),
            "virtual_size" => Self::VirtualSize(optional(value)?),
            "min_disk" => Self::MinDisk(needed(value)?),
            "min_ram" => Self::MinRam(needed(value)?),
            "protected" => Self::Protected(needed(value)?),
            "hidden" => Self::Hidden(needed(value)?),
            "size" | "checksum" | "os_hash_algo" | "os_hash_value" => {
                return Err(format!("`{field}` is known from the data: upload it"));
            }
            _ => return Err(format!("there is no field `{field}`; other things are properties")),
        })
    }
}

fn needed<T: FromStr<Err: Display>>(value: &str) -> Result<T, String> {
    value.parse().map_err(|error: T::Err| error.to_string())
}

fn optional<T: FromStr<Err: Display>>(value: &str) -> Result<Option<T>, String> {
    if value.is_empty() { Ok(None) } else { needed(value).map(Some) }
}

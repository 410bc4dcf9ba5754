//! Images.

use super::{ContainerFormat, DiskFormat, Location, Member, MemberStatus, Property, Received, Refusal, Status, Tag};
use super::{Visibility, member, moves, tag};
use crate::schema;
use chrono::NaiveDateTime;
use persist::prelude::*;

/// A disk from which a machine can be started.
///
/// Who changes a column changes that column, and the last one who does so wins. Two things are more than a column: the
/// status, which only goes along its ways, and the formats, which must fit one another.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::images, together(disk_format, container_format))]
#[entity(has_many(properties: Property, on_delete = cascade), has_many(tags: Tag, on_delete = cascade))]
#[entity(has_many(locations: Location, on_delete = cascade), has_many(members: Member, on_delete = cascade))]
pub struct Image {
    /// The key, which the store makes up.
    #[entity(key, generated)]
    pub id: i32,
    /// What people call it.
    pub name: Option<String>,
    /// Where it is in its life.
    #[entity(guard = moves)]
    pub status: Status,
    /// Who may see it.
    pub visibility: Visibility,
    /// Whose it is.
    pub owner: Option<String>,
    /// Of the data, in bytes.
    pub size: Option<i64>,
    /// Of the disk that the data is unpacked to, in bytes.
    pub virtual_size: Option<i64>,
    /// Of the data: SHA-256.
    pub checksum: Option<String>,
    /// The algorithm of another hash of the data.
    pub os_hash_algo: Option<String>,
    /// That hash.
    pub os_hash_value: Option<String>,
    /// What the data is.
    pub disk_format: Option<DiskFormat>,
    /// What the data is wrapped in.
    pub container_format: Option<ContainerFormat>,
    /// How much disk a machine needs for it, in gigabytes.
    pub min_disk: i32,
    /// How much memory a machine needs for it, in megabytes.
    pub min_ram: i32,
    /// Whether it must not be deleted.
    pub protected: bool,
    /// Whether lists leave it out.
    #[entity(column = os_hidden)]
    pub hidden: bool,
    /// When it was announced.
    pub created_at: NaiveDateTime,
    /// When it was last changed.
    pub updated_at: NaiveDateTime,
    /// When it was deleted.
    pub deleted_at: Option<NaiveDateTime>,
}

impl Image {
    /// An image that is announced, and has no data yet.
    #[must_use]
    pub fn announced(name: Option<String>, now: NaiveDateTime) -> Self {
        Self {
            id: 0,
            name,
            status: Status::Queued,
            visibility: Visibility::Shared,
            owner: None,
            size: None,
            virtual_size: None,
            checksum: None,
            os_hash_algo: None,
            os_hash_value: None,
            disk_format: None,
            container_format: None,
            min_disk: 0,
            min_ram: 0,
            protected: false,
            hidden: false,
            created_at: now,
            updated_at: now,
            deleted_at: None,
        }
    }

    /// Whether it may be announced as it is.
    ///
    /// # Errors
    /// With the first rule that it breaks.
    pub fn check_new(&self) -> Result<(), Refusal> {
        if self.status == Status::Queued { self.check(self) } else { Err(Refusal::NotQueued) }
    }

    /// Whether it may be what it is, after it was `before`.
    ///
    /// # Errors
    /// With the first rule that it breaks.
    pub fn check(&self, before: &Self) -> Result<(), Refusal> {
        if let Some((name, _)) = [("min_disk", self.min_disk), ("min_ram", self.min_ram)].iter().find(|(_, n)| *n < 0) {
            return Err(Refusal::Negative(name));
        }
        if self.has_other_formats(before) && before.status != Status::Queued {
            return Err(Refusal::FormatsFixed);
        }
        match (self.disk_format, self.container_format) {
            (Some(disk), Some(container)) if !disk.goes_into(container) => Err(Refusal::FormatsDiffer(disk, container)),
            _ => Ok(()),
        }
    }

    /// Whether its formats are not those that it had `before`.
    #[must_use]
    pub fn has_other_formats(&self, before: &Self) -> bool {
        (self.disk_format, self.container_format) != (before.disk_format, before.container_format)
    }

    /// Its data begins to come.
    ///
    /// # Errors
    /// When nobody has said what it will be.
    pub fn begin_upload(&mut self) -> Result<(), Refusal> {
        self.disk_format.ok_or(Refusal::FormatMissing("disk_format"))?;
        self.container_format.ok_or(Refusal::FormatMissing("container_format"))?;
        self.status = Status::Saving;
        Ok(())
    }

    /// Its data is all there.
    pub fn finish_upload(&mut self, data: Received) {
        self.size = Some(data.size);
        self.checksum = Some(data.checksum);
        self.os_hash_algo = Some(Received::HASH.to_owned());
        self.os_hash_value = Some(data.hash);
        self.status = Status::Active;
    }

    /// Its data does not come; somebody may try again.
    pub const fn give_up_upload(&mut self) {
        self.status = Status::Queued;
    }

    /// It is not to be seen any more.
    ///
    /// # Errors
    /// When it is protected.
    pub const fn delete(&mut self, now: NaiveDateTime) -> Result<(), Refusal> {
        if self.protected {
            return Err(Refusal::Protected(self.id));
        }
        self.status = Status::Deleted;
        self.deleted_at = Some(now);
        Ok(())
    }
}

impl Images {
    /// Those that are not deleted.
    pub fn present(&self) -> Self {
        self.filter(image::status.ne(Status::Deleted))
    }

    /// Those that are.
    pub fn deleted(&self) -> Self {
        self.filter(image::status.eq(Status::Deleted))
    }

    /// Those that `who` finds in a list: what is public, what is theirs, and what was shared with them if they took it.
    pub fn found_by(&self, who: &str) -> Self {
        let accepted = member::who.eq(who) & member::status.eq(MemberStatus::Accepted);
        let shared = image::visibility.eq(Visibility::Shared) & image::members.exists(accepted);
        let theirs = image::owner.eq(who.to_owned());
        self.filter(image::hidden.eq(false) & (image::visibility.eq(Visibility::Public) | theirs | shared))
    }

    /// Those with this tag.
    pub fn tagged(&self, name: &str) -> Self {
        self.filter(image::tags.exists(tag::name.eq(name)))
    }
}

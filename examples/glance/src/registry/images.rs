//! Images: announced, changed, deleted.

use super::{Error, Registry};
use crate::domain::{Image, ImageCard, Images, image};
use persist::{Edit, Work};
use std::collections::{BTreeMap, BTreeSet};

impl Registry<'_> {
    /// Announces an image, with properties and tags; gives its key. All of it is written, or nothing.
    ///
    /// # Errors
    /// When a rule of the domain is broken, or the store refuses.
    pub fn create(
        &mut self,
        name: Option<String>,
        fill: impl FnOnce(&mut Image),
        properties: BTreeMap<String, String>,
        tags: BTreeSet<String>,
    ) -> Result<i32, Error> {
        let mut image = Image::announced(name, self.now());
        fill(&mut image);
        image.check_new()?;
        let mut card = ImageCard { image, properties, tags, locations: Vec::new(), members: BTreeMap::new() };
        let mut work = Work::new();
        let _ = work.insert(&mut card);
        self.context.commit(work)?;
        Ok(card.image.id)
    }

    /// Changes an image; says in words what was changed. Whoever changes other columns of it meanwhile is not disturbed.
    ///
    /// # Errors
    /// With the conflict, when the status, or one of the formats, was changed by somebody else meanwhile; when a rule of
    /// the domain is broken, or the store refuses.
    pub fn update(&mut self, id: i32, change: impl FnOnce(&mut Image)) -> Result<String, Error> {
        let mut image = self.context.edit::<Image>(id)?;
        let before = (*image).clone();
        change(&mut image);
        image.check(&before)?;
        if image.has_other_formats(&before) {
            // That it was queued is why they may change: it must still be so when they do.
            Edit::observe(&mut image, image::status);
        }
        let changes = Edit::changes(&image).to_string();
        (self.hold)();
        self.save(&mut image)?;
        Ok(changes)
    }

    /// Deletes images, all or none: from then on they are not shown.
    ///
    /// # Errors
    /// When one of them is protected; with the conflict, when the status of one was changed by somebody else meanwhile.
    pub fn delete(&mut self, ids: &[i32]) -> Result<(), Error> {
        let now = self.now();
        let mut images = self.context.edit_all(Images::from_keys(ids.iter().copied()).view::<Image>())?;
        if let Some(id) = ids.iter().find(|id| !images.iter().any(|image| image.id == **id)) {
            return Err(Error::NoImage(*id));
        }
        for image in &mut images {
            image.delete(now)?;
            self.stamp(image);
        }
        (self.hold)();
        Ok(self.context.save_all(&mut images)?)
    }

    /// Forgets images that are deleted, with all that belongs to them; says how many there were.
    ///
    /// # Errors
    /// When the store refuses.
    pub fn purge(&mut self) -> Result<u64, Error> {
        Ok(self.context.without_scope::<Image>().delete_all(&Images::all().deleted())?)
    }
}

//! Looking at images.

use super::{Error, Registry};
use crate::domain::{ImageCard, ImageLine, Images, image};

impl Registry<'_> {
    /// The image with this key, and all that belongs to it.
    ///
    /// # Errors
    /// When there is none.
    pub fn show(&mut self, id: i32) -> Result<ImageCard, Error> {
        let found = self.context.realise(Images::from_keys([id]).view::<ImageCard>())?;
        found.into_iter().next().ok_or(Error::NoImage(id))
    }

    /// All images; those that `who` finds, and those that are tagged, if that is asked for.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub fn list(&mut self, who: Option<&str>, tag: Option<&str>) -> Result<Vec<ImageLine>, Error> {
        let mut images = Images::all().order_by(image::id.asc());
        if let Some(who) = who {
            images = images.found_by(who);
        }
        if let Some(tag) = tag {
            images = images.tagged(tag);
        }
        Ok(self.context.realise(images.view())?)
    }
}

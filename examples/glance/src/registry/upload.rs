//! Data for an image.

use super::{Error, Registry};
use crate::domain::{Image, Location, Received, location};
use persist::Work;
use std::fs::File;
use std::path::Path;

impl Registry<'_> {
    /// Uploads the data of a queued image, and says what is known of it.
    ///
    /// That it is queued is what counts: of two who upload at a time, the second is told that it is so no more, before
    /// any data is read.
    ///
    /// # Errors
    /// With the conflict, when somebody else was faster; when the formats are not known, or the data cannot be read, in
    /// which case the image is queued again.
    pub fn upload(&mut self, id: i32, path: &Path) -> Result<Image, Error> {
        let mut image = self.context.edit::<Image>(id)?;
        image.begin_upload()?;
        (self.hold)();
        self.save(&mut image)?;

        let data = match File::open(path).and_then(Received::of) {
            Ok(data) => data,
            Err(error) => {
                image.give_up_upload();
                self.save(&mut image)?;
                return Err(Error::Unreadable(path.to_owned(), error));
            }
        };
        image.finish_upload(data);
        self.stamp(&mut image);
        let mut location = self.next_location(id, format!("file://{}", path.display()))?;
        let mut work = Work::new();
        work.save(&mut image);
        work.insert(&mut location);
        self.context.commit(work)?;
        Ok((*image).clone())
    }

    /// Adds a location at the end of those that an image has.
    ///
    /// # Errors
    /// When the store refuses: so it does if somebody else takes that place meanwhile.
    pub fn locate(&mut self, id: i32, url: &str) -> Result<(), Error> {
        let mut location = self.next_location(id, url.to_owned())?;
        (self.hold)();
        Ok(self.context.create(&mut location)?)
    }

    fn next_location(&mut self, id: i32, url: String) -> Result<Location, Error> {
        let image = self.image(id)?;
        let last = self.context.realise(image.locations().max(location::position))?;
        Ok(Location { id: 0, image_id: id, position: last.map_or(0, |last| last + 1), url })
    }
}

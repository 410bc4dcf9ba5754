//! Data for an image.

use super::{Error, Registry};
use crate::domain::{Image, Location, Received};
use persist::Edit;
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
        let mut card = self.card(id)?;
        card.image.begin_upload()?;
        (self.hold)();
        self.save(&mut card)?;

        let data = match File::open(path).and_then(Received::of) {
            Ok(data) => data,
            Err(error) => {
                card.image.give_up_upload();
                self.save(&mut card)?;
                return Err(Error::Unreadable(path.to_owned(), error));
            }
        };
        card.image.finish_upload(data);
        card.locations.push(Location::at(format!("file://{}", path.display())));
        self.save(&mut card)?;
        Ok(Edit::into_inner(card).image)
    }
}

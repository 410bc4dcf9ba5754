//! What belongs to an image, entry by entry: who adds, changes or takes away one touches no other, and not the image.

use super::{Error, Registry};
use crate::domain::{ImageCard, Images, Location, MemberStatus};
use persist::Edit;
use std::collections::btree_map::Entry;

impl Registry<'_> {
    /// Says something of an image: a new property, or another value of one that it has.
    ///
    /// # Errors
    /// When there is no such image. Of two who say something new by one name at a time, the second is told that it has been
    /// said ([`Conflict::Duplicate`](persist::Conflict::Duplicate)), and the first stays.
    pub fn set_property(&mut self, id: i32, name: &str, value: &str) -> Result<(), Error> {
        self.change(id, |card| {
            card.properties.insert(name.to_owned(), value.to_owned());
            Ok(())
        })
    }

    /// Takes a property away. If somebody else does so meanwhile, that is as well.
    ///
    /// # Errors
    /// When the image has none of this name.
    pub fn unset_property(&mut self, id: i32, name: &str) -> Result<(), Error> {
        self.change(id, |card| match card.properties.remove(name) {
            Some(_) => Ok(()),
            None => Err(Error::Missing(id, format!("property {name}"))),
        })
    }

    /// Tags an image; says whether it was not tagged so before.
    ///
    /// # Errors
    /// When there is no such image.
    pub fn tag(&mut self, id: i32, name: &str) -> Result<bool, Error> {
        self.change(id, |card| Ok(card.tags.insert(name.to_owned())))
    }

    /// Takes a tag away.
    ///
    /// # Errors
    /// When the image is not tagged so.
    pub fn untag(&mut self, id: i32, name: &str) -> Result<(), Error> {
        self.change(id, |card| match card.tags.remove(name) {
            true => Ok(()),
            false => Err(Error::Missing(id, format!("tag {name}"))),
        })
    }

    /// Adds a location at the end of those that an image has.
    ///
    /// # Errors
    /// When there is no such image; when the store refuses: so it does if somebody else takes that place meanwhile.
    pub fn locate(&mut self, id: i32, url: &str) -> Result<(), Error> {
        self.change(id, |card| {
            card.locations.push(Location::at(url));
            Ok(())
        })
    }

    /// Offers an image to somebody.
    ///
    /// # Errors
    /// When there is no such image, or it was offered to them before.
    pub fn share(&mut self, id: i32, who: &str) -> Result<(), Error> {
        self.change(id, |card| match card.members.entry(who.to_owned()) {
            Entry::Vacant(place) => {
                place.insert(MemberStatus::Pending);
                Ok(())
            }
            Entry::Occupied(_) => Err(Error::Offered(id, who.to_owned())),
        })
    }

    /// Says what somebody to whom an image was offered makes of it.
    ///
    /// # Errors
    /// When it was not offered to them.
    pub fn answer(&mut self, id: i32, who: &str, status: MemberStatus) -> Result<(), Error> {
        self.change(id, |card| {
            let member = card.members.get_mut(who);
            *member.ok_or_else(|| Error::Missing(id, format!("member {who}")))? = status;
            Ok(())
        })
    }

    /// Loads an image with all that belongs to it, changes it, and saves what is other than it was.
    fn change<T>(&mut self, id: i32, change: impl FnOnce(&mut ImageCard) -> Result<T, Error>) -> Result<T, Error> {
        let mut card = self.card(id)?;
        let said = change(&mut card)?;
        (self.hold)();
        self.save(&mut card)?;
        Ok(said)
    }

    /// The image with this key, and all that belongs to it, to be edited.
    pub(super) fn card(&mut self, id: i32) -> Result<Edit<ImageCard>, Error> {
        let found = self.context.edit_all(Images::from_keys([id]).view::<ImageCard>())?;
        found.into_iter().next().ok_or(Error::NoImage(id))
    }
}

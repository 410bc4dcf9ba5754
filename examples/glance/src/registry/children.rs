//! What belongs to an image, row by row: who adds, changes or takes away one touches no other, and not the image.

use super::{Error, Registry};
use crate::domain::{Images, Member, MemberStatus, Property, Tag};
use persist::edit::Editable;
use persist::view::IntoAsk;
use persist::{Edit, Entity};

impl Registry<'_> {
    /// Says something of an image: a new property, or another value of one that it has.
    ///
    /// # Errors
    /// When there is no such image. Of two who say something new by one name at a time, the second is told that it has been
    /// said ([`Fault::Duplicate`](persist::Fault::Duplicate)), and the first stays.
    pub fn set_property(&mut self, id: i32, name: &str, value: &str) -> Result<(), Error> {
        let known = self.image(id)?.properties().named(name);
        match self.first::<Property>(known.view())? {
            Some(mut property) => {
                value.clone_into(&mut property.value);
                (self.hold)();
                Ok(self.context.save(&mut property)?)
            }
            None => self.create_child(Property::new(id, name, value)),
        }
    }

    /// Takes a property away.
    ///
    /// # Errors
    /// When the image has none of this name.
    pub fn unset_property(&mut self, id: i32, name: &str) -> Result<(), Error> {
        let known = self.image(id)?.properties().named(name);
        let property = self.first::<Property>(known.view())?;
        self.delete_child(property.ok_or_else(|| Error::Missing(id, format!("property {name}")))?)
    }

    /// Tags an image; says whether it was not tagged so before.
    ///
    /// # Errors
    /// When there is no such image.
    pub fn tag(&mut self, id: i32, name: &str) -> Result<bool, Error> {
        let known = self.image(id)?.tags().named(name);
        if self.first::<Tag>(known.view())?.is_some() {
            return Ok(false);
        }
        self.create_child(Tag::new(id, name))?;
        Ok(true)
    }

    /// Takes a tag away.
    ///
    /// # Errors
    /// When the image is not tagged so.
    pub fn untag(&mut self, id: i32, name: &str) -> Result<(), Error> {
        let known = self.image(id)?.tags().named(name);
        let tag = self.first::<Tag>(known.view())?;
        self.delete_child(tag.ok_or_else(|| Error::Missing(id, format!("tag {name}")))?)
    }

    /// Offers an image to somebody.
    ///
    /// # Errors
    /// When there is no such image, or it was offered to them before.
    pub fn share(&mut self, id: i32, who: &str) -> Result<(), Error> {
        self.image(id).map(drop)?;
        self.create_child(Member::offered(id, who))
    }

    /// Says what somebody to whom an image was offered makes of it.
    ///
    /// # Errors
    /// When it was not offered to them.
    pub fn answer(&mut self, id: i32, who: &str, status: MemberStatus) -> Result<(), Error> {
        let known = self.image(id)?.members().named(who);
        let member = self.first::<Member>(known.view())?;
        let mut member = member.ok_or_else(|| Error::Missing(id, format!("member {who}")))?;
        member.status = status;
        (self.hold)();
        Ok(self.context.save(&mut member)?)
    }

    /// The group of the image with this key, if there is one.
    pub(super) fn image(&mut self, id: i32) -> Result<Images, Error> {
        let image = Images::from_keys([id]);
        if self.context.realise(image.exists())? { Ok(image) } else { Err(Error::NoImage(id)) }
    }

    fn first<E: Entity + Editable>(&mut self, ask: impl IntoAsk<View = E>) -> Result<Option<Edit<E>>, Error> {
        Ok(self.context.edit_all(ask)?.into_iter().next())
    }

    fn create_child<E: Entity + Editable<Of = E>>(&mut self, mut child: E) -> Result<(), Error> {
        (self.hold)();
        Ok(self.context.create(&mut child)?)
    }

    fn delete_child<E: Entity + Editable>(&mut self, child: Edit<E>) -> Result<(), Error> {
        (self.hold)();
        Ok(self.context.delete(&child)?)
    }
}

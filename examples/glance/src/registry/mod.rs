//! What users do with the registry. Everything that is changed is loaded, looked at, and saved: by column and by entry,
//! so that what others change meanwhile stays.

mod children;
mod images;
mod reading;
mod upload;

use crate::domain::{Image, Images, Refusal, image};
use chrono::{NaiveDateTime, SubsecRound, Utc};
use persist::edit::{Editable, Equal};
use persist::{Context, Edit};
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// Why something could not be done. Nothing of it was.
#[derive(Debug, Error)]
pub enum Error {
    /// The store, or somebody else who was faster.
    #[error(transparent)]
    Persist(#[from] persist::Error),
    /// A rule of the domain.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// There is no such image.
    #[error("there is no image {0}")]
    NoImage(i32),
    /// The image has nothing of this name.
    #[error("image {0} has no {1}")]
    Missing(i32, String),
    /// The image was offered to them before.
    #[error("image {0} is offered to {1} already")]
    Offered(i32, String),
    /// Data that was to be uploaded cannot be read.
    #[error("cannot read {0}")]
    Unreadable(PathBuf, #[source] io::Error),
}

/// The registry, as one user works with it.
pub struct Registry<'r> {
    context: Context<'r>,
    hold: Box<dyn FnMut() + 'r>,
    at: Option<NaiveDateTime>,
}

impl<'r> Registry<'r> {
    /// Over this context, which from now on shows no deleted images.
    #[must_use]
    pub fn new(mut context: Context<'r>) -> Self {
        context.scope::<Image>(Images::all().present());
        Self { context, hold: Box::new(|| ()), at: None }
    }

    /// The same, where `hold` is called each time that something was loaded and is about to be saved: what a user who
    /// takes their time does to everybody else.
    #[must_use]
    pub fn holding(self, hold: impl FnMut() + 'r) -> Self {
        Self { hold: Box::new(hold), ..self }
    }

    /// The same, at a time of your own.
    #[must_use]
    pub fn at(self, time: Option<NaiveDateTime>) -> Self {
        Self { at: time, ..self }
    }

    fn now(&self) -> NaiveDateTime {
        self.at.unwrap_or_else(|| Utc::now().naive_utc().trunc_subsecs(6))
    }

    fn save<V: Editable<Of = Image>>(&mut self, image: &mut Edit<V>) -> Result<(), Error> {
        self.stamp(image);
        Ok(self.context.save(image)?)
    }

    /// Notes when a column of the image is changed, if one is. What belongs to it has rows of its own.
    fn stamp<V: Editable<Of = Image>>(&self, image: &mut Edit<V>) {
        if !Edit::changes(image).is_empty() {
            Edit::set(image, image::updated_at, self.now(), Equal::Omit);
        }
    }
}

//! Files in the librarian, and the images among them that brand people and distributions.

use crate::schema;
use persist::prelude::*;
use std::sync::Arc;

/// A file in the librarian, under the name it was uploaded with.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::libraryfilealias)]
pub struct LibraryFileAlias {
    /// The key.
    #[entity(key)]
    pub id: i32,
    /// The name, with its extension.
    pub filename: String,
    /// What kind of file it is.
    pub mimetype: String,
}

/// A file as something to look at.
#[derive(Debug, Clone, PartialEq, Eq, View)]
#[view(of = LibraryFileAlias)]
pub struct Image {
    /// The key.
    pub id: i32,
    /// The name, with its extension.
    pub filename: String,
    /// Where a browser finds it.
    #[view(compute = format!("https://launchpadlibrarian.net/{id}/{filename}"))]
    pub url: String,
}

/// Where a browser finds the images that stand for somebody or something: its own, or else those of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Branding<'a> {
    /// 14 pixels wide, beside a link.
    pub icon: &'a str,
    /// 64 pixels wide, in a heading.
    pub logo: &'a str,
    /// 192 pixels wide, on a page of its own.
    pub mugshot: &'a str,
}

impl<'a> Branding<'a> {
    /// The images in hand; `default` stands in for those that are missing.
    pub(super) fn new(
        default: Branding<'a>,
        icon: &'a Option<Arc<Image>>,
        logo: &'a Option<Arc<Image>>,
        mugshot: &'a Option<Arc<Image>>,
    ) -> Self {
        let own = |image: &'a Option<Arc<Image>>, default| image.as_ref().map_or(default, |image| image.url.as_str());
        Self { icon: own(icon, default.icon), logo: own(logo, default.logo), mugshot: own(mugshot, default.mugshot) }
    }
}

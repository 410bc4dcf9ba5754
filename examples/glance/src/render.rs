//! Writes images as text, from plain structs.

use crate::domain::{ImageCard, ImageLine};
use std::fmt::{self, Display, Write};

/// An image with all that belongs to it. What is not known is left out.
#[must_use]
pub fn card(card: &ImageCard) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = write_card(&mut text, card);
    text
}

fn write_card(out: &mut impl Write, card: &ImageCard) -> fmt::Result {
    let image = &card.image;
    writeln!(out, "image {}  {}", image.id, image.name.as_deref().unwrap_or("(no name)"))?;
    write_field(out, "status", Some(image.status))?;
    write_field(out, "visibility", Some(image.visibility))?;
    write_field(out, "owner", image.owner.as_ref())?;
    write_field(out, "size", image.size)?;
    write_field(out, "virtual_size", image.virtual_size)?;
    write_field(out, "checksum", image.checksum.as_ref())?;
    write_field(out, "os_hash_algo", image.os_hash_algo.as_ref())?;
    write_field(out, "os_hash_value", image.os_hash_value.as_ref())?;
    write_field(out, "disk_format", image.disk_format)?;
    write_field(out, "container_format", image.container_format)?;
    write_field(out, "min_disk", Some(image.min_disk))?;
    write_field(out, "min_ram", Some(image.min_ram))?;
    write_field(out, "protected", Some(image.protected))?;
    write_field(out, "hidden", Some(image.hidden))?;
    write_field(out, "created_at", Some(image.created_at))?;
    write_field(out, "updated_at", Some(image.updated_at))?;
    for (name, value) in &card.properties {
        writeln!(out, "  property {name} = {value}")?;
    }
    for tag in &card.tags {
        writeln!(out, "  tag {tag}")?;
    }
    for (place, location) in card.locations.iter().enumerate() {
        writeln!(out, "  location {place} {}", location.url)?;
    }
    for (who, status) in &card.members {
        writeln!(out, "  member {who} ({status})")?;
    }
    Ok(())
}

fn write_field(out: &mut impl Write, name: &str, value: Option<impl Display>) -> fmt::Result {
    value.map_or(Ok(()), |value| writeln!(out, "  {name:<16} {value}"))
}

/// Images, one a line.
#[must_use]
pub fn list(images: &[ImageLine]) -> String {
    let mut text = String::new();
    for image in images {
        let _ = write_line(&mut text, image);
    }
    text
}

fn write_line(out: &mut impl Write, image: &ImageLine) -> fmt::Result {
    let ImageLine { id, name, status, visibility, size, tags } = image;
    let size = size.map_or_else(|| "-".to_owned(), |size| size.to_string());
    // Columns of a width look at the text, so it must be one.
    let (status, visibility) = (status.to_string(), visibility.to_string());
    write!(out, "{id:>4}  {:<20} {status:<14} {visibility:<10} {size:>12}", name.as_deref().unwrap_or("(no name)"))?;
    tags.iter().try_for_each(|tag| write!(out, "  #{tag}"))?;
    writeln!(out)
}

//! Artists, their albums, and the tracks on them.

use crate::schema;
use persist::prelude::*;
use std::collections::HashSet;
use std::sync::Arc;

/// Who recorded an album.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::artist, name = "Artist")]
#[entity(has_many(albums: Album))]
pub struct Artist {
    /// The key.
    #[entity(key, column = artist_id)]
    pub id: i32,
    /// The name, where there is one.
    pub name: Option<String>,
}

/// A number of tracks by one artist.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::album, name = "Album")]
#[entity(has_many(tracks: Track))]
pub struct Album {
    /// The key.
    #[entity(key, column = album_id)]
    pub id: i32,
    /// The title.
    pub title: String,
    /// Who recorded it.
    #[entity(belongs_to(artist: Artist))]
    pub artist_id: i32,
}

/// A kind of music.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Entity)]
#[entity(table = schema::genre, name = "Genre")]
pub struct Genre {
    /// The key.
    #[entity(key, column = genre_id)]
    pub id: i32,
    /// The name, where there is one.
    pub name: Option<String>,
}

/// One piece of music.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::track, name = "Track")]
pub struct Track {
    /// The key.
    #[entity(key, column = track_id)]
    pub id: i32,
    /// The title.
    pub name: String,
    /// The album it is on, if it is on one.
    #[entity(belongs_to(album: Album))]
    pub album_id: Option<i32>,
    /// The kind of music it is, if somebody said so.
    #[entity(belongs_to(genre: Genre))]
    pub genre_id: Option<i32>,
    /// How long it takes.
    pub milliseconds: i32,
}

/// An artist with everything on record: four statements, however many artists there are.
#[derive(Debug, View)]
#[view(of = Artist, budget = 4)]
pub struct Discography {
    /// The artist's key.
    pub id: i32,
    /// The artist's name, where there is one.
    pub name: Option<String>,
    /// The albums.
    pub albums: Vec<AlbumTracks>,
}

/// The tracks of an album.
#[derive(Debug, View)]
#[view(of = Album)]
pub struct AlbumTracks {
    /// The tracks.
    pub tracks: Vec<Recording>,
}

/// A track: how long it takes, and what kind of music it is. Tracks share their genres.
#[derive(Debug, View)]
#[view(of = Track)]
pub struct Recording {
    /// How long it takes.
    pub milliseconds: i32,
    /// The kind of music, if somebody said so.
    pub genre: Option<Arc<Genre>>,
}

impl Discography {
    /// The tracks of all albums.
    pub fn tracks(&self) -> impl Iterator<Item = &Recording> {
        self.albums.iter().flat_map(|album| &album.tracks)
    }

    /// How long all tracks take together.
    #[must_use]
    pub fn milliseconds(&self) -> i64 {
        self.tracks().map(|track| i64::from(track.milliseconds)).sum()
    }

    /// The kinds of music, each once.
    #[must_use]
    pub fn genres(&self) -> HashSet<&Genre> {
        self.tracks().filter_map(|track| track.genre.as_deref()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recording(milliseconds: i32, genre: Option<&Arc<Genre>>) -> Recording {
        Recording { milliseconds, genre: genre.cloned() }
    }

    #[test]
    fn a_discography_adds_up_over_its_albums() {
        let [rock, jazz] = [1, 2].map(|id| Arc::new(Genre { id, name: None }));
        let first = AlbumTracks { tracks: vec![recording(i32::MAX, Some(&rock)), recording(1, Some(&jazz))] };
        let second = AlbumTracks { tracks: vec![recording(2, Some(&rock)), recording(3, None)] };
        let discography = Discography { id: 1, name: None, albums: vec![first, second] };
        assert_eq!(discography.tracks().count(), 4);
        assert_eq!(discography.milliseconds(), i64::from(i32::MAX) + 6);
        assert_eq!(discography.genres(), HashSet::from([&*rock, &*jazz]));
    }

    #[test]
    fn an_artist_without_albums_has_nothing() {
        let nothing = Discography { id: 1, name: None, albums: Vec::new() };
        assert_eq!((nothing.tracks().count(), nothing.milliseconds(), nothing.genres().len()), (0, 0, 0));
    }
}

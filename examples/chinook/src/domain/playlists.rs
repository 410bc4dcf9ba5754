//! Playlists, and the tracks that they share.

use super::catalogue::Track;
use crate::schema;
use persist::prelude::*;
use std::sync::Arc;

/// A choice of tracks.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::playlist, name = "Playlist")]
#[entity(many_to_many(tracks: Track, through = PlaylistTrack))]
pub struct Playlist {
    /// The key.
    #[entity(key, column = playlist_id)]
    pub id: i32,
    /// The name, where there is one.
    pub name: Option<String>,
}

/// That a track is on a playlist; the two together are the key.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::playlist_track, name = "PlaylistTrack")]
pub struct PlaylistTrack {
    /// The playlist.
    #[entity(key, belongs_to(playlist: Playlist))]
    pub playlist_id: i32,
    /// The track.
    #[entity(key, belongs_to(track: Track))]
    pub track_id: i32,
}

/// A playlist with its tracks: one statement each for the playlists, the links and the tracks.
#[derive(Debug, View)]
#[view(of = Playlist, budget = 3)]
pub struct Programme {
    /// The playlist's key.
    pub id: i32,
    /// The playlist's name, where there is one.
    pub name: Option<String>,
    /// The tracks; one that is on several playlists is in memory once.
    pub tracks: Vec<Arc<Running>>,
}

/// How long a track takes.
#[derive(Debug, View)]
#[view(of = Track)]
pub struct Running {
    /// In milliseconds.
    pub milliseconds: i32,
}

impl Programme {
    /// How long all tracks take together.
    #[must_use]
    pub fn milliseconds(&self) -> i64 {
        self.tracks.iter().map(|track| i64::from(track.milliseconds)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_programme_lasts_as_long_as_its_tracks() {
        let [long, short] = [i32::MAX, 1].map(|milliseconds| Arc::new(Running { milliseconds }));
        let both = Programme { id: 1, name: None, tracks: vec![Arc::clone(&long), short] };
        let one = Programme { id: 2, name: None, tracks: vec![long] };
        assert_eq!(both.milliseconds(), i64::from(i32::MAX) + 1);
        assert_eq!(one.milliseconds(), i64::from(i32::MAX));
    }
}

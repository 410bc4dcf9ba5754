//! The tables of a Chinook file, as far as the reports read them.

use diesel::table;

table! {
    #[sql_name = "Artist"]
    artist (artist_id) {
        #[sql_name = "ArtistId"]
        artist_id -> Integer,
        #[sql_name = "Name"]
        name -> Nullable<Text>,
    }
}

table! {
    #[sql_name = "Album"]
    album (album_id) {
        #[sql_name = "AlbumId"]
        album_id -> Integer,
        #[sql_name = "Title"]
        title -> Text,
        #[sql_name = "ArtistId"]
        artist_id -> Integer,
    }
}

table! {
    #[sql_name = "Genre"]
    genre (genre_id) {
        #[sql_name = "GenreId"]
        genre_id -> Integer,
        #[sql_name = "Name"]
        name -> Nullable<Text>,
    }
}

table! {
    #[sql_name = "Track"]
    track (track_id) {
        #[sql_name = "TrackId"]
        track_id -> Integer,
        #[sql_name = "Name"]
        name -> Text,
        #[sql_name = "AlbumId"]
        album_id -> Nullable<Integer>,
        #[sql_name = "GenreId"]
        genre_id -> Nullable<Integer>,
        #[sql_name = "Milliseconds"]
        milliseconds -> Integer,
    }
}

table! {
    #[sql_name = "Playlist"]
    playlist (playlist_id) {
        #[sql_name = "PlaylistId"]
        playlist_id -> Integer,
        #[sql_name = "Name"]
        name -> Nullable<Text>,
    }
}

table! {
    #[sql_name = "PlaylistTrack"]
    playlist_track (playlist_id, track_id) {
        #[sql_name = "PlaylistId"]
        playlist_id -> Integer,
        #[sql_name = "TrackId"]
        track_id -> Integer,
    }
}

table! {
    #[sql_name = "Employee"]
    employee (employee_id) {
        #[sql_name = "EmployeeId"]
        employee_id -> Integer,
        #[sql_name = "LastName"]
        last_name -> Text,
        #[sql_name = "ReportsTo"]
        reports_to -> Nullable<Integer>,
    }
}

table! {
    #[sql_name = "Customer"]
    customer (customer_id) {
        #[sql_name = "CustomerId"]
        customer_id -> Integer,
        #[sql_name = "LastName"]
        last_name -> Text,
        #[sql_name = "SupportRepId"]
        support_rep_id -> Nullable<Integer>,
    }
}

table! {
    #[sql_name = "Invoice"]
    invoice (invoice_id) {
        #[sql_name = "InvoiceId"]
        invoice_id -> Integer,
        #[sql_name = "CustomerId"]
        customer_id -> Integer,
        #[sql_name = "Total"]
        total -> Numeric,
    }
}

//! Every table of the database with all of its columns: what is copied. There is no `table!` of them: the fields' types say
//! what the columns are, and the tables of a copy are made from these structs.

use chrono::NaiveDateTime;
use persist::prelude::*;
use rust_decimal::Decimal;

/// Who recorded something.
#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = "Artist")]
#[allow(missing_docs, reason = "the names say it")]
pub struct Artist {
    #[entity(key, column = ArtistId)]
    pub artist_id: i32,
    #[entity(column = Name)]
    pub name: Option<String>,
}

/// A kind of music.
#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = "Genre")]
#[allow(missing_docs, reason = "the names say it")]
pub struct Genre {
    #[entity(key, column = GenreId)]
    pub genre_id: i32,
    #[entity(column = Name)]
    pub name: Option<String>,
}

/// How a track is kept.
#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = "MediaType")]
#[allow(missing_docs, reason = "the names say it")]
pub struct MediaType {
    #[entity(key, column = MediaTypeId)]
    pub media_type_id: i32,
    #[entity(column = Name)]
    pub name: Option<String>,
}

/// What an artist recorded.
#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = "Album")]
#[allow(missing_docs, reason = "the names say it")]
pub struct Album {
    #[entity(key, column = AlbumId)]
    pub album_id: i32,
    #[entity(column = Title)]
    pub title: String,
    #[entity(column = ArtistId, belongs_to(artist: Artist))]
    pub artist_id: i32,
}

/// One piece on an album.
#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = "Track")]
#[allow(missing_docs, reason = "the names say it")]
pub struct Track {
    #[entity(key, column = TrackId)]
    pub track_id: i32,
    #[entity(column = Name)]
    pub name: String,
    #[entity(column = AlbumId, belongs_to(album: Album))]
    pub album_id: Option<i32>,
    #[entity(column = MediaTypeId, belongs_to(media_type: MediaType))]
    pub media_type_id: i32,
    #[entity(column = GenreId, belongs_to(genre: Genre))]
    pub genre_id: Option<i32>,
    #[entity(column = Composer)]
    pub composer: Option<String>,
    #[entity(column = Milliseconds)]
    pub milliseconds: i32,
    #[entity(column = Bytes)]
    pub bytes: Option<i32>,
    #[entity(column = UnitPrice)]
    pub unit_price: Decimal,
}

/// A list of tracks.
#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = "Playlist")]
#[allow(missing_docs, reason = "the names say it")]
pub struct Playlist {
    #[entity(key, column = PlaylistId)]
    pub playlist_id: i32,
    #[entity(column = Name)]
    pub name: Option<String>,
}

/// A track on a playlist.
#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = "PlaylistTrack")]
#[allow(missing_docs, reason = "the names say it")]
pub struct PlaylistTrack {
    #[entity(key, column = PlaylistId, belongs_to(playlist: Playlist))]
    pub playlist_id: i32,
    #[entity(key, column = TrackId, belongs_to(track: Track))]
    pub track_id: i32,
}

/// Who works at the shop.
#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = "Employee")]
#[allow(missing_docs, reason = "the names say it")]
pub struct Employee {
    #[entity(key, column = EmployeeId)]
    pub employee_id: i32,
    #[entity(column = LastName)]
    pub last_name: String,
    #[entity(column = FirstName)]
    pub first_name: String,
    #[entity(column = Title)]
    pub title: Option<String>,
    #[entity(column = ReportsTo, belongs_to(manager: Employee))]
    pub reports_to: Option<i32>,
    #[entity(column = BirthDate)]
    pub birth_date: Option<NaiveDateTime>,
    #[entity(column = HireDate)]
    pub hire_date: Option<NaiveDateTime>,
    #[entity(column = Address)]
    pub address: Option<String>,
    #[entity(column = City)]
    pub city: Option<String>,
    #[entity(column = State)]
    pub state: Option<String>,
    #[entity(column = Country)]
    pub country: Option<String>,
    #[entity(column = PostalCode)]
    pub postal_code: Option<String>,
    #[entity(column = Phone)]
    pub phone: Option<String>,
    #[entity(column = Fax)]
    pub fax: Option<String>,
    #[entity(column = Email)]
    pub email: Option<String>,
}

/// Who buys there.
#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = "Customer")]
#[allow(missing_docs, reason = "the names say it")]
pub struct Customer {
    #[entity(key, column = CustomerId)]
    pub customer_id: i32,
    #[entity(column = FirstName)]
    pub first_name: String,
    #[entity(column = LastName)]
    pub last_name: String,
    #[entity(column = Company)]
    pub company: Option<String>,
    #[entity(column = Address)]
    pub address: Option<String>,
    #[entity(column = City)]
    pub city: Option<String>,
    #[entity(column = State)]
    pub state: Option<String>,
    #[entity(column = Country)]
    pub country: Option<String>,
    #[entity(column = PostalCode)]
    pub postal_code: Option<String>,
    #[entity(column = Phone)]
    pub phone: Option<String>,
    #[entity(column = Fax)]
    pub fax: Option<String>,
    #[entity(column = Email)]
    pub email: String,
    #[entity(column = SupportRepId, belongs_to(support_rep: Employee))]
    pub support_rep_id: Option<i32>,
}

/// What a customer bought at a time.
#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = "Invoice")]
#[allow(missing_docs, reason = "the names say it")]
pub struct Invoice {
    #[entity(key, column = InvoiceId)]
    pub invoice_id: i32,
    #[entity(column = CustomerId, belongs_to(customer: Customer))]
    pub customer_id: i32,
    #[entity(column = InvoiceDate)]
    pub invoice_date: NaiveDateTime,
    #[entity(column = BillingAddress)]
    pub billing_address: Option<String>,
    #[entity(column = BillingCity)]
    pub billing_city: Option<String>,
    #[entity(column = BillingState)]
    pub billing_state: Option<String>,
    #[entity(column = BillingCountry)]
    pub billing_country: Option<String>,
    #[entity(column = BillingPostalCode)]
    pub billing_postal_code: Option<String>,
    #[entity(column = Total)]
    pub total: Decimal,
}

/// A track that was bought.
#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = "InvoiceLine")]
#[allow(missing_docs, reason = "the names say it")]
pub struct InvoiceLine {
    #[entity(key, column = InvoiceLineId)]
    pub invoice_line_id: i32,
    #[entity(column = InvoiceId, belongs_to(invoice: Invoice))]
    pub invoice_id: i32,
    #[entity(column = TrackId, belongs_to(track: Track))]
    pub track_id: i32,
    #[entity(column = UnitPrice)]
    pub unit_price: Decimal,
    #[entity(column = Quantity)]
    pub quantity: i32,
}

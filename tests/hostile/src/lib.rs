//! Entities in a crate that allows nothing, hides the prelude, and knows persist by another name. Views of them, and words
//! on their groups, stand in another crate: see `tests/tests/two_crates.rs`.
#![deny(
    warnings,
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    unused_qualifications,
    unused_results,
    rust_2018_idioms,
    single_use_lifetimes,
    trivial_casts,
    unused_lifetimes,
    elided_lifetimes_in_paths,
    variant_size_differences,
    clippy::all,
    clippy::pedantic
)]

/// Tables.
pub mod schema {
    #![allow(missing_docs, unreachable_pub, unused_qualifications, clippy::pedantic, reason = "made by `table!`")]
    diesel::table! { owners (id) { id -> Integer, name -> Text, street -> Text, city -> Nullable<Text>, } }
    diesel::table! { things (id) { id -> Integer, label -> Text, owner_id -> Integer, } }
    diesel::table! { other_things (code) { code -> Text, label -> Text, thing_id -> Nullable<Integer>, } }
    diesel::table! { notes (id) { id -> Integer, text -> Text, } }
    diesel::table! {
        offers (id) {
            id -> Integer, owner_id -> Nullable<Integer>, state -> Text, low -> Integer, high -> Integer, seen -> Integer,
            version -> Integer,
        }
    }
}

/// Names that are not what they seem.
mod shadows {
    macro_rules! hide {
        ($($name:ident)*) => {$(#[allow(dead_code)] #[derive(Debug)] pub(crate) struct $name;)*};
    }
    hide!(Option Result Vec String Ok Err Some None Default Clone Copy Iterator From Into Send Sync Box Drop Fn);
    hide!(Column Relation Group Entity View Scalar Embedded Slot Value Table Node Reader Krate S E N R F Self_ Partial);
}

/// People with an address.
#[no_implicit_prelude]
pub mod people {
    #[allow(unused_imports, reason = "to be in the way")]
    use crate::shadows::*;

    /// Several columns.
    #[derive(Debug, ::core::clone::Clone, ::core::cmp::PartialEq, ::storage::Embedded)]
    pub struct Address {
        /// A street.
        pub street: ::std::string::String,
        /// A city.
        pub city: ::core::option::Option<::std::string::String>,
    }

    /// The key.
    #[derive(Debug, ::core::clone::Clone, ::core::cmp::PartialEq, ::storage::Scalar)]
    pub struct OwnerId(pub i32);

    /// Somebody.
    #[derive(Debug, ::core::clone::Clone, ::core::cmp::PartialEq, ::storage::Entity)]
    #[entity(table = crate::schema::owners, has_many(things: crate::one::Thing, by = owner))]
    #[entity(has_many(offers: crate::offers::Offer, by = owner, on_delete = nullify))]
    pub struct Owner {
        /// The key.
        #[entity(key)]
        pub id: OwnerId,
        /// A name.
        pub name: ::std::string::String,
        /// Where they live.
        #[entity(embed(street = street, city = city))]
        pub home: Address,
    }

    /// A view beside its entity.
    #[derive(Debug, ::core::clone::Clone, ::core::cmp::PartialEq, ::storage::View)]
    #[view(of = Owner, budget = 1)]
    pub struct OwnerLine {
        /// A name.
        pub name: ::std::string::String,
        /// Where they live.
        pub home: Address,
    }

    /// An enum beside it.
    #[derive(Debug, ::storage::View)]
    #[view(common(name: ::std::string::String), budget = 4)]
    pub enum Anything {
        /// Somebody.
        Owner(::std::sync::Arc<OwnerLine>),
        /// Something.
        #[view(common(name = label))]
        Thing(::std::sync::Arc<crate::two::Thing>),
    }
}

/// An entity whose table nobody declares.
#[no_implicit_prelude]
pub mod tableless {
    #[allow(unused_imports, reason = "to be in the way")]
    use crate::shadows::*;

    /// A place to live.
    #[derive(Debug, ::core::clone::Clone, ::core::cmp::PartialEq, ::storage::Entity)]
    #[entity(table = "it's a \"home\"", group = Homes)]
    pub struct Home {
        /// The key.
        #[entity(key, belongs_to(owner: crate::people::Owner))]
        pub owner_id: crate::people::OwnerId,
        /// Where.
        #[entity(embed(street = street, city = city))]
        pub address: crate::people::Address,
        /// A word that is none in Rust.
        #[entity(column = r#type)]
        pub kind: ::core::option::Option<::std::string::String>,
    }
}

/// One entity of the name `Thing`.
pub mod one {
    /// Something that somebody owns.
    #[derive(Debug, Clone, PartialEq, storage::Entity)]
    #[entity(table = crate::schema::things, has_many(others: crate::two::Thing, by = thing))]
    pub struct Thing {
        /// The key.
        #[entity(key)]
        pub id: i32,
        /// What it is.
        pub label: String,
        /// Whose it is.
        #[entity(belongs_to(owner: crate::people::Owner))]
        pub owner_id: crate::people::OwnerId,
    }
}

/// Another entity of that name.
#[no_implicit_prelude]
pub mod two {
    /// Something that belongs to something.
    #[derive(Debug, ::core::clone::Clone, ::core::cmp::PartialEq, ::storage::Entity)]
    #[entity(table = crate::schema::other_things)]
    pub struct Thing {
        /// The key.
        #[entity(key)]
        pub code: ::std::string::String,
        /// What it is.
        pub label: ::std::string::String,
        /// What it belongs to.
        #[entity(belongs_to(thing: crate::one::Thing))]
        pub thing_id: ::core::option::Option<i32>,
    }
}

/// What follows rules when it is written.
#[no_implicit_prelude]
pub mod offers {
    #[allow(unused_imports, reason = "to be in the way")]
    use crate::shadows::*;

    /// An offer of somebody.
    #[derive(Debug, ::core::clone::Clone, ::core::cmp::PartialEq, ::storage::Entity)]
    #[entity(table = crate::schema::offers, changes = OfferChanges, together(low, high), unique(owner_id, state))]
    pub struct Offer {
        /// The key.
        #[entity(key, generated)]
        pub id: i32,
        /// Whose it is.
        #[entity(belongs_to(owner: crate::people::Owner))]
        pub owner_id: ::core::option::Option<crate::people::OwnerId>,
        /// How far it is.
        #[entity(guard = states)]
        pub state: ::std::string::String,
        /// At least.
        pub low: i32,
        /// At most.
        pub high: i32,
        /// How often it was seen.
        #[entity(counter(min = 0))]
        pub seen: i32,
        /// The revision.
        #[entity(lock)]
        pub version: i32,
        /// Not stored.
        #[entity(transient)]
        pub from: ::std::vec::Vec<i32>,
    }

    fn states(from: &str, to: &str) -> ::storage::Transition<Offer> {
        ::storage::Transition::when(from < to)
    }

    /// What may be said of an offer.
    #[derive(Debug, ::storage::Changes)]
    #[changes(of = Offer)]
    pub struct OfferPatch {
        /// At least.
        pub low: ::storage::Change<i32>,
        /// How often it was seen besides.
        #[changes(add)]
        pub seen: i32,
    }

    /// A part of an offer.
    #[derive(Debug, ::storage::View)]
    #[view(of = Offer, edit = part)]
    pub struct Range {
        /// At least.
        pub low: i32,
        /// At most.
        pub high: i32,
    }

    /// An offer that can be edited.
    #[derive(Debug, ::storage::View)]
    #[view(of = Offer, edit)]
    pub struct OfferLine {
        /// The key.
        pub id: i32,
        /// The revision.
        pub version: i32,
        /// A part.
        #[view(flatten)]
        pub range: Range,
    }
}

/// What nobody else sees.
mod hidden {
    macro_rules! entity {
        ($vis:vis $name:ident, $table:path, { $($field:ident: $ty:ty),* }) => {
            #[derive(Debug, Clone, storage::Entity)]
            #[entity(table = $table)]
            $vis struct $name {
                #[entity(key)]
                id: i32,
                $($field: $ty),*
            }
        };
    }
    entity!(pub(crate) Note, crate::schema::notes, { text: String });
}

/// How many statements a request for hidden entities takes.
///
/// # Errors
/// When the store cannot answer.
pub fn hidden_notes(context: &mut storage::Context<'_>) -> Result<u64, storage::Error> {
    context.realise(hidden::Notes::all().filter(hidden::note::text.contains("n")).count())
}

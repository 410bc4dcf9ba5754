//! Diesel's tables.
#![allow(missing_docs, reason = "made by `table!`")]

diesel::table! {
    distros (id) {
        id -> Integer,
        name -> Text,
    }
}

diesel::table! {
    people (id) {
        id -> Integer,
        nick -> Text,
        picture -> Nullable<Binary>,
    }
}

diesel::table! {
    bugs (id) {
        id -> Integer,
        title -> Text,
        heat -> Integer,
        status -> Text,
        importance -> Nullable<SmallInt>,
        distro_id -> Integer,
        assignee_id -> Nullable<Integer>,
    }
}

diesel::table! {
    comments (id) {
        id -> BigInt,
        bug_id -> Integer,
        author_id -> Integer,
        created -> BigInt,
        #[sql_name = "type"]
        r#type -> Text,
    }
}

diesel::table! {
    bug_subscriptions (bug_id, person_id) {
        bug_id -> Integer,
        person_id -> Integer,
    }
}

diesel::table! {
    mails (id) {
        id -> Integer,
        bug_id -> Integer,
        person_id -> Nullable<Integer>,
    }
}

//! Launchpad's tables, as `diesel print-schema` writes them. `schema.sql` creates them.

diesel::table! {
    libraryfilealias (id) {
        id -> Integer,
        filename -> Text,
        mimetype -> Text,
    }
}

diesel::table! {
    person (id) {
        id -> Integer,
        name -> Text,
        displayname -> Text,
        icon -> Nullable<Integer>,
        logo -> Nullable<Integer>,
        mugshot -> Nullable<Integer>,
    }
}

diesel::table! {
    distribution (id) {
        id -> Integer,
        name -> Text,
        displayname -> Text,
        owner -> Integer,
        icon -> Nullable<Integer>,
        logo -> Nullable<Integer>,
        mugshot -> Nullable<Integer>,
    }
}

diesel::table! {
    product (id) {
        id -> Integer,
        name -> Text,
        displayname -> Text,
        owner -> Integer,
        icon -> Nullable<Integer>,
        logo -> Nullable<Integer>,
        mugshot -> Nullable<Integer>,
    }
}

diesel::table! {
    bug (id) {
        id -> Integer,
        title -> Text,
        owner -> Integer,
        private -> Bool,
        heat -> Integer,
        datecreated -> Timestamp,
        date_last_updated -> Timestamp,
    }
}

diesel::table! {
    bugtask (id) {
        id -> Integer,
        bug -> Integer,
        distribution -> Integer,
        targetnamecache -> Text,
        status -> Integer,
        importance -> Integer,
        assignee -> Nullable<Integer>,
    }
}

diesel::table! {
    bugsubscription (id) {
        id -> Integer,
        bug -> Integer,
        person -> Integer,
    }
}

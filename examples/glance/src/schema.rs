//! Glance's tables, as `diesel print-schema` writes them. The files in `schema/` create them.

diesel::table! {
    images (id) {
        id -> Integer,
        name -> Nullable<Text>,
        status -> Text,
        visibility -> Text,
        owner -> Nullable<Text>,
        size -> Nullable<BigInt>,
        virtual_size -> Nullable<BigInt>,
        checksum -> Nullable<Text>,
        os_hash_algo -> Nullable<Text>,
        os_hash_value -> Nullable<Text>,
        disk_format -> Nullable<Text>,
        container_format -> Nullable<Text>,
        min_disk -> Integer,
        min_ram -> Integer,
        protected -> Bool,
        os_hidden -> Bool,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        deleted_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    image_properties (id) {
        id -> Integer,
        image_id -> Integer,
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    image_tags (id) {
        id -> Integer,
        image_id -> Integer,
        value -> Text,
    }
}

diesel::table! {
    image_locations (id) {
        id -> Integer,
        image_id -> Integer,
        position -> Integer,
        value -> Text,
    }
}

diesel::table! {
    image_members (id) {
        id -> Integer,
        image_id -> Integer,
        member -> Text,
        status -> Text,
    }
}

//! Diesel's tables of the tracker.

diesel::table! {
    teams (name) {
        name -> Text,
        motto -> Nullable<Text>,
    }
}

diesel::table! {
    members (id) {
        id -> Integer,
        name -> Text,
        rank -> Nullable<Integer>,
        team_name -> Nullable<Text>,
        manager_id -> Nullable<Integer>,
    }
}

diesel::table! {
    tasks (id) {
        id -> Binary,
        title -> Text,
        heat -> Integer,
        score -> Nullable<Double>,
        state -> Text,
        owner_id -> Integer,
        assignee_id -> Nullable<Integer>,
    }
}

diesel::table! {
    notes (id) {
        id -> BigInt,
        task_id -> Nullable<Binary>,
        author_id -> Integer,
        body -> Text,
        pinned -> Bool,
    }
}

diesel::table! {
    watches (task_id, member_id) {
        task_id -> Binary,
        member_id -> Integer,
    }
}

diesel::table! {
    votes (id) {
        id -> Integer,
        task_id -> Nullable<Binary>,
        member_id -> Nullable<Integer>,
    }
}

diesel::table! {
    pings (id) {
        id -> SmallInt,
        task_id -> Binary,
        member_id -> Nullable<Integer>,
    }
}

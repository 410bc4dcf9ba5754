#[derive(Clone, persist::Entity)]
#[entity(table = "bugs")]
struct Bug {
    #[entity(key)]
    id: i32,
    heat: i32,
}

fn main() {
    let changes = persist::Changes::<Bug>::new().set(bug::heat, 0);
    let _ = changes.as_changeset::<diesel::sqlite::Sqlite>();
}

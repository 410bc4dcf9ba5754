#[derive(persist::Entity)]
#[entity(table = 7)]
struct Bug {
    #[entity(key)]
    id: i32,
}

fn main() {}

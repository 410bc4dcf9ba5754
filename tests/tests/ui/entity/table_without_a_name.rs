#[derive(persist::Entity)]
#[entity(table = "")]
struct Bug {
    #[entity(key)]
    id: i32,
}

fn main() {}

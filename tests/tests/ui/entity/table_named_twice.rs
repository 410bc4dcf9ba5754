#[derive(persist::Entity)]
#[entity(table = "bugs", name = "Bug")]
struct Bug {
    #[entity(key)]
    id: i32,
}

fn main() {}

#[derive(persist::Entity)]
#[entity(table = "launchpad.bugs")]
struct Bug {
    #[entity(key)]
    id: i32,
}

fn main() {}

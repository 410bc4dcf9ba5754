use persist::{Embedded, Entity, Raw, Scalar, Unfit, Value};

#[derive(Clone)]
struct Percent(u8);

impl Scalar for Percent {
    fn read(raw: Raw<'_>) -> Result<Self, Unfit> {
        Ok(Self(raw.integer()? as u8))
    }
    fn to_value(&self) -> Value {
        Value::Int(self.0.into())
    }
}

#[derive(Embedded)]
struct Progress {
    done: Percent,
    note: String,
}

#[derive(Entity)]
#[entity(table = "bugs")]
struct Bug {
    #[entity(key)]
    id: i32,
    #[entity(embed(done = progress, note = progress_note))]
    progress: Progress,
}

fn main() {}

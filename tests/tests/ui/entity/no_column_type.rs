use persist::{Raw, Scalar, Unfit, Value};

struct Heat(i32);

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

#[derive(persist::Entity)]
#[entity(table = "bugs")]
struct Bug {
    #[entity(key)]
    id: i32,
    // No scalar.
    heat: Heat,
    // No scalar, and it may be NULL.
    least: Option<Heat>,
    // A scalar that does not say what column it is.
    done: Percent,
    // A type that columns do not have.
    wide: u64,
}

fn main() {}

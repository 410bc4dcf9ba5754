//! The types of uuid, rust_decimal and serde_json as scalars.

#[cfg(feature = "uuid")]
mod uuid {
    use crate::entity::scalar::scalar;
    use crate::entity::value::Value;
    use diesel::sql_types as st;

    scalar!(uuid::Uuid: st::Binary => Uuid;
        read |raw| raw.uuid().map(uuid::Uuid::from_bytes);
        write |v| Value::Uuid(v.into_bytes()));

    #[cfg(feature = "postgres")]
    #[diagnostic::do_not_recommend]
    impl crate::entity::StoredAs<st::Uuid> for uuid::Uuid {
        const TYPE: crate::entity::ColumnType = crate::entity::ColumnType::Uuid;
    }
}

#[cfg(feature = "decimal")]
mod decimal {
    use crate::entity::decimal::Decimal;
    use crate::entity::raw::Unfit;
    use crate::entity::scalar::scalar;
    use crate::entity::value::Value;
    use diesel::sql_types as st;

    fn narrow(exact: Decimal) -> Result<rust_decimal::Decimal, Unfit> {
        rust_decimal::Decimal::try_from_i128_with_scale(exact.units(), exact.scale())
            .map_err(|_| Unfit::value("a decimal number of at most 28 digits", exact))
    }

    scalar!(rust_decimal::Decimal: st::Numeric => Decimal;
        read |raw| narrow(raw.decimal()?);
        write |v| Value::Decimal(Decimal::new(v.mantissa(), v.scale())));
}

#[cfg(feature = "json")]
mod json {
    use crate::entity::raw::Unfit;
    use crate::entity::scalar::scalar;
    use crate::entity::value::Value;
    use diesel::sql_types as st;

    scalar!(serde_json::Value: st::Jsonb => Jsonb, st::Json => Json;
        read |raw| {
            let text = raw.json()?;
            serde_json::from_str(&text).map_err(|_| Unfit::text("a JSON document", &text))
        };
        write |v| Value::Json(v.to_string()));
}

//! Generated code in a crate that allows nothing and hides every name that it can.
#![deny(
    warnings,
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    unused_qualifications,
    unused_results,
    non_camel_case_types,
    non_upper_case_globals,
    single_use_lifetimes,
    trivial_casts,
    unused_lifetimes,
    elided_lifetimes_in_paths,
    let_underscore_drop,
    variant_size_differences,
    clippy::all,
    clippy::pedantic
)]
#![allow(dead_code, clippy::wildcard_imports, reason = "what is derived is looked at, not run")]

/// Tables.
mod tables {
    #![allow(missing_docs, unreachable_pub, unused_qualifications, clippy::pedantic, reason = "made by `table!`")]
    diesel::table! {
        r#loop (r#type) {
            r#type -> Integer,
            r#fn -> Nullable<Text>,
            state -> Text,
            r#mod -> Integer,
            r#use -> Nullable<Integer>,
            r#where -> Nullable<Integer>,
        }
    }
    diesel::table! {
        child (id) {
            id -> Integer,
            loop_type -> Integer,
        }
    }
    diesel::allow_tables_to_appear_in_same_query!(r#loop, child);
}

mod hidden {
    use super::tables;

    macro_rules! hide {
        ($($name:ident)*) => {$(#[derive(Debug)] struct $name;)*};
    }
    hide!(Option Result Vec String Ok Err Some None Default Clone Iterator From Into Send Sync Box Column Relation Group);
    type Text = ::std::string::String;

    #[derive(Debug, ::core::clone::Clone, ::persist::Scalar)]
    enum State {
        Ok,
        Err,
        #[scalar(rename = "none")]
        r#Self_,
    }

    #[derive(Debug, ::core::clone::Clone, ::persist::Scalar)]
    #[scalar(integer)]
    enum Number {
        Zero,
        Five = 5,
        Six,
    }

    #[derive(Debug, ::core::clone::Clone, ::persist::Scalar)]
    struct Id {
        r#type: i32,
    }

    #[derive(Debug, ::persist::Entity)]
    #[entity(table = tables::r#loop, columns = r#loop, has_many(children: Child, by = r#loop))]
    struct Loop {
        #[entity(key)]
        r#type: Id,
        r#fn: ::core::option::Option<Text>,
        state: State,
        #[entity(embed(r#mod = r#mod, r#impl: ::core::option::Option<Inner>(r#where = r#where), r#use = r#use))]
        r#enum: Outer,
    }

    #[derive(Debug, ::core::clone::Clone, ::persist::Embedded)]
    struct Outer {
        r#mod: Id,
        r#use: ::core::option::Option<i32>,
        #[embedded(embed)]
        r#impl: ::core::option::Option<Inner>,
    }

    #[derive(Debug, ::core::clone::Clone, ::persist::Embedded)]
    #[embedded(columns = r#trait)]
    struct Inner {
        r#where: i32,
    }

    #[derive(Debug, ::persist::View)]
    #[view(common(r#type: Id), group = E, columns = N, budget = 5)]
    enum Kinds {
        Some(::std::sync::Arc<LoopView>),
        #[view(common(r#type = loop_type))]
        None(::std::sync::Arc<Child>),
    }

    #[derive(Debug, ::persist::Entity)]
    #[entity(table = tables::child)]
    pub(super) struct Child {
        #[entity(key)]
        id: i32,
        #[entity(belongs_to(r#loop: Loop))]
        loop_type: Id,
    }

    #[derive(Debug, ::persist::View)]
    #[view(of = Loop, budget = 2)]
    struct LoopView {
        #[view(from = r#fn)]
        r#match: ::core::option::Option<Text>,
        children: ::std::vec::Vec<Child>,
        r#enum: Outer,
        #[view(from = r#enum.r#impl.r#where)]
        r#where: ::core::option::Option<i32>,
        #[view(compute = children.len())]
        r#struct: usize,
    }

    #[allow(clippy::trivially_copy_pass_by_ref, clippy::unnecessary_wraps, reason = "what a loader takes and gives")]
    fn r#move(_: &(), keys: &[i32]) -> ::core::result::Result<::std::collections::BTreeMap<i32, bool>, Text> {
        ::core::result::Result::Ok(::core::iter::Iterator::collect(::core::iter::Iterator::map(keys.iter(), |k| {
            (*k, true)
        })))
    }

    #[derive(Debug, ::persist::View)]
    #[view(of = Child)]
    struct ChildView {
        #[view(with = r#move)]
        r#dyn: bool,
        #[view(with = self::r#move)]
        r#loop: ::core::option::Option<bool>,
    }
}

/// Everything inside a function.
#[test]
fn in_a_function() {
    use persist::prelude::*;

    #[derive(Debug, Clone, Entity)]
    #[entity(table = tables::r#loop)]
    struct Loop {
        #[entity(key)]
        r#type: i32,
    }

    #[derive(Debug, View)]
    #[view(of = Loop)]
    struct LoopView {
        r#type: i32,
    }

    let r#loop = Loops::all().filter(r#loop::r#type.eq(1));
    let _view = r#loop.view::<LoopView>();
    assert_eq!(r#loop.to_string(), "loop where type = 1");
    assert_eq!(LoopView::STATEMENTS, 1);
}

/// The runtime under another path.
mod elsewhere {
    /// A path.
    pub(super) mod vendored {
        pub(crate) use persist as store;
    }

    #[derive(Debug, vendored::store::Entity)]
    #[entity(table = super::tables::child, crate = vendored::store)]
    struct Child {
        #[entity(key)]
        id: i32,
    }

    #[derive(Debug, vendored::store::View)]
    #[view(of = Child, crate = vendored::store)]
    struct ChildView {
        id: i32,
    }

    #[derive(Debug, Clone, vendored::store::Scalar)]
    #[scalar(crate = vendored::store)]
    struct Id(i32);

    #[derive(Debug, Clone, vendored::store::Embedded)]
    #[embedded(crate = vendored::store)]
    struct Part {
        id: i32,
    }

    #[derive(Debug, vendored::store::View)]
    #[view(crate = vendored::store)]
    enum Kinds {
        Child(std::sync::Arc<ChildView>),
    }
}

/// Structs made by a macro.
mod made {
    use persist::prelude::*;

    macro_rules! make {
        ($name:ident, $view:ident, $table:path, $field:ident: $ty:ty) => {
            #[derive(Debug, Clone, Entity)]
            #[entity(table = $table)]
            struct $name {
                #[entity(key)]
                $field: $ty,
                loop_type: i32,
            }

            #[derive(Debug, View)]
            #[view(of = $name)]
            struct $view {
                $field: $ty,
                #[view(from = $field)]
                other: $ty,
                #[view(compute = other + $field)]
                sum: $ty,
            }
        };
    }
    make!(Child, ChildView, super::tables::child, id: i32);
}

//! The list of all cases, written once.

use super::trial::Trial;
use crate::store::Capability;

/// Calls a macro with all rooms and their cases. A case `needs` what a store may lack.
#[doc(hidden)]
#[macro_export]
macro_rules! __conformance_cases {
    ($then:path) => {
        $then! {
            values {
                booleans,
                integers,
                floats,
                infinite_floats needs Infinity,
                nan needs Nan,
                texts,
                texts_with_nul needs Nul,
                byte_strings,
                days,
                times,
                moments,
                moments_with_a_zone,
                uuids,
                decimals,
                decimals_of_many_digits,
                documents,
                newtypes_and_enums,
                what_cannot_be_kept,
            }
            predicates {
                comparisons,
                nulls,
                lists,
                text,
                text_without_case,
                columns,
                calendar,
                through_relations,
                through_composite_keys,
                into_groups,
            }
            orders {
                keys_by_default,
                ties,
                nulls,
                text,
                several_columns,
                related_rows,
                counts,
            }
            cuts {
                limit_and_offset,
                filters_above_and_below,
                relations_of_cut_groups,
                limit_for_each_value,
            }
            algebra {
                union,
                union_of_relations,
                intersection,
                difference,
                of_cut_groups,
                keys_in_hand,
            }
            relations {
                belongs_to,
                dangling_references,
                has_many,
                first_of_each_parent,
                has_one,
                many_to_many,
                links_with_their_rows,
                of_itself,
                composite_keys,
                conditions,
                maps,
                pages,
                strategies,
                more_parents_than_keys,
            }
        }
    };
}

/// One thing that every store must do.
#[derive(Clone, Copy)]
pub struct Case {
    /// Where it belongs: "orders".
    pub room: &'static str,
    /// What it is about: "nulls".
    pub name: &'static str,
    /// What a store must be able to for it.
    pub needs: &'static [Capability],
    pub(super) run: fn(&Trial<'_>),
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}::{}", self.room, self.name)
    }
}

impl PartialEq for Case {
    fn eq(&self, other: &Self) -> bool {
        (self.room, self.name) == (other.room, other.name)
    }
}

impl Eq for Case {}

macro_rules! register {
    ($($room:ident { $($case:ident $(needs $($capability:ident)+)?),* $(,)? })*) => {
        /// Each case as a constant, in a module for its room: what exceptions name.
        #[allow(missing_docs, non_upper_case_globals)]
        pub mod cases {$(
            pub mod $room {$(
                pub const $case: $crate::testkit::conformance::Case = $crate::testkit::conformance::Case {
                    room: stringify!($room),
                    name: stringify!($case),
                    needs: &[$($($crate::store::Capability::$capability),+)?],
                    run: $crate::testkit::conformance::rooms::$room::$case,
                };
            )*}
        )*}

        impl Case {
            /// Every case, room by room.
            pub const ALL: &'static [Self] = &[$($(cases::$room::$case),*),*];
        }
    };
}

crate::__conformance_cases! { register }

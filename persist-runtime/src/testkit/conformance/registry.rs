//! The list of all cases, written once.

use super::trial::Trial;
use crate::store::Capability;

/// Calls a macro with all rooms and their cases. A case `needs` what a store may lack.
#[doc(hidden)]
#[macro_export]
macro_rules! __conformance_cases {
    ($then:path) => {
        $then! {
            capabilities {
                as_declared,
                transactions,
                snapshots,
                generated_keys,
            }
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
            trees {
                to_a_depth,
                whole,
                reach,
                cycles,
            }
            figures {
                counts,
                of_groups,
                of_parts,
                of_relations,
                exact_sums,
                different_values,
            }
            pages {
                of_columns,
                of_nulls,
                of_groups,
                while_rows_come_and_go,
                streams,
                streams_see_one_state needs Snapshots,
            }
            mixed {
                ordered,
                filtered,
                narrowed,
            }
            scopes {
                groups,
                relations,
                required_references,
                conditions_and_orders,
                writes_of_groups,
            }
            inserts {
                one_and_many,
                duplicate_keys,
                duplicate_values,
                generated_keys needs GeneratedKeys,
                foreign_keys needs ForeignKeys,
            }
            edits {
                different_columns,
                unchanged_columns,
                nulls,
                guards,
                observed_columns,
                gone,
                sums,
                counters,
                revisions needs Transactions,
                of_groups needs Transactions,
                of_groups_all_or_none needs Transactions,
                many_at_once needs Transactions,
                outcomes_of_each needs Transactions,
                patches,
                transitions,
                columns_that_belong_together,
            }
            transactions {
                committed needs Transactions,
                rolled_back needs Transactions,
                nested needs Transactions,
                after_a_refusal needs Transactions,
                retried needs Transactions,
                after_a_panic needs Transactions,
                snapshots needs Snapshots,
            }
            works {
                new_rows needs Transactions GeneratedKeys,
                a_value_that_becomes_free needs Transactions GeneratedKeys,
                dependents needs Transactions GeneratedKeys,
                dependents_of_groups needs Transactions GeneratedKeys,
                all_or_nothing needs Transactions GeneratedKeys,
                many_rows needs Transactions GeneratedKeys,
            }
            collections {
                inserted needs Transactions GeneratedKeys,
                put_changed_and_taken_out needs Transactions GeneratedKeys,
                order_of_lists needs Transactions GeneratedKeys,
                different_elements needs Transactions GeneratedKeys,
                one_key_twice needs Transactions GeneratedKeys,
                marked_elements needs Transactions GeneratedKeys,
                refused_as_a_whole needs Transactions GeneratedKeys,
                deleted_with_the_row needs Transactions GeneratedKeys,
                of_many_rows needs Transactions GeneratedKeys,
            }
            documents {
                places_beside_memory,
                types_are_told_apart,
                different_places,
                changed_places,
            }
            histories {
                of_two_editors,
                of_three_editors,
            }
            hostile {
                strings,
                strings_with_nul needs Nul,
                refused_strings,
                long_lists,
                large_conditions,
            }
            chance {
                groups_and_views,
                complements,
                of_rows_in_hand,
                edits needs Transactions,
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

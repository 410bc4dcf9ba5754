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
                done_or_refused,
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
                comparisons needs Aggregates,
                nulls needs Aggregates,
                lists needs Aggregates,
                text needs Aggregates TextTests,
                text_without_case needs Aggregates TextTests,
                columns needs Aggregates,
                calendar needs Aggregates,
                through_relations needs Subqueries Aggregates,
                through_composite_keys needs Subqueries Aggregates,
                into_groups needs Subqueries Aggregates,
            }
            orders {
                keys_by_default,
                ties,
                nulls,
                text,
                several_columns,
                related_rows needs Joins,
                counts needs Subqueries,
            }
            cuts {
                limit_and_offset needs Aggregates,
                filters_above_and_below needs Subqueries Aggregates,
                relations_of_cut_groups needs Subqueries Aggregates,
                limit_for_each_value needs Subqueries LimitPerKey Aggregates,
            }
            algebra {
                union needs Aggregates,
                union_of_relations needs Subqueries Aggregates,
                intersection,
                difference needs Subqueries,
                of_cut_groups needs Subqueries Aggregates,
                keys_in_hand needs Aggregates,
            }
            relations {
                belongs_to,
                dangling_references,
                has_many needs Aggregates,
                first_of_each_parent needs LimitPerKey,
                has_one,
                many_to_many needs Joins LimitPerKey Aggregates,
                links_with_their_rows needs Joins Subqueries LimitPerKey Aggregates,
                of_itself needs Aggregates,
                composite_keys needs Aggregates,
                conditions needs Joins Subqueries LimitPerKey Aggregates,
                maps needs Joins Subqueries,
                pages needs Joins Subqueries LimitPerKey Aggregates,
                strategies needs Joins Subqueries LimitPerKey Aggregates,
                more_parents_than_keys needs Aggregates,
            }
            trees {
                to_a_depth,
                whole needs Recursion,
                reach needs Recursion Aggregates,
                cycles needs Recursion,
            }
            figures {
                counts needs Subqueries Aggregates,
                of_groups needs Aggregates,
                of_parts needs Aggregates,
                of_relations needs Joins Subqueries Aggregates,
                exact_sums needs Aggregates,
                different_values needs Aggregates,
            }
            pages {
                of_columns,
                of_nulls,
                of_groups needs Subqueries,
                while_rows_come_and_go,
                streams needs Aggregates,
                streams_see_one_state needs Snapshots Aggregates,
            }
            mixed {
                ordered needs Unions,
                filtered needs Unions Aggregates TextTests,
                narrowed needs Subqueries Unions Aggregates,
            }
            scopes {
                groups needs Subqueries Aggregates,
                relations needs Joins Subqueries LimitPerKey Aggregates,
                required_references,
                conditions_and_orders needs Subqueries,
                writes_of_groups needs GroupWrites,
            }
            inserts {
                one_and_many,
                duplicate_keys needs Aggregates,
                duplicate_values needs Aggregates,
                generated_keys needs Transactions GeneratedKeys GroupWrites Aggregates,
                foreign_keys needs ForeignKeys,
            }
            edits {
                different_columns,
                unchanged_columns needs GroupWrites,
                nulls,
                guards,
                observed_columns,
                gone,
                sums,
                counters,
                revisions needs Transactions GroupWrites Aggregates,
                of_groups needs Transactions GroupWrites Aggregates,
                of_groups_all_or_none needs Transactions GroupWrites Aggregates,
                many_at_once needs Transactions GroupWrites Aggregates,
                outcomes_of_each needs Transactions,
                patches,
                transitions,
                columns_that_belong_together,
            }
            transactions {
                committed needs Transactions,
                rolled_back needs Transactions GroupWrites,
                nested needs Transactions Savepoints,
                after_a_refusal needs Transactions Savepoints,
                retried needs Transactions,
                after_a_panic needs Transactions,
                snapshots needs Snapshots Joins LimitPerKey Aggregates,
            }
            works {
                new_rows needs Transactions GeneratedKeys,
                a_value_that_becomes_free needs Transactions GeneratedKeys,
                dependents needs Transactions GeneratedKeys GroupWrites Aggregates,
                dependents_of_groups needs Transactions GeneratedKeys GroupWrites,
                all_or_nothing needs Transactions GeneratedKeys Aggregates,
                many_rows needs Transactions GeneratedKeys,
            }
            collections {
                inserted needs Transactions GeneratedKeys,
                put_changed_and_taken_out needs Transactions GeneratedKeys Upserts GroupWrites,
                order_of_lists needs Transactions GeneratedKeys GroupWrites,
                different_elements needs Transactions GeneratedKeys Upserts GroupWrites,
                one_key_twice needs Transactions GeneratedKeys Upserts,
                marked_elements needs Transactions GeneratedKeys Upserts Aggregates,
                refused_as_a_whole needs Transactions GeneratedKeys Upserts GroupWrites,
                deleted_with_the_row needs Transactions GeneratedKeys GroupWrites Aggregates,
                of_many_rows needs Transactions GeneratedKeys Upserts,
            }
            documents {
                places_beside_memory needs Aggregates JsonPlaces,
                types_are_told_apart needs JsonPlaces,
                different_places needs JsonPlaces,
                changed_places needs JsonPlaces,
            }
            histories {
                of_two_editors,
                of_three_editors,
            }
            hostile {
                strings needs Subqueries LimitPerKey Aggregates TextTests,
                strings_with_nul needs Subqueries LimitPerKey Aggregates TextTests Nul,
                refused_strings,
                long_lists needs Aggregates,
                large_conditions needs Aggregates,
            }
            chance {
                groups_and_views needs GroupWrites Joins Subqueries LimitPerKey Aggregates TextTests,
                complements needs GroupWrites Joins Subqueries LimitPerKey Aggregates TextTests,
                of_rows_in_hand needs GroupWrites TextTests,
                edits needs Transactions GroupWrites,
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

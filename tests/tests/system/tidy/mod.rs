//! The rules of the house that a machine can see, so that they cannot rot.

mod dependencies;
mod functions;
mod sources;

use libtest_mimic::Trial;

use crate::plain;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        plain("tidy::dependencies_point_one_way", dependencies::point_one_way),
        plain("tidy::versions_stand_in_one_place", dependencies::versions_stand_in_one_place),
        plain("tidy::domains_are_pure", sources::domains_are_pure),
        plain("tidy::files_and_functions_are_short", sources::files_and_functions_are_short),
        plain("tidy::no_test_file_is_forgotten", sources::no_test_file_is_forgotten),
        plain("tidy::every_function_is_complete", functions::every_function_is_complete),
        plain("tidy::a_main_only_wires", functions::a_main_only_wires),
    ]
}

use std::collections::BTreeSet;
use std::time::Duration;

use super::ALL;
use super::effect::Effect;
use super::kind::Trouble;
use crate::data::lane::Lane;
use crate::data::workspace::Workspace;
use crate::stack::template::Template;

/// The longest trouble: a command counts as unknown after two and a half minutes, and its undo takes a moment.
const LONGEST: Duration = Duration::from_secs(180);

fn functions(trouble: &Trouble) -> Vec<&'static str> {
    match trouble.effect {
        Effect::Nothing | Effect::SendsTwice { .. } => Vec::new(),
        Effect::LosesReplies(functions) => functions.to_vec(),
        Effect::Stops(function) | Effect::Kills { function, .. } | Effect::Refuses { function, .. } => vec![function],
    }
}

#[test]
fn every_function_that_meets_trouble_is_in_the_template_in_either_lane() {
    for lane in Lane::ALL {
        let template = Template::read(&Workspace::here().template()).unwrap().in_lane(lane);
        let there: BTreeSet<String> = template.functions().unwrap().into_iter().map(|it| it.logical_id).collect();
        for function in ALL.iter().flat_map(functions) {
            assert!(there.contains(function), "{function} in the lane {lane}");
        }
    }
}

#[test]
fn every_trouble_says_what_it_shows_and_has_an_end() {
    let ids: BTreeSet<_> = ALL.iter().map(|trouble| trouble.id).collect();
    assert_eq!(ids.len(), ALL.len());
    for trouble in &ALL {
        let is_name = trouble.id.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-');
        assert!(is_name && !trouble.title.ends_with('.') && !trouble.title.is_empty(), "{trouble:?}");
        assert!([trouble.shows, trouble.look_for].iter().all(|text| text.ends_with('.')), "{trouble:?}");
        let is_order = matches!(trouble.effect, Effect::Nothing);
        assert!(trouble.lasts <= LONGEST && trouble.lasts.is_zero() == is_order, "{trouble:?}");
    }
}

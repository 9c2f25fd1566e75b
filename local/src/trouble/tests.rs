use std::collections::BTreeSet;
use std::time::Duration;

use super::ALL;
use super::effect::Effect;
use super::kind::{Promise, Trouble};
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
        let is_coded = |word: &str| {
            word.chars().zip(word.chars().skip(1)).any(|(one, next)| one.is_lowercase() && next.is_uppercase())
        };
        assert!(!trouble.look_for.split_whitespace().any(is_coded), "the order's page has other words: {trouble:?}");
        let is_order = matches!(trouble.effect, Effect::Nothing);
        assert!(trouble.lasts <= LONGEST && trouble.lasts.is_zero() == is_order, "{trouble:?}");
    }
}

#[test]
fn troubles_stand_under_the_words_of_the_engines_readme() {
    let readme = std::fs::read_to_string(Workspace::here().root().join("shared/engine/README.md")).unwrap();
    let (_, promises) = readme.split_once("## What it promises").unwrap();
    let (promises, _) = promises.split_once("\n## ").unwrap();
    for trouble in &ALL {
        let words = format!("* **{}", trouble.promise.words());
        assert!(promises.contains(&words), "no promise there begins with {words:?}");
    }
}

#[test]
fn a_promises_troubles_stand_together_and_those_that_take_longest_come_last() {
    let mut seen: Vec<Promise> = Vec::new();
    for pair in ALL.windows(2) {
        let [before, after] = pair else { unreachable!("two at a time") };
        if before.promise == after.promise {
            assert!(before.takes <= after.takes, "{} takes longer than {}", before.id, after.id);
        } else {
            seen.push(before.promise);
            assert!(!seen.contains(&after.promise), "{} stands apart from the others of its promise", after.id);
        }
    }
    let longest = ALL.iter().map(|trouble| trouble.takes).max();
    assert_eq!(ALL.last().map(|trouble| trouble.takes), longest);
}

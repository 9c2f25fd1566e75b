//! What a registry says of its versions.

use std::time::Duration;

use messaging::Failure;
use orchestration::{Registry, fingerprint};
use saga::Refusal;
use saga::{Class, CommandOf, CommandSpec, Definition, StepSpec, saga};
use testkit::sagas;
use testkit::shop::v1::{CancelSale, SalePlaced};
use testkit::till::v1::RefundCard;
use testkit::warehouse::v1::HandOverGoods;
use wire::Payload;

#[test]
fn an_event_starts_a_saga_whatever_versions_it_has() {
    for registry in [sagas::only_version_1(), sagas::both_versions()] {
        assert_eq!(registry.starting_events().collect::<Vec<_>>(), ["shop.v1.SalePlaced"]);
    }
    assert_eq!(Registry::default().starting_events().next(), None);
}

/// Instances and executions carry it, and `published.lock` holds it: it must stay what it is from release to release.
#[test]
fn a_fingerprint_stays_the_same_for_ever() {
    let first = sagas::version_1();
    assert_eq!(fingerprint(first.definition()).to_string(), "e02c9992-dcd0-50c4-a39d-ba12bc12a0f6");
}

#[test]
fn a_fingerprint_changes_with_every_part_of_a_definition() {
    type Change = fn(&mut Definition);
    let changes: [Change; 12] = [
        |definition| definition.name = "place-sales",
        |definition| definition.version = 2,
        |definition| definition.undo = CommandSpec { handler: "reject", ..definition.undo },
        |definition| definition.undo = CommandSpec { participant: "till", ..definition.undo },
        |definition| definition.patience.first = Duration::from_millis(10_001),
        |definition| definition.patience.longest = Duration::from_secs(899),
        |definition| definition.patience.repeats = 4,
        |definition| definition.steps.swap(2, 3),
        |definition| definition.steps[1].class = Class::Compensatable,
        |definition| definition.steps[0].undo = None,
        |definition| definition.steps[3].command.handler = "pack",
        |definition| definition.steps.push(StepSpec { undo: None, ..definition.steps[3].clone() }),
    ];
    let mut seen = vec![fingerprint(sagas::version_1().definition())];
    for (number, change) in changes.into_iter().enumerate() {
        let mut definition = sagas::version_1().definition().clone();
        change(&mut definition);
        assert!(!seen.contains(&fingerprint(&definition)), "change {number}: {definition:?}");
        seen.push(fingerprint(&definition));
    }
}

#[test]
fn each_version_has_a_state_machine_of_its_own() {
    let names: Vec<String> = sagas::both_versions().definitions().map(Definition::machine_name).collect();
    assert_eq!(names, ["place-sale-v1", "place-sale-v2"]);
}

fn worded(registry: &Registry, definition: &Definition) -> Result<Vec<(&'static str, String, bool)>, Failure> {
    let wordings = registry.wordings(definition)?;
    Ok(wordings.into_iter().map(|(handler, wording)| (handler, wording.message, wording.tells_why)).collect())
}

#[test]
fn each_version_is_asked_for_its_own_commands() {
    let both = sagas::both_versions();
    let word = |handler, message: &str, tells_why| (handler, message.to_owned(), tells_why);
    let first = [
        word("cancel-sale", "shop.v1.CancelSale", true),
        word("charge-card", "till.v1.ChargeCard", false),
        word("complete-sale", "shop.v1.CompleteSale", false),
        word("pack-goods", "warehouse.v1.PackGoods", false),
        word("refund-card", "till.v1.RefundCard", false),
        word("release-goods", "warehouse.v1.ReleaseGoods", false),
        word("reserve-goods", "warehouse.v1.ReserveGoods", false),
    ];
    assert_eq!(worded(&both, sagas::version_1().definition()), Ok(first.to_vec()));
    let second = [
        word("cancel-sale", "shop.v1.CancelSale", true),
        word("charge-card", "till.v1.ChargeCard", false),
        word("complete-sale", "shop.v1.CompleteSale", false),
        word("confirm-return", "shop.v1.ConfirmReturn", false),
        word("hand-over-goods", "warehouse.v1.HandOverGoods", false),
        word("pack-goods", "warehouse.v1.PackGoods", false),
        word("refund-card", "till.v1.RefundCard", false),
    ];
    assert_eq!(worded(&both, sagas::version_2().definition()), Ok(second.to_vec()));
    let unknown = worded(&sagas::only_version_1(), sagas::version_2().definition());
    assert_eq!(unknown, Err(Failure::set_aside("no saga place-sale of version 2 is known")));
}

#[test]
fn a_command_that_its_saga_does_not_word_is_set_aside() {
    let mut edited = sagas::version_1().definition().clone();
    edited.steps[0].command.handler = "hand-over-goods";
    let failure = worded(&sagas::both_versions(), &edited);
    assert_eq!(failure, Err(Failure::set_aside("the saga has no command hand-over-goods")));
}

/// The data of a saga that tells why it goes back in the wrong words.
struct Swapped;

impl From<SalePlaced> for Swapped {
    fn from(_: SalePlaced) -> Self {
        Self
    }
}

impl CommandOf<Swapped> for CancelSale {
    /// The message where the reason belongs: a state machine would put the reason there.
    const WHY: Option<fn(Self, &Refusal) -> Self> =
        Some(|command, because| Self { reason: because.message.clone(), ..command });

    fn of(_: &Swapped) -> Self {
        Self::default()
    }
}

macro_rules! worded {
    ($($command:ty),*) => {
        $(impl CommandOf<Swapped> for $command {
            fn of(_: &Swapped) -> Self {
                Self::default()
            }
        })*
    };
}

worded!(HandOverGoods, RefundCard);

#[test]
fn a_reason_that_says_something_else_is_an_error() {
    let steps = saga::<Swapped, Payload>("swapped", 1).undone_by::<CancelSale>().pivot::<HandOverGoods>();
    let swapped = steps.retriable::<RefundCard>().build();
    let definition = swapped.definition().clone();
    let registry = Registry::default().with::<SalePlaced, Swapped>(swapped);
    let expected = "cancel-sale words reason in a way that a state machine cannot: \"message\"";
    assert_eq!(worded(&registry, &definition), Err(Failure::set_aside(expected)));
}

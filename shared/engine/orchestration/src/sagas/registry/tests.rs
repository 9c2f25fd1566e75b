use saga::{Class, CommandOf, saga};
use testkit::shop::v1::{CancelSale, ReturnRequested, SaleCompleted, SalePlaced};
use testkit::till::v1::RefundCard;
use testkit::warehouse::v1::{PackGoods, ReleaseGoods, ReserveGoods};

use super::*;

struct Plain;
struct Told;
struct Misnamed;

impl From<SalePlaced> for Plain {
    fn from(_: SalePlaced) -> Self {
        Self
    }
}

impl From<ReturnRequested> for Plain {
    fn from(_: ReturnRequested) -> Self {
        Self
    }
}

impl From<SalePlaced> for Told {
    fn from(_: SalePlaced) -> Self {
        Self
    }
}

impl From<SalePlaced> for Misnamed {
    fn from(_: SalePlaced) -> Self {
        Self
    }
}

impl CommandOf<Plain> for CancelSale {
    const WHY: Option<fn(Self, &Refusal) -> Self> =
        Some(|command, because| Self { reason: because.reason.clone(), ..command });

    fn of(_: &Plain) -> Self {
        Self::default()
    }
}

impl CommandOf<Misnamed> for CancelSale {
    const WHY: Option<fn(Self, &Refusal) -> Self> =
        Some(|command, because| Self { sale_id: because.reason.clone(), ..command });

    fn of(_: &Misnamed) -> Self {
        Self::default()
    }
}

/// Tells the reason's wording in the place of the reason.
impl CommandOf<Told> for testkit::shop::v1::RejectReturn {
    const WHY: Option<fn(Self, &Refusal) -> Self> =
        Some(|command, because| Self { reason: because.message.clone(), ..command });

    fn of(_: &Told) -> Self {
        Self::default()
    }
}

macro_rules! worded {
    ($($data:ty: $command:ty),*) => {
        $(impl CommandOf<$data> for $command {
            fn of(_: &$data) -> Self {
                Self::default()
            }
        })*
    };
}

worded!(Plain: PackGoods, Plain: RefundCard, Plain: ReserveGoods, Plain: ReleaseGoods, Told: PackGoods, Misnamed: PackGoods, Misnamed: RefundCard);

fn wordings(registry: &Registry) -> Result<BTreeMap<&'static str, Wording>, Failure> {
    registry.wordings(registry.definitions().next().expect("a definition"))
}

/// Says that it tells why, and does not.
impl CommandOf<Told> for CancelSale {
    const WHY: Option<fn(Self, &Refusal) -> Self> = Some(|command, _| command);

    fn of(_: &Told) -> Self {
        Self::default()
    }
}

/// Has no field that a state machine could put the refusal into.
impl CommandOf<Told> for RefundCard {
    const WHY: Option<fn(Self, &Refusal) -> Self> = Some(|command, _| command);

    fn of(_: &Told) -> Self {
        Self::default()
    }
}

#[test]
fn a_command_says_whether_it_tells_why() {
    let steps = saga::<Plain, Payload>("test", 1).undone_by::<CancelSale>().pivot::<PackGoods>();
    let registry = Registry::default().with::<SalePlaced, Plain>(steps.retriable::<RefundCard>().build());
    let found = wordings(&registry).expect("wordings");
    let wording = |message: &str, tells_why| Wording { message: message.to_owned(), tells_why };
    let expected = BTreeMap::from([
        ("pack-goods", wording("warehouse.v1.PackGoods", false)),
        ("refund-card", wording("till.v1.RefundCard", false)),
        ("cancel-sale", wording("shop.v1.CancelSale", true)),
    ]);
    assert_eq!(found, expected);
}

#[test]
fn a_refusal_in_a_field_of_another_name_is_an_error() {
    let steps = saga::<Misnamed, Payload>("test", 1).undone_by::<CancelSale>().pivot::<PackGoods>();
    let registry = Registry::default().with::<SalePlaced, Misnamed>(steps.retriable::<RefundCard>().build());
    let Err(Failure::SetAside(reason)) = wordings(&registry) else { panic!("no error") };
    assert_eq!(&reason, "cancel-sale words saleId in a way that a state machine cannot: \"reason\"");
}

#[test]
fn a_field_of_the_right_name_that_says_something_else_is_an_error() {
    let undo = saga::<Told, Payload>("test", 1).undone_by::<testkit::shop::v1::RejectReturn>();
    let registry = Registry::default().with::<SalePlaced, Told>(undo.pivot::<PackGoods>().build());
    let Err(Failure::SetAside(reason)) = wordings(&registry) else { panic!("no error") };
    assert_eq!(&reason, "reject-return words reason in a way that a state machine cannot: \"message\"");
}

/// Otherwise the reason would be told in one lane only.
#[test]
fn a_command_that_leaves_the_reason_out_where_a_state_machine_puts_it_is_an_error() {
    let undo = saga::<Told, Payload>("test", 1).undone_by::<CancelSale>();
    let registry = Registry::default().with::<SalePlaced, Told>(undo.pivot::<PackGoods>().build());
    let Err(Failure::SetAside(reason)) = wordings(&registry) else { panic!("no error") };
    assert_eq!(&reason, "cancel-sale has a WHY that changes nothing: a state machine would tell why");
}

fn plain(name: &'static str, version: u32) -> Saga<Plain, Payload> {
    let steps = saga::<Plain, Payload>(name, version).undone_by::<CancelSale>();
    steps.compensatable::<ReserveGoods, ReleaseGoods>().pivot::<PackGoods>().retriable::<RefundCard>().build()
}

/// Two sagas, the one in three versions that were not added in order.
fn two_sagas() -> Registry {
    Registry::default()
        .with::<SalePlaced, Plain>(plain("create", 1))
        .with::<SalePlaced, Plain>(plain("create", 3))
        .with::<SalePlaced, Plain>(plain("create", 2))
        .with::<ReturnRequested, Plain>(plain("cancel", 1))
}

fn names<'a>(definitions: impl Iterator<Item = &'a Definition>) -> Vec<(&'static str, u32)> {
    definitions.map(|definition| (definition.name, definition.version)).collect()
}

#[test]
fn new_instances_run_the_version_that_was_added_last() {
    let registry = two_sagas();
    let started = |event: &Payload| names(registry.started_by(event).map(|saga| saga.definition()).into_iter());
    assert_eq!(started(&SalePlaced::default().into()), [("create", 2)]);
    assert_eq!(started(&ReturnRequested::default().into()), [("cancel", 1)]);
    assert_eq!(started(&SaleCompleted::default().into()), []);
    assert_eq!(names(registry.definitions()), [("cancel", 1), ("create", 1), ("create", 2), ("create", 3)]);
}

#[test]
fn the_handlers_are_those_of_all_sagas() {
    let undo = saga::<Told, Payload>("told", 1).undone_by::<testkit::shop::v1::RejectReturn>();
    let registry = two_sagas().with::<SalePlaced, Told>(undo.pivot::<PackGoods>().build());
    let expected = ["pack-goods", "refund-card", "reserve-goods", "reject-return", "cancel-sale", "release-goods"];
    assert_eq!(registry.handlers(), BTreeSet::from(expected));
}

#[test]
fn the_other_versions_of_a_saga_are_neither_the_newest_nor_another_saga() {
    let registry = two_sagas();
    let others = |event: Payload| names(registry.other_versions(&event));
    assert_eq!(others(SalePlaced::default().into()), [("create", 1), ("create", 3)]);
    assert_eq!(others(ReturnRequested::default().into()), []);
    assert_eq!(others(SaleCompleted::default().into()), []);
}

#[test]
fn only_steps_up_to_the_pivot_may_be_refused_in_whatever_saga_they_are() {
    let registry = two_sagas();
    let may: Vec<_> = registry.handlers().into_iter().map(|name| (name, registry.may_be_refused(name))).collect();
    let expected = [
        ("cancel-sale", false),
        ("pack-goods", true),
        ("refund-card", false),
        ("release-goods", false),
        ("reserve-goods", true),
    ];
    assert_eq!(may, expected);
    assert!(!registry.may_be_refused("nobody") && !Registry::default().may_be_refused("reserve-goods"));
    // A step that one saga can only repeat is the go/no-go of another.
    let pivot = saga::<Plain, Payload>("other", 1).undone_by::<CancelSale>().pivot::<RefundCard>().build();
    assert!(two_sagas().with::<SalePlaced, Plain>(pivot).may_be_refused("refund-card"));
}

#[test]
fn what_is_not_known_is_set_aside_with_its_name() {
    let registry = two_sagas();
    assert_eq!(registry.find("create", 3).map(|saga| names([saga.definition()].into_iter())), Ok(vec![("create", 3)]));
    for (name, version) in [("create", 4), ("cancel", 2), ("other", 1)] {
        let reason = format!("no saga {name} of version {version} is known");
        assert_eq!(registry.find(name, version).err(), Some(Failure::set_aside(reason)));
    }
    let saga = registry.find("create", 1).expect("a saga");
    let unknown = saga.command("nobody", &SalePlaced::default().into(), None);
    assert_eq!(unknown, Err(Failure::set_aside("the saga has no command nobody")));
    let strange = saga.command("reserve-goods", &SaleCompleted::default().into(), None);
    assert!(matches!(&strange, Err(Failure::SetAside(why)) if why.contains("shop.v1.SaleCompleted")), "{strange:?}");
}

#[test]
fn a_fingerprint_is_that_of_the_whole_definition() {
    let of = |name, version| fingerprint(plain(name, version).definition());
    assert_eq!(of("create", 1), of("create", 1));
    assert_ne!(of("create", 1), of("create", 2));
    assert_ne!(of("create", 1), of("cancel", 1));
    let changed = |change: fn(&mut Definition)| {
        let mut definition = plain("create", 1).definition().clone();
        change(&mut definition);
        fingerprint(&definition)
    };
    let changes: [fn(&mut Definition); 6] = [
        |definition| definition.undo.handler = "other",
        |definition| definition.steps[0].command.participant = "other",
        |definition| definition.steps[0].undo = None,
        |definition| definition.steps[1].class = Class::Retriable,
        |definition| definition.patience.repeats += 1,
        |definition| definition.steps.truncate(2),
    ];
    let fingerprints: BTreeSet<_> = changes.into_iter().map(changed).chain([of("create", 1)]).collect();
    assert_eq!(fingerprints.len(), 7, "each change gives another");
}

use contracts::billing::v1::CancelCard;
use contracts::kitchen::v1::ApproveTicket;
use contracts::order::v1::{OrderCreated, RejectOrder};
use saga::{CommandOf, saga};

use super::*;

struct Plain;
struct Misnamed;

impl From<OrderCreated> for Plain {
    fn from(_: OrderCreated) -> Self {
        Self
    }
}

impl From<OrderCreated> for Misnamed {
    fn from(_: OrderCreated) -> Self {
        Self
    }
}

impl CommandOf<Plain> for RejectOrder {
    fn of(_: &Plain, because: Option<&Refusal>) -> Self {
        Self { reason: because.map(|because| because.reason.clone()).unwrap_or_default(), ..Default::default() }
    }
}

impl CommandOf<Misnamed> for RejectOrder {
    fn of(_: &Misnamed, because: Option<&Refusal>) -> Self {
        Self { order_id: because.map(|because| because.reason.clone()).unwrap_or_default(), ..Default::default() }
    }
}

macro_rules! worded {
    ($($data:ty: $command:ty),*) => {
        $(impl CommandOf<$data> for $command {
            fn of(_: &$data, _: Option<&Refusal>) -> Self {
                Self::default()
            }
        })*
    };
}

worded!(Plain: ApproveTicket, Plain: CancelCard, Misnamed: ApproveTicket, Misnamed: CancelCard);

fn wordings(registry: &Registry) -> Result<BTreeMap<&'static str, Wording>, Failure> {
    registry.wordings(registry.definitions().next().expect("a definition"))
}

#[test]
fn a_command_that_tells_why_is_found_out() {
    let steps = saga::<Plain, Payload>("test", 1).undone_by::<RejectOrder>().pivot::<ApproveTicket>();
    let registry = Registry::default().with::<OrderCreated, Plain>(steps.retriable::<CancelCard>().build());
    let found = wordings(&registry).expect("wordings");
    let found: Vec<_> = found.iter().map(|(handler, wording)| (*handler, wording.tells_why)).collect();
    assert_eq!(found, [("approve-ticket", false), ("cancel-card", false), ("reject-order", true)]);
}

#[test]
fn a_refusal_in_a_field_of_another_name_is_an_error() {
    let steps = saga::<Misnamed, Payload>("test", 1).undone_by::<RejectOrder>().pivot::<ApproveTicket>();
    let registry = Registry::default().with::<OrderCreated, Misnamed>(steps.retriable::<CancelCard>().build());
    let Err(Failure::SetAside(reason)) = wordings(&registry) else { panic!("no error") };
    assert!(reason.contains("reject-order words orderId"), "{reason}");
}

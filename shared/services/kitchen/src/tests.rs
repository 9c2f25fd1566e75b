//! The steps and the staff's calls on one kitchen: what happens when messages come twice, late, or in another order.

mod shards;

use std::sync::Arc;

use contracts::kitchen::v1;
use contracts::kitchen_api::v1::{self as api, ListTicketsRequest, SetStockRequest, StartTicketRequest};
use messaging::{Envelope, Failure, Participant, Record, Step, Store as _, Write, deliver};
use rpc::{Query, RpcError};
use testkit::{MemoryDatabase, MemoryOutbound, MemoryStore, Operation, Sent};
use uuid::Uuid;
use wire::message::v1::{CommandRefused, CommandSucceeded};

use crate::StoredStock;
use crate::api::{ListTickets, SetStock, StartTicket};
use crate::domain::{ProductId, Shards, Ticket, TicketStatus};
use crate::fixture::{NOW, ORDER, call, create, envelope};
use crate::steps::{ApproveTicket, CancelTicket, CreateTicket, RejectTicket};

#[derive(Debug, Clone, Copy)]
enum Command {
    Create,
    Approve,
    Reject,
    Cancel,
}
use Command::{Approve, Cancel, Create, Reject};

struct Kitchen {
    tickets: MemoryStore,
    stock: MemoryStore,
    outbound: MemoryOutbound,
}

impl Kitchen {
    /// Five of each product are there; a ticket of [`create`] takes two pizzas and a cola.
    async fn open() -> Self {
        let database = MemoryDatabase::default();
        let tickets = database.table("tickets").with_counters("stock");
        let kitchen = Self { tickets, stock: database.table("stock"), outbound: MemoryOutbound::default() };
        for (product, number) in [("margherita", 1), ("cola", 2)] {
            let stock = StoredStock::uncounted(ProductId::parse(product).expect("a product"));
            let record = Record::of(product.to_owned(), 1, &stock).expect("a record");
            kitchen.stock.save(&Write::of(record)).await.expect("a save");
            kitchen.count(product, 5, number).await;
        }
        kitchen
    }

    async fn count(&self, product: &str, available: i32, number: u128) {
        let request = SetStockRequest { product_id: product.to_owned(), available, ..Default::default() };
        rpc::execute(&SetStock::new(Shards::ONE), &self.stock, request, &call(number)).await.expect("counted");
    }

    async fn send(&self, command: Command) -> Result<(), Failure> {
        self.send_for(ORDER, command).await
    }

    /// The message's identity derives from order and command, as a saga's does.
    async fn send_for(&self, order: Uuid, command: Command) -> Result<(), Failure> {
        let (order_id, id) = (order.to_string(), order.as_u128() * 10 + command as u128);
        match command {
            Create => self.deliver(CreateTicket::new(Shards::ONE), id, v1::CreateTicket { order_id, ..create() }).await,
            Approve => self.deliver(ApproveTicket, id, v1::ApproveTicket { order_id, ..Default::default() }).await,
            Reject => self.deliver(RejectTicket, id, v1::RejectTicket { order_id, ..Default::default() }).await,
            Cancel => self.deliver(CancelTicket, id, v1::CancelTicket { order_id, ..Default::default() }).await,
        }
    }

    async fn deliver<S: Step>(&self, step: S, id: u128, command: S::Command) -> Result<(), Failure>
    where
        <S::Command as messaging::Command>::Refusal: Into<messaging::Refusal>,
    {
        deliver(&Participant(step), &self.tickets, &self.outbound, &envelope(id, command), NOW).await
    }

    fn record(&self, order: Uuid) -> Record {
        self.tickets.peek(&order.to_string()).expect("a ticket")
    }

    fn status(&self, order: Uuid) -> TicketStatus {
        self.record(order).aggregate::<Ticket>().expect("a ticket").status()
    }

    /// How many pizzas and colas can be reserved.
    fn left(&self) -> (i64, i64) {
        let available = |product| self.stock.peek(product)?.attributes.get("available")?.as_i64();
        (available("margherita").expect("pizzas"), available("cola").expect("colas"))
    }

    /// The replies in order: empty for a success, otherwise the reason of the refusal.
    fn replies(&self) -> Vec<String> {
        let reason = |sent: &Sent| match sent.message.unpack::<CommandRefused>() {
            Ok(refused) => refused.reason,
            Err(_) => sent.message.unpack::<CommandSucceeded>().map(|_| String::new()).expect("a reply"),
        };
        self.outbound.sent().iter().map(reason).collect()
    }
}

async fn start(tickets: MemoryStore, number: u128) -> Result<(), RpcError> {
    let request = StartTicketRequest { order_id: ORDER.to_string(), ..Default::default() };
    rpc::execute(&StartTicket, &tickets, request, &call(number)).await.map(|_| ())
}

#[tokio::test]
async fn a_command_that_comes_twice_takes_stock_once_and_hears_the_same() {
    let kitchen = Kitchen::open().await;
    for _ in 0..2 {
        assert_eq!(kitchen.send(Create).await, Ok(()));
        assert_eq!((kitchen.status(ORDER), kitchen.left()), (TicketStatus::CreatePending, (3, 4)));
    }
    for _ in 0..2 {
        assert_eq!(kitchen.send(Reject).await, Ok(()));
        assert_eq!((kitchen.status(ORDER), kitchen.left()), (TicketStatus::Rejected, (5, 5)));
    }
    // The first answer is on record, although the ticket was rejected since; the saga no longer waits for it.
    assert_eq!(kitchen.send(Create).await, Ok(()));
    assert_eq!((kitchen.status(ORDER), kitchen.left()), (TicketStatus::Rejected, (5, 5)));
    assert_eq!(kitchen.replies(), [""; 5]);
}

#[tokio::test]
async fn a_write_whose_success_was_not_heard_is_not_repeated() {
    let kitchen = Kitchen::open().await;
    for (command, left) in [(Create, (3, 4)), (Reject, (5, 5))] {
        kitchen.tickets.faults().crash_after(Operation::Save, 1);
        assert!(matches!(kitchen.send(command).await, Err(Failure::Retry(_))));
        assert_eq!(kitchen.send(command).await, Ok(()));
        assert_eq!(kitchen.left(), left, "{command:?}");
    }
    assert_eq!(kitchen.replies(), ["", ""]);
}

#[tokio::test]
async fn an_undo_that_overtakes_its_command_leaves_nothing_reserved() {
    let kitchen = Kitchen::open().await;
    assert_eq!(kitchen.send(Reject).await, Ok(()));
    assert_eq!(kitchen.send(Create).await, Ok(()));
    assert_eq!((kitchen.status(ORDER), kitchen.left()), (TicketStatus::Rejected, (5, 5)));
    assert_eq!(kitchen.replies(), ["", "TICKET_REJECTED"]);
}

#[tokio::test]
async fn an_undo_that_overtakes_its_command_within_the_loop_leaves_nothing_reserved() {
    let kitchen = Kitchen::open().await;
    let (tickets, outbound) = (kitchen.tickets.clone(), kitchen.outbound.clone());
    kitchen.tickets.faults().before(Operation::Save, 1, || async move {
        let reject = v1::RejectTicket { order_id: ORDER.to_string(), ..Default::default() };
        deliver(&Participant(RejectTicket), &tickets, &outbound, &envelope(1, reject), NOW).await.expect("rejected");
    });
    assert_eq!(kitchen.send(Create).await, Ok(()));
    assert_eq!((kitchen.status(ORDER), kitchen.left()), (TicketStatus::Rejected, (5, 5)));
    assert_eq!(kitchen.replies(), ["", "TICKET_REJECTED"]);
}

#[tokio::test]
async fn what_the_inbox_has_forgotten_the_ticket_still_knows() {
    let kitchen = Kitchen::open().await;
    for command in [Create, Approve, Cancel] {
        kitchen.send(command).await.expect("handled");
    }
    let forgetful = Record { inbox: Vec::new(), ..kitchen.record(ORDER) };
    for command in [Create, Approve, Cancel] {
        kitchen.tickets.plant(&forgetful.key, serde_json::to_value(&forgetful).expect("JSON"));
        assert_eq!(kitchen.send(command).await, Ok(()), "{command:?}");
        assert_eq!((kitchen.status(ORDER), kitchen.left()), (TicketStatus::Canceled, (5, 5)));
    }
    assert_eq!(kitchen.replies(), [""; 6]);
}

#[tokio::test]
async fn any_order_of_the_same_messages_leaves_the_same_stock() {
    let other = Uuid::from_u128(2);
    let messages = [(ORDER, Create), (ORDER, Reject), (other, Create)];
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let kitchen = Kitchen::open().await;
        for index in order.into_iter().flat_map(|index| [index, index]) {
            let (order, command) = messages[index];
            kitchen.send_for(order, command).await.expect("handled");
        }
        assert_eq!(kitchen.left(), (3, 4), "{order:?}");
        let statuses = (kitchen.status(ORDER), kitchen.status(other));
        assert_eq!(statuses, (TicketStatus::Rejected, TicketStatus::CreatePending), "{order:?}");
    }
}

#[tokio::test]
async fn tickets_at_the_same_time_add_up_and_never_oversell() {
    let kitchen = Kitchen::open().await;
    let [one, two, three] = [1, 2, 3].map(Uuid::from_u128);
    let created =
        tokio::join!(kitchen.send_for(one, Create), kitchen.send_for(two, Create), kitchen.send_for(three, Create));
    assert_eq!(created, (Ok(()), Ok(()), Ok(())));
    assert_eq!(kitchen.left(), (1, 3));
    let mut replies = kitchen.replies();
    replies.sort();
    assert_eq!(replies, ["", "", "OUT_OF_STOCK"]);
}

#[tokio::test]
async fn a_refused_ticket_takes_nothing_and_stays_refused() {
    let kitchen = Kitchen::open().await;
    kitchen.count("margherita", 1, 3).await;
    kitchen.send(Create).await.expect("handled");
    assert_eq!((kitchen.status(ORDER), kitchen.left()), (TicketStatus::Rejected, (1, 5)));
    // More stock does not change an answer that the saga has acted on.
    kitchen.count("margherita", 100, 4).await;
    kitchen.send(Create).await.expect("handled");
    assert_eq!((kitchen.status(ORDER), kitchen.left()), (TicketStatus::Rejected, (100, 5)));
    // Nor does the undo return what was never taken.
    kitchen.send(Reject).await.expect("handled");
    assert_eq!(kitchen.left(), (100, 5));
    assert_eq!(kitchen.replies(), ["OUT_OF_STOCK", "OUT_OF_STOCK", ""]);
}

#[tokio::test]
async fn a_product_that_nobody_counted_is_unknown() {
    let kitchen = Kitchen::open().await;
    let mut command = create();
    command.items[1].product_id = "rocket-fuel".to_owned();
    assert_eq!(kitchen.deliver(CreateTicket::new(Shards::ONE), 1, command).await, Ok(()));
    assert_eq!((kitchen.status(ORDER), kitchen.left()), (TicketStatus::Rejected, (5, 5)));
    assert_eq!(kitchen.replies(), ["UNKNOWN_PRODUCT"]);
}

#[tokio::test]
async fn a_cancellation_returns_stock_once_and_only_when_the_cooks_let_go() {
    let kitchen = Kitchen::open().await;
    kitchen.send(Create).await.expect("created");
    kitchen.send(Approve).await.expect("approved");
    assert_eq!(kitchen.left(), (3, 4));
    for _ in 0..2 {
        assert_eq!(kitchen.send(Cancel).await, Ok(()));
        assert_eq!((kitchen.status(ORDER), kitchen.left()), (TicketStatus::Canceled, (5, 5)));
    }
}

#[tokio::test]
async fn a_cook_who_starts_first_keeps_the_ticket_and_its_stock() {
    let kitchen = Kitchen::open().await;
    kitchen.send(Create).await.expect("created");
    kitchen.send(Approve).await.expect("approved");
    let tickets = kitchen.tickets.clone();
    kitchen.tickets.faults().before(Operation::Save, 1, || async { start(tickets, 3).await.expect("started") });
    for _ in 0..2 {
        assert_eq!(kitchen.send(Cancel).await, Ok(()));
        assert_eq!((kitchen.status(ORDER), kitchen.left()), (TicketStatus::Preparing, (3, 4)));
    }
    assert_eq!(kitchen.replies(), ["", "", "COOKING_HAS_STARTED", "COOKING_HAS_STARTED"]);
}

#[tokio::test]
async fn a_cook_who_comes_second_is_told_that_the_order_was_canceled() {
    let kitchen = Kitchen::open().await;
    for command in [Create, Approve, Cancel] {
        kitchen.send(command).await.expect("handled");
    }
    let refused = start(kitchen.tickets.clone(), 3).await.expect_err("a refusal");
    assert_eq!(refused.reason().name, "TICKET_CANCELED");
    assert_eq!(kitchen.status(ORDER), TicketStatus::Canceled);
}

#[tokio::test]
async fn a_ticket_is_started_once_and_a_repeated_call_hears_so() {
    let kitchen = Kitchen::open().await;
    kitchen.send(Create).await.expect("created");
    kitchen.send(Approve).await.expect("approved");
    for _ in 0..2 {
        assert_eq!(start(kitchen.tickets.clone(), 3).await, Ok(()));
        assert_eq!((kitchen.status(ORDER), kitchen.record(ORDER).version), (TicketStatus::Preparing, 3));
    }
    let refused = start(kitchen.tickets.clone(), 4).await.expect_err("a refusal");
    assert_eq!(refused.reason().name, "COOKING_HAS_STARTED");
}

#[tokio::test]
async fn a_product_that_is_not_on_the_menu_gets_no_stock() {
    let kitchen = Kitchen::open().await;
    let request = SetStockRequest { product_id: "espresso".to_owned(), available: 5, ..Default::default() };
    let items = kitchen.stock.len();
    let refused = rpc::execute(&SetStock::new(Shards::ONE), &kitchen.stock, request, &call(3)).await;
    assert_eq!(refused.expect_err("a refusal").reason().name, "UNKNOWN_PRODUCT");
    assert_eq!(kitchen.stock.len(), items, "neither stock nor a claim");
}

#[tokio::test]
async fn a_repeated_count_does_not_undo_what_was_reserved_since() {
    let kitchen = Kitchen::open().await;
    kitchen.send(Create).await.expect("created");
    kitchen.count("margherita", 5, 1).await;
    assert_eq!(kitchen.left(), (3, 4));
}

#[tokio::test]
async fn tickets_are_listed_under_their_present_status_and_tombstones_under_none() {
    let kitchen = Kitchen::open().await;
    let list = ListTickets::new(Arc::new(kitchen.tickets.index("status", "created_at")));
    let listed = async |status: api::TicketStatus| {
        let request = ListTicketsRequest { status: status.into(), ..Default::default() };
        let response = list.answer(request, &call(3).caller).await.expect("a page");
        response.tickets.into_iter().map(|ticket| ticket.order_id).collect::<Vec<_>>()
    };
    kitchen.send(Create).await.expect("created");
    assert_eq!(listed(api::TicketStatus::CreatePending).await, [ORDER.to_string()]);
    kitchen.send(Approve).await.expect("approved");
    assert!(listed(api::TicketStatus::CreatePending).await.is_empty());
    assert_eq!(listed(api::TicketStatus::Unspecified).await, [ORDER.to_string()]);
    kitchen.send_for(Uuid::from_u128(2), Reject).await.expect("rejected");
    assert!(listed(api::TicketStatus::Rejected).await.is_empty());
}

#[tokio::test]
async fn a_command_that_cannot_be_answered_takes_no_stock() {
    let kitchen = Kitchen::open().await;
    let orphan = Envelope { correlation: None, ..envelope(1, create()) };
    let handled =
        deliver(&Participant(CreateTicket::new(Shards::ONE)), &kitchen.tickets, &kitchen.outbound, &orphan, NOW).await;
    assert!(matches!(handled, Err(Failure::SetAside(_))), "{handled:?}");
    assert_eq!((kitchen.tickets.is_empty(), kitchen.left()), (true, (5, 5)));
}

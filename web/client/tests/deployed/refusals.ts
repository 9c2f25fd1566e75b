import { Code, createClient } from "@connectrpc/connect";
import { Intent, OrderService, OrderStatus, TicketStatus, type Api } from "../../src/index.ts";
import { anew, check, until, type Cast } from "./cast.ts";
import { place, settled } from "./story.ts";

const { FailedPrecondition, InvalidArgument, NotFound, PermissionDenied, Unauthenticated } = Code;
const NOBODYS = "00000000-0000-5000-8000-000000000000";

/** Whatever the API refuses, as a customer or a cook brings it about. */
export async function refusals(cast: Cast): Promise<void> {
  const [customer, cook] = [cast.customer(), cast.cook()];
  const { soldOut, unstocked, plenty } = cast.stage.setting;
  await cook.kitchen.setStock({ productId: soldOut, available: 0 }, anew());
  await cook.kitchen.setStock({ productId: plenty, available: 100_000 }, anew());
  await Promise.all([
    requests(cast, customer),
    keys(cast, customer),
    callers(cast, cook),
    rejected(cast, customer, soldOut, "tok_visa", "OUT_OF_STOCK"),
    rejected(cast, customer, unstocked, "tok_visa", "UNKNOWN_PRODUCT"),
    rejected(cast, customer, plenty, "tok_insufficient_funds", "INSUFFICIENT_FUNDS"),
    rejected(cast, customer, plenty, "tok_declined", "CARD_DECLINED").then(async (orderId) => {
      await cast.refused(customer.orders.cancelOrder({ orderId }, anew()), FailedPrecondition, "ORDER_REJECTED");
      await cast.refused(cook.kitchen.startTicket({ orderId }, anew()), FailedPrecondition, "TICKET_REJECTED");
    }),
    pending(cast, customer, cook),
    canceled(cast, customer, cook),
  ]);
}

/** What is wrong with the request itself. */
async function requests(cast: Cast, { orders }: Api): Promise<void> {
  const { plenty, dear } = cast.stage.setting;
  const order = (item: object, cardToken = "tok_visa") => {
    return orders.createOrder({ items: [{ productId: plenty, quantity: 1, ...item }], cardToken }, anew());
  };
  await cast.refused(order({ productId: "no-such-thing" }), FailedPrecondition, "UNKNOWN_PRODUCT");
  const changed = order({ unitPrice: { currency: "EUR", minorUnits: 1n } });
  const { metadata } = await cast.refused(changed, FailedPrecondition, "PRICE_CHANGED");
  check(metadata["product"] === plenty && metadata["currency"] === "EUR", "the reason says what it is about", metadata);
  await cast.refused(order({ productId: dear, quantity: 2 }), FailedPrecondition, "ABOVE_APPROVAL_LIMIT");
  await cast.refused(order({}, "4111111111111111"), InvalidArgument, "CARD_NUMBER_SENT");
  const { violations } = await cast.refused(order({ quantity: 0 }, ""), InvalidArgument, "INVALID_REQUEST");
  const fields = violations.map(({ field }) => field).sort();
  check(fields.join() === "card_token,items[0].quantity", "both faults are told", violations);
  await cast.refused(orders.findOrder({ orderId: "7" }), InvalidArgument, "INVALID_REQUEST");
  await cast.refused(orders.listOrders({ pageToken: "nonsense" }), InvalidArgument, "INVALID_REQUEST");
  await cast.refused(orders.findOrder({ orderId: NOBODYS }), NotFound, "ORDER_NOT_FOUND");
}

/** What is wrong with the Idempotency-Key. */
async function keys(cast: Cast, customer: Api): Promise<void> {
  const { setting, transport, codec } = cast.stage;
  const intent = new Intent();
  const cancel = (orderId: string) => customer.orders.cancelOrder({ orderId }, intent.with());
  await cast.refused(cancel(NOBODYS), NotFound, "ORDER_NOT_FOUND");
  const basket = { items: [{ productId: setting.plenty, quantity: 1 }], cardToken: "tok_declined" };
  const { order } = await customer.orders.createOrder(basket, intent.with());
  const other = customer.orders.createOrder({ ...basket, cardToken: "tok_visa" }, intent.with());
  await cast.refused(other, FailedPrecondition, "IDEMPOTENCY_KEY_REUSED");
  // A client that is not ours may forget the key.
  const { value } = await cast.token();
  const bare = { useBinaryFormat: codec === "binary", useHttpGet: false, defaultTimeoutMs: 35_000, interceptors: [] };
  const orders = createClient(OrderService, transport({ baseUrl: setting.api, ...bare }));
  const keyless = orders.createOrder(basket, { headers: { Authorization: `Bearer ${value}` } });
  await cast.refused(keyless, InvalidArgument, "IDEMPOTENCY_KEY_MISSING");
  await settled(customer, order?.orderId ?? "", OrderStatus.REJECTED);
}

/**
 * What is wrong with the caller: a permission is missing, or the function refuses a token that API Gateway let pass.
 */
async function callers(cast: Cast, cook: Api): Promise<void> {
  const sagas = [cast.customer(), cook].map((api) => api.sagas.listSagas({}));
  await Promise.all(sagas.map((call) => cast.refused(call, PermissionDenied, "PERMISSION_MISSING")));
  await cast.refused(cast.operator().sagas.getSaga({ sagaId: NOBODYS }), NotFound, "SAGA_NOT_FOUND");
  const reader = cast.customer({}, ["read:orders"]);
  await cast.refused(place(reader, cast.stage.setting.plenty), PermissionDenied, "PERMISSION_MISSING");
  await cast.refused(cook.orders.listOrders({}), PermissionDenied, "PERMISSION_MISSING");
  const { asIdToken, bound } = cast.stage.setting.misused;
  const misused = (value: string) => {
    return cast.customer({ tokens: async () => ({ value, expiresAt: Infinity }) }).orders.listOrders({});
  };
  await cast.refused(misused(asIdToken), Unauthenticated, "TOKEN_NOT_FOR_THIS_API");
  await cast.refused(misused(bound), Unauthenticated, "TOKEN_SENDER_CONSTRAINED");
  // A function's own 401 can be read, and leads to a new token.
  let asked = 0;
  const tokens = async ({ renew }: { renew: boolean }) => {
    asked += 1;
    return renew ? cast.token() : { value: asIdToken, expiresAt: Infinity };
  };
  await cast.customer({ tokens }).orders.listOrders({});
  check(asked === 2, "the token is renewed once", asked);
}

/** The order is placed, and rejected later; it says why. */
async function rejected(cast: Cast, customer: Api, product: string, card: string, name: string): Promise<string> {
  const { orderId } = await place(customer, product, card);
  const { order } = await settled(customer, orderId, OrderStatus.REJECTED);
  check(order?.reason === name, `the order is rejected with ${name}`, order);
  cast.told({ name });
  return orderId;
}

/** While a card is being asked, the order is locked and its ticket not to be cooked. */
async function pending(cast: Cast, customer: Api, cook: Api): Promise<void> {
  const { orderId } = await place(customer, cast.stage.setting.plenty, "tok_late");
  const locked = await cast.refused(
    customer.orders.cancelOrder({ orderId }, anew()),
    FailedPrecondition,
    "ORDER_LOCKED",
  );
  check(locked.metadata["order_id"] === orderId && locked.retryAfterMs === 2000, "a repeat may help later", locked);
  await until(async () => {
    const { tickets } = await cook.kitchen.listTickets({ status: TicketStatus.CREATE_PENDING, pageSize: 100 });
    return tickets.find((ticket) => ticket.orderId === orderId);
  }, "the ticket is pending");
  await cast.refused(cook.kitchen.startTicket({ orderId }, anew()), FailedPrecondition, "TICKET_NOT_APPROVED");
  await settled(customer, orderId, OrderStatus.APPROVED);
  await cook.kitchen.startTicket({ orderId }, anew());
  await cast.refused(cook.kitchen.startTicket({ orderId }, anew()), FailedPrecondition, "COOKING_HAS_STARTED");
  await cast.refused(cook.kitchen.startTicket({ orderId: NOBODYS }, anew()), NotFound, "TICKET_NOT_FOUND");
}

async function canceled(cast: Cast, customer: Api, cook: Api): Promise<void> {
  const { orderId } = await place(customer, cast.stage.setting.plenty);
  await settled(customer, orderId, OrderStatus.APPROVED);
  await customer.orders.cancelOrder({ orderId }, anew());
  await settled(customer, orderId, OrderStatus.CANCELED);
  await cast.refused(customer.orders.cancelOrder({ orderId }, anew()), FailedPrecondition, "ORDER_CANCELED");
  await cast.refused(cook.kitchen.startTicket({ orderId }, anew()), FailedPrecondition, "TICKET_CANCELED");
}

import { equals } from "@bufbuild/protobuf";
import {
  CreateOrderResponseSchema,
  Intent,
  OrderStatus,
  SagaState,
  TicketStatus,
  watchOrder,
  type Api,
  type FindOrderResponse,
  type Order,
} from "../../src/index.ts";
import { anew, check, type Cast } from "./cast.ts";
import { watched } from "./operator.ts";
import type { Stage } from "./setting.ts";

/**
 * Every RPC, while nothing goes wrong: an order is placed once, cooked, canceled too late; another is canceled in time.
 */
export async function story(cast: Cast): Promise<void> {
  const { stage } = cast;
  const [customer, cook] = [cast.customer(), cast.cook()];
  const { plenty } = stage.setting;
  const { stock } = await cook.kitchen.setStock({ productId: plenty, available: 100_000 }, anew());
  check(stock?.productId === plenty && stock.available === 100_000, "the stock is told as it was set", stock);
  await Promise.all([menu(customer, stage), stocked(customer, stage)]);
  const [first, second] = await Promise.all([once(customer, stage), approved(cast, customer)]);
  await Promise.all([cooked(cast, customer, cook, first), canceled(customer, second)]);
  await Promise.all([listed(customer, [first, second]), watched(customer, cast.operator(), second)]);
}

/** What the customer sees beside the menu. */
async function stocked(customer: Api, { setting }: Stage): Promise<void> {
  const { plenty, unstocked } = setting;
  const { stock } = await customer.kitchen.listStock({ productIds: [unstocked, plenty] });
  const isEnough = stock[0]?.productId === plenty && stock[0].available > 0;
  check(isEnough && stock.length === 1, "what the kitchen makes has stock, and nothing else is told", stock);
}

/** The menu, page by page. */
async function menu(customer: Api, { setting }: Stage): Promise<void> {
  let pageToken = "";
  do {
    const page = await customer.orders.listProducts({ pageSize: 100, pageToken });
    const product = page.products.find(({ productId }) => productId === setting.plenty);
    if (product) {
      const { currency, minorUnits } = product.unitPrice ?? {};
      check(currency === "EUR" && minorUnits === BigInt(setting.price), "the price is that of the menu", product);
      return;
    }
    pageToken = page.nextPageToken;
  } while (pageToken);
  check(false, "the product is on the menu");
}

/** Places one order three times with one intent. */
async function once(customer: Api, { setting }: Stage): Promise<Order> {
  const unitPrice = { currency: "EUR", minorUnits: BigInt(setting.price) };
  const basket = { items: [{ productId: setting.plenty, quantity: 2, unitPrice }], cardToken: "tok_visa" };
  const intent = new Intent();
  const placed = await customer.orders.createOrder(basket, intent.with());
  for (const repeat of [intent, new Intent(intent.key)]) {
    const again = await customer.orders.createOrder(basket, repeat.with());
    check(equals(CreateOrderResponseSchema, again, placed), "a repeat has the same answer", again);
  }
  const { order } = placed;
  check(order?.status === OrderStatus.APPROVAL_PENDING, "the order is pending", order);
  check(order.total?.minorUnits === BigInt(setting.price) * 2n, "the total is twice the price", order);
  const found = await settled(customer, order.orderId, OrderStatus.APPROVED);
  check(found.sagas[0]?.state === SagaState.COMPLETED && found.sagas[0].steps.length > 0, "the saga is told", found);
  check(found.sagas[0].startedAt !== undefined && found.sagas[0].endedAt !== undefined, "times are told", found);
  return order;
}

async function approved(cast: Cast, customer: Api): Promise<Order> {
  const order = await place(customer, cast.stage.setting.plenty);
  await settled(customer, order.orderId, OrderStatus.APPROVED);
  return order;
}

/** Finds the ticket and starts it; then a cancellation comes too late, which the order says. */
async function cooked(cast: Cast, customer: Api, cook: Api, { orderId }: Order): Promise<void> {
  let [pageToken, isListed] = ["", false];
  do {
    const page = await cook.kitchen.listTickets({ status: TicketStatus.APPROVED, pageSize: 100, pageToken });
    isListed ||= page.tickets.some((ticket) => ticket.orderId === orderId);
    pageToken = page.nextPageToken;
  } while (pageToken && !isListed);
  check(isListed, "the ticket is listed");
  const { ticket } = await cook.kitchen.startTicket({ orderId }, anew());
  check(ticket?.status === TicketStatus.PREPARING && ticket.items[0]?.quantity === 2, "the ticket is cooked", ticket);
  const asked = await customer.orders.cancelOrder({ orderId }, anew());
  check(asked.order?.status === OrderStatus.CANCEL_PENDING, "the cancellation is pending", asked);
  const { order } = await settled(customer, orderId, OrderStatus.APPROVED);
  check(order?.reason === "COOKING_HAS_STARTED", "the order says why it is not canceled", order);
  cast.told({ name: order.reason });
}

async function canceled(customer: Api, { orderId }: Order): Promise<void> {
  await customer.orders.cancelOrder({ orderId }, anew());
  await settled(customer, orderId, OrderStatus.CANCELED);
}

/** The customer's orders, newest first, on pages of one. */
async function listed(customer: Api, orders: Order[]): Promise<void> {
  const found: string[] = [];
  let pageToken = "";
  do {
    const page = await customer.orders.listOrders({ pageSize: 1, pageToken });
    check(page.orders.length <= 1, "a page is as long as was asked", page);
    found.push(...page.orders.map(({ orderId }) => orderId));
    pageToken = page.nextPageToken;
  } while (pageToken);
  const isEach = orders.every(({ orderId }) => found.filter((listed) => listed === orderId).length === 1);
  check(isEach && found.length === orders.length, "each order is listed once, and nobody else's", found);
}

/** Places an order of one piece. */
export async function place(customer: Api, productId: string, cardToken = "tok_visa"): Promise<Order> {
  const { order } = await customer.orders.createOrder({ items: [{ productId, quantity: 1 }], cardToken }, anew());
  check(order !== undefined, "the order is told");
  return order;
}

/** Watches the order to its end. */
export async function settled(customer: Api, orderId: string, status: OrderStatus): Promise<FindOrderResponse> {
  let last: FindOrderResponse | undefined;
  for await (const found of watchOrder(customer.orders, orderId, { timeoutMs: 60_000 })) {
    last = found;
  }
  check(last?.order?.status === status, `the order becomes ${OrderStatus[status]}`, last);
  return last;
}

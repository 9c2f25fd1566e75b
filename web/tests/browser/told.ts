import type { Page } from "playwright-core";
import { setting } from "./setting.ts";
import { signIn } from "./stage.ts";

/** No saga of the system turns when a test wants it to: an order that exists nowhere is told here, by the contract. */
const ORDER_ID = "0192f0c1-7b1e-7c3a-9c59-3f1f6d9a0b11";
/** A command of that order's saga: its times are seconds since the saga began. */
export interface Act {
  name: string;
  service: string;
  state: "SENT" | "SUCCEEDED" | "REFUSED";
  at: number;
  end?: number;
  repeats?: number;
}

/** Opens the page of that order, whose saga began 15 seconds before it is read, and has come as far as was told last. */
export async function watch(page: Page, first: Act[]): Promise<(acts: Act[], state?: string) => void> {
  let [acts, state, began] = [first, "RUNNING", 0];
  await page.route(/OrderService\/FindOrder/, (route) => {
    began ||= Date.now() - 15_000;
    const order = { orderId: ORDER_ID, status: "ORDER_STATUS_APPROVAL_PENDING", createdAt: new Date(began) };
    const headers = { "access-control-allow-origin": setting().console };
    return route.fulfill({ json: { order, sagas: [sagaOf(acts, state, began)] }, headers });
  });
  await signIn(page, "anna", `/orders/${ORDER_ID}`);
  return (next, standing = "COMPENSATING") => {
    [acts, state] = [next, standing];
  };
}

function sagaOf(acts: Act[], state: string, began: number): object {
  const time = (seconds: number) => new Date(began + seconds * 1_000);
  const steps = acts.map(({ at, end, state: became, ...told }) => ({
    ...told,
    state: `SAGA_STEP_STATE_${became}`,
    sentAt: time(at),
    ...(end !== undefined && { endedAt: time(end) }),
  }));
  return { name: "create-order", version: 1, state: `SAGA_STATE_${state}`, startedAt: time(0), steps };
}

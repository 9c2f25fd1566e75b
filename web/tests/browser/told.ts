import type { Page } from "playwright-core";
import { setting } from "./setting.ts";
import { signIn } from "./stage.ts";

/** No saga of the system turns when a test wants it to: an order that exists nowhere is told here, by the contract. */
const ORDER_ID = "0192f0c1-7b1e-7c3a-9c59-3f1f6d9a0b11";
const BEGAN = Date.now() - 15_000;

/** A command of that order's saga: its times are seconds since the saga began. */
export interface Act {
  name: string;
  service: string;
  state: "SENT" | "SUCCEEDED" | "REFUSED";
  at: number;
  end?: number;
  repeats?: number;
}

const time = (seconds: number) => new Date(BEGAN + seconds * 1_000).toISOString();

/** Opens the page of that order, whose saga has come as far as was told last. */
export async function watch(page: Page, first: Act[]): Promise<(acts: Act[], state?: string) => void> {
  let saga = sagaOf(first, "RUNNING");
  await page.route(/OrderService\/FindOrder/, (route) => {
    const order = { orderId: ORDER_ID, status: "ORDER_STATUS_APPROVAL_PENDING", createdAt: time(0) };
    const headers = { "access-control-allow-origin": setting().console };
    return route.fulfill({ json: { order, sagas: [saga] }, headers });
  });
  await signIn(page, "anna", `/orders/${ORDER_ID}`);
  return (acts, state = "COMPENSATING") => (saga = sagaOf(acts, state));
}

function sagaOf(acts: Act[], state: string): object {
  const steps = acts.map(({ at, end, state: became, ...told }) => ({
    ...told,
    state: `SAGA_STEP_STATE_${became}`,
    sentAt: time(at),
    ...(end !== undefined && { endedAt: time(end) }),
  }));
  return { name: "create-order", version: 1, state: `SAGA_STATE_${state}`, startedAt: time(0), steps };
}

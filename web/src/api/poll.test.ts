import { QueryObserver } from "@tanstack/react-query";
import { connect, overFetch } from "order-saga-client";
import { SagaService } from "order-saga-client/operations";
import { afterEach, beforeEach, expect, test } from "vitest";
import { definitionsOptions } from "./definitions.ts";
import { polling } from "./poll.ts";
import { openTab } from "./tab.fake.ts";

let tab: ReturnType<typeof openTab>;
beforeEach(() => (tab = openTab()));
afterEach(() => tab.close());

/** What the API answers: undefined for no answer at all. */
type Answers = () => Response | undefined;

const running = () => Response.json({ saga: { sagaId: "1", state: "SAGA_STATE_RUNNING" } });
const signedOut = () => Response.json({ code: "unauthenticated" }, { status: 401 });

/** An API behind the client as the console has it; tells after how many milliseconds each request came. */
function api(answers: Answers) {
  const begun = Date.now();
  const asked: number[] = [];
  const fetch: typeof globalThis.fetch = () => {
    asked.push(Date.now() - begun);
    const answer = answers();
    return answer === undefined ? Promise.reject(new TypeError("Failed to fetch")) : Promise.resolve(answer);
  };
  let tokens = 0;
  const { transport } = connect({
    baseUrl: "https://api.test",
    tokens: () => Promise.resolve({ value: String((tokens += 1)), expiresAt: Date.now() + 3_600_000 }),
    transport: overFetch(fetch),
  });
  return { asked, transport };
}

function watch(answers: Answers) {
  const { asked, transport } = api(answers);
  const options = polling(transport, SagaService.method.getSaga, { sagaId: "1" }, (data) => (data ? 1_000 : false));
  const observer = new QueryObserver(tab.queries, options);
  observer.subscribe(() => undefined);
  return { asked, observer };
}

/** The pauses between requests in whole seconds, without what the random pauses of the client add. */
const pauses = (asked: number[]) => asked.slice(1).map((at, index) => Math.round((at - (asked[index] ?? 0)) / 1_000));

test("an API that is away is asked less and less often, by one request at a time, and at its pace when it is back", async () => {
  let isThere = true;
  const { asked, observer } = watch(() => (isThere ? running() : undefined));
  await tab.pass(2_500);
  expect(pauses(asked)).toEqual([1, 1]);
  isThere = false;
  asked.length = 0;
  await tab.pass(120_000);
  expect(pauses(asked)).toEqual([5, 10, 20, 30, 30]);
  expect(observer.getCurrentResult().data?.saga?.sagaId, "what was read stays").toBe("1");
  isThere = true;
  await tab.pass(30_000);
  asked.length = 0;
  await tab.pass(5_000);
  expect(asked).toHaveLength(5);
});

test("the first read is repeated by the client, and the next ones follow by themselves", async () => {
  const { asked } = watch(() => undefined);
  await tab.pass(5_000);
  // Four attempts, and one more with a token that is renewed on suspicion.
  expect(asked).toHaveLength(5);
  asked.length = 0;
  await tab.pass(100_000);
  expect(pauses(asked)).toEqual([10, 20, 30, 30]);
});

test("whoever is signed out asks no more", async () => {
  const { asked } = watch(signedOut);
  await tab.pass(1_000);
  expect(asked, "once with a new token").toHaveLength(2);
  await tab.pass(600_000);
  expect(asked).toHaveLength(2);
});

test("how sagas are made is asked for until it is known, and then never again", async () => {
  let isThere = false;
  const definitions = [{ name: "create-order", version: 1 }];
  const { asked, transport } = api(() => (isThere ? Response.json({ definitions }) : undefined));
  const observer = new QueryObserver(tab.queries, definitionsOptions(transport));
  observer.subscribe(() => undefined);
  await tab.pass(10_000);
  const failed = asked.length;
  isThere = true;
  await tab.pass(10_000);
  expect(asked).toHaveLength(failed + 1);
  expect(observer.getCurrentResult().data?.definitions[0]?.name).toBe("create-order");
  await tab.pass(600_000);
  expect(asked).toHaveLength(failed + 1);
});

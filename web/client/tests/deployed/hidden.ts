import { Code } from "@connectrpc/connect";
import { isNoAnswer, type Api } from "../../src/index.ts";
import { check, type Cast } from "./cast.ts";

/** What API Gateway answers itself, which a browser may hide from the page: the client does the same in either case. */
export async function hidden(cast: Cast): Promise<void> {
  await renewed(cast);
  await refusedForever(cast);
  await nowhere(cast);
}

/** A page of another origin gets no answer. */
export async function foreign(cast: Cast): Promise<void> {
  await unanswered(cast, cast.customer({ patience: { attempts: 1 } }), Code.Unavailable);
}

/** An expired token, which its supplier takes for a good one, is renewed once; the call succeeds. */
async function renewed(cast: Cast): Promise<void> {
  const asked: boolean[] = [];
  const tokens = async ({ renew }: { renew: boolean }) => {
    asked.push(renew);
    const token = await cast.token(renew ? 3600 : -3600);
    return { ...token, expiresAt: Date.now() + 3_600_000 };
  };
  const customer = cast.customer({ tokens });
  await customer.orders.listOrders({ pageSize: 1 });
  check(asked.join() === "false,true", "the token is renewed once", asked);
  await customer.orders.listOrders({ pageSize: 1 });
  check(asked.length === 2, "the new token is kept", asked);
  await inTime(cast);
}

/** A token that runs out is renewed before anybody refuses it. */
async function inTime(cast: Cast): Promise<void> {
  const asked: boolean[] = [];
  const tokens = async ({ renew }: { renew: boolean }) => {
    asked.push(renew);
    const token = await cast.token();
    return renew ? token : { ...token, expiresAt: Date.now() };
  };
  const customer = cast.customer({ tokens });
  await customer.orders.listOrders({ pageSize: 1 });
  await customer.orders.listOrders({ pageSize: 1 });
  check(asked.join() === "false,true", "the token is renewed before the second call", asked);
}

/** When the new token is refused as well, the caller is told. */
async function refusedForever(cast: Cast): Promise<void> {
  let asked = 0;
  const tokens = async () => {
    asked += 1;
    return { value: `no.such.token-${asked}`, expiresAt: Infinity };
  };
  const customer = cast.customer({ tokens, patience: { attempts: 1 } });
  await unanswered(cast, customer, Code.Unauthenticated);
  check(asked === 2, "the token is renewed once", asked);
}

async function nowhere(cast: Cast): Promise<void> {
  const customer = cast.customer({ baseUrl: `${cast.stage.setting.api}/nowhere`, patience: { attempts: 1 } });
  await unanswered(cast, customer, Code.Unimplemented);
}

/** The call fails: with `code` where the answer can be read, without an answer in a browser. */
async function unanswered(cast: Cast, customer: Api, code: Code): Promise<void> {
  const call = customer.orders.listOrders({});
  const error = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  const { isBrowser } = cast.stage;
  await cast.refused(Promise.reject(error), isBrowser ? Code.Unavailable : code, undefined);
  check(isNoAnswer(error) === isBrowser, "a browser hides the answer, and nobody else", String(error));
}

import { Code, ConnectError } from "@connectrpc/connect";
import { errorFromJson } from "@connectrpc/connect/protocol-connect";
import type { ReasonName } from "../../src/index.ts";
import { check, type Cast } from "./cast.ts";

/** What no client of ours sends, and a careless client may. */
export async function raw(cast: Cast): Promise<void> {
  const create = "/order_api.v1.OrderService/CreateOrder";
  const list = "/order_api.v1.OrderService/ListProducts";
  const json = { "content-type": "application/json" };
  const key = { "idempotency-key": crypto.randomUUID() };
  const post = (headers: Record<string, string>, body = "{}") => ({ method: "POST", headers, body });
  const cases: [ReasonName, string, RequestInit][] = [
    ["BAD_TIMEOUT", list, post({ ...json, "connect-timeout-ms": "soon" })],
    ["DEADLINE_EXCEEDED", list, post({ ...json, "connect-timeout-ms": "0" })],
    ["IDEMPOTENCY_KEY_MALFORMED", create, post({ ...json, "idempotency-key": "x".repeat(129) }, ORDER)],
    ["IDEMPOTENCY_KEY_MISSING", create, post(json, ORDER)],
    ["MALFORMED_REQUEST", `${list}?connect=v1&message=%7B%7D`, {}],
    ["REQUEST_TOO_LARGE", create, post({ ...json, ...key }, JSON.stringify({ cardToken: "x".repeat(1024 * 1024) }))],
    ["UNREADABLE_REQUEST", create, post({ ...json, ...key }, "{")],
    ["UNSUPPORTED_ENCODING", `${list}?connect=v1&encoding=json&message=%7B%7D&compression=gzip`, {}],
    ["UNSUPPORTED_MEDIA_TYPE", list, post({ "content-type": "text/plain" })],
    ["UNSUPPORTED_PROTOCOL", `${list}?connect=v2&encoding=json&message=%7B%7D`, {}],
  ];
  await Promise.all(cases.map(([name, path, init]) => refused(cast, name, path, init)));
}

const ORDER = '{"items":[{"productId":"margherita","quantity":1}],"cardToken":"tok_visa"}';

async function refused(cast: Cast, name: ReasonName, path: string, init: RequestInit): Promise<void> {
  const { value } = await cast.token();
  const headers = { ...init.headers, authorization: `Bearer ${value}` };
  const answer = await fetch(cast.stage.setting.api + path, { ...init, headers });
  const body = (await answer.json()) as Parameters<typeof errorFromJson>[0];
  check(answer.status >= 400, `${name} is expected`, body);
  const error = errorFromJson(body, answer.headers, new ConnectError("no refusal of the API", Code.DataLoss));
  await cast.refused(Promise.reject(error), error.code, name);
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { FakeClock, FakeIssuer, inProcess, inTurn } from "./fakes.ts";

const refused = () => new ConnectError("the token has expired", Code.Unauthenticated);

test("a whole client sends the token and renews it", async () => {
  const clock = new FakeClock();
  const issuer = new FakeIssuer(clock);
  const seen: (string | null)[] = [];
  const listProducts: () => { products: [] } = inTurn(refused(), { products: [] });
  const api = inProcess(
    {
      listProducts: (_, { requestHeader }) => {
        seen.push(requestHeader.get("Authorization"));
        return listProducts();
      },
    },
    { clock, tokens: issuer.supply },
  );
  assert.deepEqual((await api.orders.listProducts({})).products, []);
  assert.deepEqual(seen, ["Bearer token-1", "Bearer token-2"]);
});

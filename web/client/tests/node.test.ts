import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { isNoAnswer } from "../src/answer.ts";
import { connect, type Api } from "../src/client.ts";
import { isConnectionLost } from "../src/network.ts";
import { overNode } from "../src/node.ts";
import { FakeClock, FakeIssuer } from "./fakes.ts";

/** A client over Node's own HTTP, of a server that answers so. */
async function served(listener: RequestListener, attempts: number, play: (api: Api) => Promise<void>) {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const clock = new FakeClock();
  const { port } = server.address() as AddressInfo;
  const baseUrl = `http://127.0.0.1:${port}`;
  const tokens = new FakeIssuer(clock).supply;
  try {
    await play(connect({ baseUrl, tokens, clock, transport: overNode(), patience: { attempts } }));
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Answers but for the second request, whose connection it destroys. */
function destroysTheSecond(sockets: Socket[]): RequestListener {
  return (request, response) => {
    sockets.push(request.socket);
    if (sockets.length === 2) {
      request.socket.destroy();
    } else {
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    }
  };
}

test("a kept connection that breaks is repeated like any call without an answer", async () => {
  const sockets: Socket[] = [];
  await served(destroysTheSecond(sockets), 4, async (api) => {
    await api.orders.listProducts({});
    await api.orders.listProducts({});
  });
  assert.equal(sockets.length, 3);
  assert.equal(sockets[1], sockets[0], "the connection was kept");
});

test("a connection that breaks is unavailable, and nobody can tell what became of the call", async () => {
  const partial: RequestListener = (_, response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": 9 });
    response.write("{", () => response.destroy());
  };
  const reset: RequestListener = (request) => request.socket.resetAndDestroy();
  const noHttp: RequestListener = (request) => request.socket.end("no HTTP\r\n\r\n");
  for (const listener of [partial, reset, noHttp]) {
    await served(listener, 1, async (api) => {
      const error = await api.orders.listProducts({}).catch((error: unknown) => error);
      assert.ok(isNoAnswer(error), String(error));
      assert.equal((error as ConnectError).code, Code.Unavailable);
    });
  }
});

test("a refusal of the API and an aborted call stay what they are", async () => {
  const refuse: RequestListener = (_, response) => {
    response.writeHead(409, { "content-type": "application/json" }).end('{"code":"aborted","message":"of the API"}');
  };
  await served(refuse, 1, async (api) => {
    await assert.rejects(api.orders.listProducts({}), { code: Code.Aborted, rawMessage: "of the API" });
  });
  const controller = new AbortController();
  await served(
    () => controller.abort(),
    4,
    async (api) => {
      const error = await api.orders.listProducts({}, { signal: controller.signal }).catch((error: unknown) => error);
      assert.deepEqual([(error as ConnectError).code, isNoAnswer(error)], [Code.Canceled, false]);
    },
  );
});

test("Node's codes tell a connection that is lost from other failures", () => {
  const because = (code: unknown) => new Error("", { cause: Object.assign(new Error(), { code }) });
  const lost =
    "ECONNRESET ECONNREFUSED EPIPE ETIMEDOUT EHOSTUNREACH ENETUNREACH EAI_AGAIN ENOTFOUND UND_ERR_SOCKET HPE_INVALID_VERSION";
  for (const code of lost.split(" ")) {
    assert.ok(isConnectionLost(because(code)), code);
  }
  for (const code of ["CERT_HAS_EXPIRED", "ENOENT", "ERR_INVALID_URL", 104, undefined]) {
    assert.ok(!isConnectionLost(because(code)), String(code));
  }
  assert.ok(!isConnectionLost("ECONNRESET"));
});

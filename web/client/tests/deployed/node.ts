// Plays in Node. The setting comes by standard input, the report goes to standard output.
import { subscribe } from "node:diagnostics_channel";
import type { ClientRequest } from "node:http";
import { json } from "node:stream/consumers";
import { overNode } from "../../src/node.ts";
import { mintAt } from "./mint.ts";
import { actsIn, play } from "./play.ts";
import { noted, type Codec, type Report, type Setting } from "./setting.ts";

const setting = (await json(process.stdin)) as Setting;

const calls = new Set<string>();
subscribe("http.client.request.start", (message) => {
  const { request } = message as { request: ClientRequest };
  const contentType = request.getHeader("content-type");
  calls.add(noted(request.method, new URL(request.path, setting.api), contentType?.toString()));
});

async function inCodec(codec: Codec): Promise<string[]> {
  const stage = {
    setting,
    codec,
    name: `node-${codec}`,
    mint: mintAt(setting),
    transport: overNode(),
    isBrowser: false,
  };
  const reasons = await Promise.all(actsIn(codec, "json").map((act) => play(act, stage)));
  return reasons.flat();
}

const [inJson, inBinary] = await Promise.all([inCodec("json"), inCodec("binary")]);
const report: Report = { calls: [...calls], reasons: { json: inJson, binary: inBinary } };
console.log(JSON.stringify(report));

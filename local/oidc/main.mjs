// DEVELOPMENT ONLY: the part of the local issuer that people and apps sign in with. The program `local` starts it, tells it its
// settings in the first line of its standard input, and keeps that input open for as long as it lives itself.

import { createInterface } from "node:readline";

import { provider } from "./provider.mjs";

const lines = createInterface({ input: process.stdin });
lines.once("line", (line) => {
  const settings = JSON.parse(line);
  const server = provider(settings).listen(settings.port, "127.0.0.1");
  server.on("error", fail);
});
// The input also ends when its writer is killed, which could not end us otherwise.
lines.once("close", () => process.exit(0));
process.on("unhandledRejection", fail);

function fail(error) {
  console.error(error);
  process.exit(1);
}

// Plays in Chromium. The setting comes by standard input, the report goes to standard output.
import { accessSync, constants } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { json } from "node:stream/consumers";
import { build } from "esbuild";
import { chromium, type Page } from "playwright-core";
import { mintAt } from "./mint.ts";
import { actsIn, type Act } from "./play.ts";
import { noted, type Codec, type Report, type Setting } from "./setting.ts";

const setting = (await json(process.stdin)) as Setting;

/** Where the page comes from. The browser takes it from here whatever port the app's origin names. */
async function serve(): Promise<number> {
  const entry = join(import.meta.dirname, "page.ts");
  const bundled = await build({ entryPoints: [entry], bundle: true, format: "esm", write: false, logLevel: "error" });
  const script = bundled.outputFiles.map(({ text }) => text).join("");
  const page = '<!doctype html><link rel="icon" href="data:," /><script type="module" src="/page.js"></script>';
  const server = createServer((request, response) => {
    const isScript = request.url === "/page.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    response.end(isScript ? script : page);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  return (server.address() as AddressInfo).port;
}

function browser(): string {
  const names = ["chromium", "google-chrome"];
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  for (const file of names.flatMap((name) => folders.map((folder) => join(folder, name)))) {
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // The next folder.
    }
  }
  throw new Error(`there is no ${names.join(" or ")}: sudo apt-get install chromium`);
}

const BLOCKED = /^Access to fetch at '[^']*' from origin '[^']*' has been blocked by CORS policy: /;
const REFUSED = /^Failed to load resource: the server responded with a status of 4\d\d /;
const FAILED = /^Failed to load resource: net::ERR_FAILED$/;

/**
 * What a browser says of an answer that is no success; nothing else may be on the console, and in the story not even
 * this.
 */
const NOISE: Record<Act, RegExp[]> = {
  story: [],
  refusals: [REFUSED],
  raw: [REFUSED],
  hidden: [BLOCKED, FAILED, REFUSED],
  foreign: [BLOCKED, FAILED],
};

const calls = new Set<string>();

/** Plays one act on a page of its own, and returns the reasons that were told. */
async function act(page: Page, name: Act, codec: Codec): Promise<string[]> {
  page.on("request", (request) => {
    if (request.url().startsWith(setting.api)) {
      calls.add(noted(request.method(), new URL(request.url()), request.headers()["content-type"]));
    }
  });
  const noise: string[] = [];
  page.on("console", (message) => noise.push(message.text()));
  page.on("pageerror", (error) => noise.push(`not caught: ${error.message}`));
  await page.exposeFunction("mint", mintAt(setting));
  await page.goto(name === "foreign" ? `http://127.0.0.1:${port}` : setting.origin);
  await page.waitForFunction(() => "act" in globalThis);
  const reasons = await page.evaluate(([name, codec, setting]) => globalThis.act(name, codec, setting), [
    name,
    codec,
    setting,
  ] as const);
  const unexpected = noise.filter((text) => !NOISE[name].some((expected) => expected.test(text)));
  if (unexpected.length > 0) {
    throw new Error(`the browser's console says in the act ${name}, ${codec}:\n${unexpected.join("\n")}`);
  }
  return reasons;
}

const { host } = new URL(setting.origin);
const port = await serve();
const launched = await chromium.launch({
  executablePath: browser(),
  args: ["--no-sandbox", `--host-resolver-rules=MAP ${host} 127.0.0.1:${port}`],
});
try {
  const inCodec = async (codec: Codec): Promise<string[]> => {
    const acts: Act[] = [...actsIn(codec, "binary"), "foreign"];
    const reasons = await Promise.all(acts.map(async (name) => act(await launched.newPage(), name, codec)));
    return reasons.flat();
  };
  const [inJson, inBinary] = await Promise.all([inCodec("json"), inCodec("binary")]);
  const report: Report = { calls: [...calls], reasons: { json: inJson, binary: inBinary } };
  console.log(JSON.stringify(report));
} finally {
  await launched.close();
}

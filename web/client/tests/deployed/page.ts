// What the browser loads: the client, and the plays.
import { overFetch, type Token } from "../../src/index.ts";
import { play, type Act } from "./play.ts";
import type { Codec, Setting } from "./setting.ts";

declare global {
  /** Node asks the issuer: it has no CORS headers. */
  function mint(subject: string, permissions: string[], seconds: number): Promise<Token>;
  function act(name: Act, codec: Codec, setting: Setting): Promise<string[]>;
}

globalThis.act = (name, codec, setting) => {
  const transport = overFetch();
  return play(name, { setting, codec, name: `browser-${codec}`, mint: globalThis.mint, transport, isBrowser: true });
};

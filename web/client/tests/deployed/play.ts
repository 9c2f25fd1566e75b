import { Cast } from "./cast.ts";
import { foreign, hidden } from "./hidden.ts";
import { refusals } from "./refusals.ts";
import { raw } from "./raw.ts";
import type { Codec, Stage } from "./setting.ts";
import { story } from "./story.ts";

/** Each by itself, because a browser writes to its console in all but the first. The last is for a browser only. */
export const ACTS = { story, refusals, raw, hidden, foreign };

export type Act = keyof typeof ACTS;

/**
 * What is played in a codec. The refusals take the longest and come in JSON whatever was asked, so they are played in one
 * codec: in JSON in Node, in binary in a browser.
 */
export function actsIn(codec: Codec, ofRefusals: Codec): Act[] {
  const acts: Act[] = ["story", "raw", "hidden"];
  return codec === ofRefusals ? [...acts, "refusals"] : acts;
}

/** Plays one act with customers of its own, and returns the reasons that were told. */
export async function play(act: Act, stage: Stage): Promise<string[]> {
  const cast = new Cast({ ...stage, name: `${stage.name}-${act}` });
  await ACTS[act](cast);
  return [...cast.reasons];
}

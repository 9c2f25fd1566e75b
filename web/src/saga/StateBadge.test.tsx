import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { Sign } from "../ui/Sign.tsx";
import { MARKS, type SignName } from "../ui/signs.ts";
import { CREATE_ORDER } from "./model/fixtures/definitions.ts";
import { toldOf } from "./model/fixtures/acts.ts";
import { STANDING_WORDS } from "./model/words.ts";
import type { Standing } from "./model/told.ts";
import { SagaView } from "./SagaView.tsx";
import { StateBadge } from "./StateBadge.tsx";

const SIGNS = Object.keys(MARKS) as SignName[];

/** The first sign in some HTML, and the word after it. */
function signAndWord(html: string): string[] {
  return /(<svg.*?<\/svg>)([^<]*)/.exec(html)?.slice(1) ?? [];
}

test("each sign is drawn in lines of its own, so that nobody needs its colour", () => {
  const lines = SIGNS.map((of) => renderToStaticMarkup(<Sign of={of} />).replaceAll(/ class="[^"]*"/g, ""));
  expect(new Set(lines).size).toBe(SIGNS.length);
});

test("a saga's state has one sign and one word, in a list and on the saga's own page", () => {
  for (const standing of Object.keys(STANDING_WORDS) as Standing[]) {
    const badge = signAndWord(renderToStaticMarkup(<StateBadge standing={standing} />));
    expect(badge[1]).toBe(STANDING_WORDS[standing]);
    const told = toldOf(CREATE_ORDER, standing, []);
    const page = renderToStaticMarkup(<SagaView told={told} definitions={[CREATE_ORDER]} areMissing={false} />);
    expect(signAndWord(page)).toEqual(badge);
  }
});

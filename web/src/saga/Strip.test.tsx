import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { MARKS } from "../ui/signs.ts";
import { Strip } from "./Strip.tsx";
import { CREATE_ORDER } from "./model/fixtures/definitions.ts";
import { planOf } from "./model/plan.ts";
import { stripOf } from "./model/strip.ts";

const all = (html: string, pattern: RegExp) => [...html.matchAll(pattern)].map(([, found]) => found);

test("a strip is an image with a name, and each of its boxes says its step and how it stands", () => {
  const latest = { name: "authorize-card", outcome: "refused" } as const;
  const glimpse = { standing: "compensating", latest, reason: "CARD_DECLINED", turnedAt: "authorize-card" } as const;
  const boxes = stripOf(planOf(CREATE_ORDER), glimpse);
  const html = renderToStaticMarkup(<Strip boxes={boxes} />);
  expect(html).toContain('role="img" aria-label="1 of 4 steps done, 1 refused"');
  expect(all(html, /<title>(.*?)<\/title>/g)).toEqual([
    "Create ticket: Done",
    "Authorize card: Refused",
    "Approve ticket: Not needed",
    "Approve order: Not needed",
  ]);
  expect(all(html, /<path[^>]* d="(.*?)"/g)).toEqual([MARKS.refused]);
  expect(renderToStaticMarkup(<Strip boxes={[{ name: "a", class: "plain", state: "unclear" }]} />)).toContain(
    "<title>A: Not told here</title>",
  );
});

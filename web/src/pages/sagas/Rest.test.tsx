import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { SagaSummarySchema } from "order-saga-client/operations";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test, vi } from "vitest";
import { BadRequestSchema } from "../../../client/src/gen/proto/google/rpc/error_details_pb.js";
import { Rest } from "./Rest.tsx";

const LOST = new ConnectError("invalid", Code.InvalidArgument, undefined, [
  { desc: BadRequestSchema, value: { fieldViolations: [{ field: "page_token", description: "is too old" }] } },
]);

/** The words after a list with so many sagas, of which more are said to follow. */
function after(count: number, error: unknown = null, isFull = false): string {
  const sagas = Array.from({ length: count }, (_, at) => create(SagaSummarySchema, { sagaId: String(at) }));
  const listing = { sagas, next: isFull ? undefined : { pageToken: "b" }, isFull };
  const more = { error, isPending: false, mutate: vi.fn() };
  return renderToStaticMarkup(<Rest {...{ listing, nothing: "nothing", more }} startAgain={vi.fn()} />);
}

test("a list that cannot be read on says so, and offers what helps instead of what would be refused again", () => {
  for (const count of [0, 2]) {
    const words = after(count, LOST);
    expect(words).toContain("The list cannot be read on from here");
    expect(words).toContain("Narrow the filters");
    expect(words).toContain(">Start again</button>");
    expect(words).not.toContain("Show more");
    expect(words).not.toContain("Look further");
  }
});

test("a list that goes on can be read on", () => {
  expect(after(2)).toContain(">Show more</button>");
  expect(after(0)).toContain(">Look further</button>");
});

test("a list that has more than can be shown says so", () => {
  expect(after(2, null, true)).toContain("as many as are shown at once: narrow the filters");
  expect(after(2)).not.toContain("as many as are shown");
});

import { fromJson, type JsonObject } from "@bufbuild/protobuf";
import { SagaSummarySchema } from "order-saga-client/operations";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { Router } from "wouter";
import { CREATE_ORDER } from "../../saga/model/fixtures/definitions.ts";
import { planOf } from "../../saga/model/plan.ts";
import { SagaRow } from "./SagaRow.tsx";
import type { PlanOf } from "./usePlans.ts";

function row(saga: JsonObject, plan: PlanOf): string {
  const message = fromJson(SagaSummarySchema, { sagaId: "0192f0c1-7b1e-7c3a-9c59-3f1f6d9a0b11", ...saga });
  return renderToStaticMarkup(
    <Router ssrPath="/sagas">
      <SagaRow saga={message} planOf={plan} isGone={false} />
    </Router>,
  );
}

test("a saga is told in the words of its own page, and its raw name can be seen", () => {
  const html = row({ name: "create-order", version: 2, latest: { name: "approve-order" } }, () => null);
  expect(html).toContain(">Create order ");
  expect(html).toContain('title="create-order version 2, 0192f0c1');
  expect(html).toContain('title="approve-order">Approve order<');
});

test("a state of a newer server is a state that is not known, and takes nothing down", () => {
  const html = row({ name: "create-order", state: 9 }, () => planOf(CREATE_ORDER));
  expect(html).toContain("Unknown");
  expect(html).toContain('role="img"');
});

test("a saga that went back shows in which step it turned", () => {
  const saga = { name: "create-order", state: 4, latest: { name: "reject-order", state: 2 }, reason: "CARD_DECLINED" };
  const html = row({ ...saga, turnedAt: "authorize-card" }, () => planOf(CREATE_ORDER));
  expect(html).toContain("<title>Create ticket: Undone</title>");
  expect(html).toContain("<title>Authorize card: Refused</title>");
  // A server of an earlier version does not tell it.
  expect(row(saga, () => planOf(CREATE_ORDER))).toContain("<title>Authorize card: Not told here</title>");
});

test("a saga has no strip while its definition is not there, and a dash if it never will be", () => {
  const saga = {
    name: "create-order",
    subject: "order",
    startedAt: "2026-01-01T00:00:00Z",
    latest: { name: "a" },
    reason: "REFUSED",
  };
  const [early, never] = [row(saga, () => undefined), row(saga, () => null)];
  for (const html of [early, never]) {
    expect(html).not.toContain('role="img"');
  }
  expect([early.split("–").length, never.split("–").length]).toEqual([1, 2]);
});

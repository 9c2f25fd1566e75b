import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { systemClock } from "../src/clock.ts";

test("a sleep ends in time, or with the signal", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  try {
    let awake = false;
    const sleeping = systemClock.sleep(1000).then(() => (awake = true));
    mock.timers.tick(999);
    await Promise.resolve();
    assert.equal(awake, false);
    mock.timers.tick(1);
    await sleeping;
    assert.equal(systemClock.now(), 1000);
    const controller = new AbortController();
    const aborted = systemClock.sleep(1000, controller.signal);
    controller.abort(new Error("left"));
    await assert.rejects(aborted, /left/);
    await assert.rejects(systemClock.sleep(1000, controller.signal), /left/);
  } finally {
    mock.timers.reset();
  }
});

test("chance is between 0 and 1", () => {
  const random = systemClock.random();
  assert.ok(random >= 0 && random < 1);
});

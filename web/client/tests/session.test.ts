import assert from "node:assert/strict";
import { test } from "node:test";
import { Session, tokenOf } from "../src/session.ts";
import { FakeClock, FakeIssuer } from "./fakes.ts";

function session() {
  const clock = new FakeClock();
  const issuer = new FakeIssuer(clock);
  return { clock, issuer, session: new Session(issuer.supply, clock) };
}

test("a token is kept until a minute before it expires, and then renewed", async () => {
  const { clock, issuer, session: kept } = session();
  assert.equal(await kept.token(), "token-1");
  clock.time += 3_539_999;
  assert.equal(await kept.token(), "token-1");
  clock.time += 1;
  assert.equal(await kept.token(), "token-2");
  assert.deepEqual(issuer.asked, [false, true], "the first may come from a cache, the second may not");
});

test("a token with a short life is used for half of it", async () => {
  const { clock, issuer, session: kept } = session();
  issuer.seconds = 20;
  assert.equal(await kept.token(), "token-1");
  clock.time += 9_999;
  assert.equal(await kept.token(), "token-1");
  clock.time += 1;
  assert.equal(await kept.token(), "token-2");
});

test("calls that need a token at the same time wait for the same", async () => {
  const { issuer, session: kept } = session();
  assert.deepEqual(await Promise.all([kept.token(), kept.token()]), ["token-1", "token-1"]);
  assert.deepEqual(await Promise.all([kept.another("token-1"), kept.another("token-1")]), ["token-2", "token-2"]);
  assert.deepEqual(issuer.asked, [false, true]);
});

test("a token that another call has renewed is not renewed again", async () => {
  const { issuer, session: kept } = session();
  await kept.token();
  await kept.another("token-1");
  assert.equal(await kept.another("token-1"), "token-2");
  assert.equal(await kept.perhapsAnother("token-1"), "token-2");
  assert.equal(issuer.asked.length, 2);
  assert.equal(await kept.perhapsAnother("token-2"), "token-3", "the suspicion before was none");
});

test("an issuer that gives the refused token again has no other", async () => {
  const clock = new FakeClock();
  const kept = new Session(async () => ({ value: "same", expiresAt: clock.time + 3_600_000 }), clock);
  await kept.token();
  assert.equal(await kept.another("same"), undefined);
});

test("a suspicion asks the issuer at most every half minute", async () => {
  const { clock, issuer, session: kept } = session();
  await kept.token();
  // Two calls fail at the same time: the second waits for what the first has asked.
  const both = [kept.perhapsAnother("token-1"), kept.perhapsAnother("token-1")];
  assert.deepEqual(await Promise.all(both), ["token-2", "token-2"]);
  assert.equal(await kept.perhapsAnother("token-2"), undefined);
  clock.time += 29_999;
  assert.equal(await kept.perhapsAnother("token-2"), undefined);
  clock.time += 1;
  assert.equal(await kept.perhapsAnother("token-2"), "token-3");
  assert.equal(issuer.asked.length, 3);
});

test("an issuer that fails is asked again by the next call", async () => {
  const clock = new FakeClock();
  let fails = true;
  const supply = async () => {
    if (fails) {
      throw new Error("login_required");
    }
    return { value: "token", expiresAt: clock.time + 3_600_000 };
  };
  const kept = new Session(supply, clock);
  await assert.rejects(kept.token(), /login_required/);
  fails = false;
  assert.equal(await kept.token(), "token");
});

test("a JWT tells when it expires, however old the answer is that it came with", () => {
  const jwt = (claims: string) => `e30.${Buffer.from(claims).toString("base64url")}.sig`;
  const value = jwt('{"name":"\u00ff>>>>>>??????","exp":1764133200}');
  assert.match(value, /-.*_/);
  assert.deepEqual(tokenOf(value), { value, expiresAt: 1_764_133_200_000 });
  for (const other of ["", "opaque", "a.b.c", jwt("null"), jwt("{}"), jwt('{"exp":"soon"}'), jwt("{")]) {
    assert.throws(() => tokenOf(other), /claim exp/, other);
  }
});

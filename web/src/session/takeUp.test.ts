import { AuthenticationError } from "@auth0/auth0-spa-js";
import { expect, test } from "vitest";
import { storage } from "../api/storage.fake.ts";
import { leaveFrom, takeUp } from "./takeUp.ts";

const unreached = () => Promise.reject(new TypeError("Failed to fetch"));
const refused = (error: string) => () => Promise.reject(new AuthenticationError(error, "no", "state"));
const answered = () => Promise.resolve({} as never);

/** A tab that has left for the issuer from a path, and what it shows after it has come back with this query. */
async function comeBack(query: string, handleRedirectCallback: () => Promise<never>, getTokenSilently = unreached) {
  const shown: (string | URL | null | undefined)[] = [];
  const tab = {
    location: { search: query },
    history: { replaceState: (_: unknown, __: string, path?: string | URL | null) => void shown.push(path) },
    sessionStorage: storage(),
  };
  leaveFrom("/orders/1?a=b", tab);
  // As the SDK does: it asks for a session only if it knows of one, and tells nobody of a failure.
  const client = {
    handleRedirectCallback,
    getTokenSilently: getTokenSilently,
    async checkSession() {
      await this.getTokenSilently().catch(() => undefined);
    },
  };
  const wayIn = await takeUp(client, tab);
  return { ...wayIn, shown, kept: tab.sessionStorage.length };
}

/** A client that knows of no session, as before the first sign-in. */
const nothing = () => Promise.resolve(undefined as never);

test("whoever has signed in is where they left", async () => {
  const there = { refusal: undefined, isAway: false, shown: ["/orders/1?a=b"], kept: 0 };
  expect(await comeBack("?code=c&state=s", answered)).toEqual(there);
});

test("an issuer that goes away before the code is exchanged is told, and the path is kept", async () => {
  const away = { refusal: undefined, isAway: true, shown: ["/orders/1?a=b"], kept: 0 };
  expect(await comeBack("?code=c&state=s", unreached, nothing)).toEqual(away);
  expect(await comeBack("?error=server_error&state=s", refused("server_error"), nothing)).toEqual(away);
  const before = await comeBack("?error=access_denied&state=s", refused("access_denied"), unreached);
  expect(before, "somebody was signed in before").toEqual({ ...away, refusal: "access_denied" });
});

test("a refusal is told by its code, unless it only says that nobody is signed in", async () => {
  const told = { refusal: "access_denied", isAway: false, shown: ["/orders/1?a=b"], kept: 0 };
  expect(await comeBack("?error=access_denied&state=s", refused("access_denied"), nothing)).toEqual(told);
  const silent = { ...told, refusal: undefined };
  expect(await comeBack("?error=login_required&state=s", refused("login_required"), nothing)).toEqual(silent);
});

test("a page that comes from nowhere stays where it is, and asks for the session that there may be", async () => {
  for (const query of ["", "?code=c", "?state=RUNNING"]) {
    expect(await comeBack(query, answered, nothing)).toEqual({ refusal: undefined, isAway: false, shown: [], kept: 1 });
    expect((await comeBack(query, answered, unreached)).isAway).toBe(true);
  }
});

import { Auth0Client } from "@auth0/auth0-spa-js";
import workerUrl from "@auth0/auth0-spa-js/dist/auth0-spa-js.worker.production.js?url";
import type { Config } from "../config.ts";
import { claimsOf } from "./claims.ts";
import { forget, sharedByTabs } from "./kept.ts";
import { leaveFrom, takeUp, type WayIn } from "./takeUp.ts";

/** Who is signed in, as the tokens say; the API decides for itself what they may do. */
export interface Person {
  subject: string;
  name: string;
  permissions: ReadonlySet<string>;
}

/** A person and their tokens; each sign-in has a session of its own. */
export interface Session {
  person: Person;
  /** An access token; a new one from the issuer if `renew` is true. */
  accessToken: (wanted: { renew: boolean }) => Promise<string>;
  signOut: () => Promise<void>;
}

/** The way in. */
export interface Entrance extends WayIn {
  /** The session that there is, or undefined. */
  session: Session | undefined;
  /** Leaves for the issuer's page, and comes back to this path. */
  signIn: (path?: string) => Promise<void>;
}

/** Takes up the session that there is, also when the page has just come back from the issuer. */
export async function enter({ issuer, clientId, audience }: Config): Promise<Entrance> {
  const client = new Auth0Client({
    // The SDK takes a domain for https, and an address for what it is.
    domain: issuer.replace(/^https:\/\//, "").replace(/\/$/, ""),
    clientId,
    authorizationParams: {
      audience,
      redirect_uri: window.location.origin,
      scope: "openid profile email offline_access",
    },
    cacheLocation: "memory",
    useRefreshTokens: true,
    useRefreshTokensFallback: true,
    workerUrl,
    // Of an issuer that does not answer; nobody looks at an empty page for longer.
    authorizeTimeoutInSeconds: 10,
  });
  const signIn = async (path = window.location.pathname + window.location.search) => {
    leaveFrom(path);
    await client.loginWithRedirect();
  };
  // The way back in the history shows a page as it was left, with a session that may have ended since.
  window.addEventListener("pageshow", ({ persisted }) => persisted && window.location.reload());
  const wayIn = await takeUp(client);
  return { session: await sessionOf(client), ...wayIn, signIn };
}

async function sessionOf(client: Auth0Client): Promise<Session | undefined> {
  const user = await client.getUser();
  if (user?.sub === undefined) {
    return undefined;
  }
  const subject = user.sub;
  const accessToken: Session["accessToken"] = async ({ renew }) => {
    const token = await client.getTokenSilently({ cacheMode: renew ? "off" : "on" });
    // After somebody else has signed in beside this page, the issuer renews with their token: the page is not theirs.
    if (token === undefined || claimsOf(token).subject !== subject) {
      throw new Error("the issuer gives no token to this person any more: sign in again");
    }
    return token;
  };
  const permissions = new Set(claimsOf(await accessToken({ renew: false })).permissions);
  return {
    person: { subject, name: user.name ?? subject, permissions },
    accessToken,
    signOut: signingOut(client, subject),
  };
}

/** Signs a person out, in every tab of the console. */
function signingOut(client: Auth0Client, subject: string): Session["signOut"] {
  const tabs = new BroadcastChannel("signed out");
  tabs.addEventListener("message", () => {
    forget(subject, sharedByTabs(), window.sessionStorage);
    window.location.reload();
  });
  // The SDK's cookie is gone by then, so that no tab takes the session up again before the issuer has ended it.
  const openUrl = (url: string) => {
    forget(subject, sharedByTabs(), window.sessionStorage);
    tabs.postMessage(null);
    // The browser may keep the page for the way back: nothing of it is to be seen there.
    document.body.hidden = true;
    window.location.assign(url);
  };
  return () => client.logout({ logoutParams: { returnTo: window.location.origin }, openUrl });
}

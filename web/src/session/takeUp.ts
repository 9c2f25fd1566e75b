import { AuthenticationError, type Auth0Client, type GetTokenSilentlyOptions } from "@auth0/auth0-spa-js";
import { isIssuerAway } from "order-saga-client";

/** How the way in went. */
export interface WayIn {
  /** The error's code with which the issuer has just refused a sign-in. */
  refusal: string | undefined;
  /** Whether the issuer gave no answer, so that nobody knows who is signed in. */
  isAway: boolean;
}

/** What is asked of the SDK. */
type Client = Pick<Auth0Client, "checkSession" | "getTokenSilently" | "handleRedirectCallback">;

/** What is used of the tab. */
interface Tab {
  location: Pick<Location, "search">;
  history: Pick<History, "replaceState">;
  sessionStorage: Storage;
}

/** Where the tab keeps its path while it is at the issuer's: the SDK forgets its own note before it asks who has come back. */
const PATH = "the path before the sign-in";

/** Keeps the path to which whoever signs in comes back. */
export function leaveFrom(path: string, tab: Tab = window): void {
  tab.sessionStorage.setItem(PATH, path);
}

/** A sign-in that has just ended is completed; otherwise the issuer is asked, unseen, whether there is a session. */
export async function takeUp(client: Client, tab: Tab = window): Promise<WayIn> {
  const query = new URLSearchParams(tab.location.search);
  if (!query.has("state") || !(query.has("code") || query.has("error"))) {
    return { refusal: undefined, isAway: await isAwayAsked(client) };
  }
  const path = tab.sessionStorage.getItem(PATH) ?? "/";
  tab.sessionStorage.removeItem(PATH);
  try {
    await client.handleRedirectCallback();
    return { refusal: undefined, isAway: false };
  } catch (error) {
    // The code was used before (the way back in the history, say), or the issuer has refused or gone away: begin anew.
    if (isIssuerAway(error)) {
      return { refusal: undefined, isAway: true };
    }
    const refused = error instanceof AuthenticationError ? error.error : undefined;
    const isAway = await isAwayAsked(client);
    return { refusal: refused === "login_required" ? undefined : refused, isAway };
  } finally {
    tab.history.replaceState(null, "", path);
  }
}

/** Asks the issuer for the session that there may be. The SDK asks only if there was one, and keeps its failure to itself. */
async function isAwayAsked(client: Client): Promise<boolean> {
  let failure: unknown;
  const getTokenSilently = (options?: GetTokenSilentlyOptions) =>
    client.getTokenSilently(options).catch((error: unknown) => {
      failure = error;
      throw error;
    });
  const asking = Object.create(client, { getTokenSilently: { value: getTokenSilently } }) as Client;
  await asking.checkSession();
  return isIssuerAway(failure);
}

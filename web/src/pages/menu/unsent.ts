import { isIssuerAway, isNoAnswer } from "order-saga-client";

/** The network was not there from the press to the last try: nothing has left this device. */
export class Unsent extends Error {}

/**
 * What the call gives; `Unsent` if it got no answer while the network was never there. The network may come and go between two
 * tries, and a local API answers without any network.
 */
export async function sent<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  let isOffline = !navigator.onLine;
  const comesBack = () => {
    isOffline = false;
  };
  window.addEventListener("online", comesBack);
  try {
    return await call();
  } catch (error) {
    const isUnanswered = isNoAnswer(error) || isIssuerAway(error);
    throw isOffline && isUnanswered ? new Unsent() : error;
  } finally {
    window.removeEventListener("online", comesBack);
  }
}

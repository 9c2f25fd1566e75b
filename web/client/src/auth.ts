import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import { isNoAnswer } from "./answer.ts";
import { isIssuerAway } from "./network.ts";
import { isOnce } from "./once.ts";
import { isRepeatable } from "./repeatable.ts";
import type { Session } from "./session.ts";

/**
 * Sends the session's token. After a 401, and after an answer that cannot be read and so may have been a 401, the token
 * is renewed and the call sent once more, if it may be sent twice.
 */
export function authorized(session: Session): Interceptor {
  return (next) => async (request) => {
    const { header, signal } = request;
    const send = (token: string) => {
      header.set("Authorization", `Bearer ${token}`);
      return next(request);
    };
    const token = await whileWanted(session.token(), signal).catch(noToken);
    try {
      return await send(token);
    } catch (error) {
      if (request.stream || signal.aborted || !isRepeatable(request)) {
        throw error;
      }
      // If no token can be had, the API's answer tells the caller more than the issuer's.
      const renewed = await whileWanted(renewal(session, token, error), signal).catch(() => undefined);
      // The next call of a screen that asks again anyway has the new token; a 401 that can be read would stop it.
      const isLeftToNext = isOnce(request) && isNoAnswer(error);
      if (renewed === undefined || isLeftToNext) {
        throw error;
      }
      return await send(renewed);
    }
  };
}

async function renewal(session: Session, token: string, error: unknown): Promise<string | undefined> {
  if (isNoAnswer(error)) {
    return session.perhapsAnother(token);
  }
  const isRefused = error instanceof ConnectError && error.code === Code.Unauthenticated;
  return isRefused ? session.another(token) : undefined;
}

function noToken(cause: unknown): never {
  if (cause instanceof ConnectError) {
    throw cause;
  }
  const [message, code] = isIssuerAway(cause)
    ? ["the issuer of tokens cannot be reached: try again", Code.Unavailable]
    : ["there is no access token: log in again", Code.Unauthenticated];
  throw new ConnectError(message, code, undefined, undefined, cause);
}

/** The promise, unless the signal aborts first: a silent issuer must not hold a call beyond its deadline. */
function whileWanted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const aborted = () => reject(signal.reason);
    if (signal.aborted) {
      aborted();
    }
    signal.addEventListener("abort", aborted, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", aborted));
  });
}

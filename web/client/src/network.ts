/** What browsers and Node say when `fetch` gets no answer. */
const FETCH_FAILED =
  /failed to fetch|fetch failed|load failed|network\s?(error|connection)|timeout when executing 'fetch'/i;

/** The codes of Node's own errors when a connection fails or breaks. */
const NODE_CODE = /^(E(CONN|PIPE|TIMEDOUT|HOST|NET|AI_|NOTFOUND)|UND_|HPE_)/;

/** Whether Node says by a code that a connection has failed, in the error or in a cause of it. */
export function isConnectionLost(error: unknown): boolean {
  return causes(error).some((cause) => NODE_CODE.test(textOf(cause, "code")));
}

/** Whether the error is no answer of an issuer of tokens, but that there is none now: asking again may help. */
export function isIssuerAway(error: unknown): boolean {
  return causes(error).some((cause) => {
    const timedOut = cause.name === "TimeoutError" || cause.name === "NetworkError";
    const passes = ["timeout", "temporarily_unavailable", "server_error"].includes(textOf(cause, "error"));
    return timedOut || passes || FETCH_FAILED.test(cause.message) || NODE_CODE.test(textOf(cause, "code"));
  });
}

/** The error, its cause, the cause of that, and so on. */
function causes(error: unknown): Error[] {
  const found: Error[] = [];
  while (error instanceof Error && !found.includes(error)) {
    found.push(error);
    error = error.cause;
  }
  return found;
}

function textOf(error: Error, name: string): string {
  const value: unknown = Object.getOwnPropertyDescriptor(error, name)?.value;
  return typeof value === "string" ? value : "";
}

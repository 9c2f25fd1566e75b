import { Code, ConnectError } from "@connectrpc/connect";

/**
 * Nobody can tell what became of the call: the network failed, or an answer came that a browser hides from the page.
 * API Gateway's own 401, 403, 404, 429 and 5xx are hidden where they carry no CORS headers.
 */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

/** Whether nobody can tell what became of the call. */
export function isNoAnswer(error: unknown): boolean {
  return error instanceof ConnectError && error.cause instanceof NoAnswer;
}

/**
 * `fetch`, with `unavailable` for whatever is no answer of the API: no answer at all, half an answer, or a gateway's
 * own 5xx.
 */
export function fetchAnswers(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const answer = await readAll(fetch, input, init).catch((cause: unknown) => {
      throw noAnswer(cause);
    });
    if (answer.status >= 500 && !(await isOfTheApi(answer))) {
      throw new ConnectError(`the gateway answered ${answer.status}`, Code.Unavailable, answer.headers);
    }
    return answer;
  };
}

/** What is thrown for a call without an answer. */
export function noAnswer(cause: unknown): ConnectError {
  const why = new NoAnswer("the network failed, or the browser hides the answer from the page", { cause });
  return new ConnectError("the API gave no answer that can be read", Code.Unavailable, undefined, undefined, why);
}

/** Reads the body as well, so that an answer that breaks off is noticed here. */
async function readAll(
  fetch: typeof globalThis.fetch,
  input: RequestInfo | URL,
  init: RequestInit | undefined,
): Promise<Response> {
  const answer = await fetch(input, init);
  const body = await answer.arrayBuffer();
  const { status, statusText, headers } = answer;
  return new Response(body, { status, statusText, headers });
}

/** A refusal of the API has a code. */
async function isOfTheApi(answer: Response): Promise<boolean> {
  const refusal: unknown = await answer
    .clone()
    .json()
    .catch(() => undefined);
  return typeof refusal === "object" && refusal !== null && "code" in refusal;
}

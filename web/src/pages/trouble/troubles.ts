/** A trouble, as the local AWS tells of it. */
export interface Trouble {
  /** Its name in addresses. */
  id: string;
  title: string;
  /** The promise that it puts to the test, in the words of the engine's README. */
  promise: string;
  /** How the system keeps it. */
  shows: string;
  /** What to look for on the order's page. */
  lookFor: string;
  /** How long the order takes that meets it. */
  takesSeconds: number;
  /** How long it is on at the most; 0 for an order that is trouble enough by itself. */
  lastsSeconds: number;
  /** The order that meets it. */
  order: TroubleOrder;
  /** When it began and when it will have ended; null while it is off. */
  on: { since: string; endsAt: string } | null;
  /** The title of the trouble that is on and in its way; null if it could begin. */
  waitsFor: string | null;
}

/** The order that meets a trouble. */
export interface TroubleOrder {
  cardToken: string;
  /** Whether it must ask for more than there is. */
  moreThanThereIs: boolean;
}

/** Why a trouble was not switched. */
export class TroubleError extends Error {
  override readonly name = "TroubleError";
  /** The server's name for the reason, such as ALREADY_ON; empty when it gave no answer. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** All troubles. */
export async function listTroubles(url: string, signal: AbortSignal): Promise<Trouble[]> {
  const { troubles } = (await answerOf(fetch(`${url}/troubles`, { signal }))) as { troubles: Trouble[] };
  return troubles;
}

/** Switches a trouble on; it is no mistake if it is on already. */
export async function switchOn(url: string, id: string): Promise<void> {
  try {
    await post(`${url}/troubles/${id}/start`);
  } catch (error) {
    if (!(error instanceof TroubleError && error.code === "ALREADY_ON")) {
      throw error;
    }
  }
}

/** Switches a trouble off. */
export async function switchOff(url: string, id: string): Promise<void> {
  await post(`${url}/troubles/${id}/end`);
}

/** Switches all troubles off. */
export async function switchAllOff(url: string): Promise<void> {
  await post(`${url}/troubles/end`);
}

/** The troubles under their promises, both in the order in which they are told. */
export function byPromise(all: readonly Trouble[]): { promise: string; troubles: Trouble[] }[] {
  const promises = new Set(all.map(({ promise }) => promise));
  return [...promises].map((promise) => ({ promise, troubles: all.filter((trouble) => trouble.promise === promise) }));
}

/** Whole seconds until a trouble ends, and never less than none. */
export function secondsLeft(endsAt: string, now: number): number {
  return Math.max(0, Math.ceil((Date.parse(endsAt) - now) / 1_000));
}

async function post(address: string): Promise<unknown> {
  const headers = { "content-type": "application/json" };
  return answerOf(fetch(address, { method: "POST", headers, body: "{}" }));
}

async function answerOf(asked: Promise<Response>): Promise<unknown> {
  let answer: Response;
  let body: unknown;
  try {
    answer = await asked;
    body = await answer.json();
  } catch (cause) {
    throw new TroubleError("", "The local AWS does not answer: is `make up` still running?", { cause });
  }
  if (!answer.ok) {
    const { error } = body as { error?: { code: string; message: string } };
    throw new TroubleError(error?.code ?? "", error?.message ?? `The local AWS answered ${answer.status}.`);
  }
  return body;
}

import { Code, type Interceptor } from "@connectrpc/connect";
import type { Clock } from "./clock.ts";
import { isOnce } from "./once.ts";
import { reasonOf, type Reason } from "./reason.ts";
import { isRepeatable } from "./repeatable.ts";

/** How often and how long a call is repeated while the API is unavailable. */
export interface Patience {
  /** How often a call is sent at most; 1 repeats nothing. */
  attempts: number;
  /** The first pause at most; it doubles. */
  firstPauseMs: number;
  /** The longest pause. */
  longestPauseMs: number;
  /** When this has passed since the first attempt, no other is begun. */
  totalMs: number;
}

/** Four attempts within half a minute. */
export const PATIENCE: Patience = { attempts: 4, firstPauseMs: 250, longestPauseMs: 5_000, totalMs: 30_000 };

const TIMEOUT = "Connect-Timeout-Ms";

/**
 * Repeats what is `unavailable`, and what took the API too long, after the pause that the API asks for or after a
 * random pause that grows. Other refusals with a pause, such as ORDER_LOCKED, are the caller's to repeat: a person may
 * have changed their mind.
 */
export function patient(patience: Patience, clock: Clock): Interceptor {
  return (next) => async (request) => {
    if (request.stream || isOnce(request)) {
      return next(request);
    }
    const begun = clock.now();
    const timeout = Number(request.header.get(TIMEOUT) ?? Infinity);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await next(request);
      } catch (error) {
        const reason = reasonOf(error);
        const pause = pauseAfter(reason, attempt, patience, clock);
        const passed = clock.now() - begun + pause;
        const isLast = attempt >= patience.attempts || passed >= Math.min(patience.totalMs, timeout);
        if (isLast || !mayPass(reason) || !isRepeatable(request)) {
          throw error;
        }
        await clock.sleep(pause, request.signal);
        if (timeout < Infinity) {
          // The API stops working on it when its caller has stopped waiting.
          request.header.set(TIMEOUT, String(Math.max(1, Math.ceil(timeout - (clock.now() - begun)))));
        }
      }
    }
  };
}

function mayPass({ code, retryAfterMs }: Reason): boolean {
  return code === Code.Unavailable || (code === Code.DeadlineExceeded && retryAfterMs !== undefined);
}

/** With chance in it: those who were turned away together should not come back together. */
function pauseAfter({ retryAfterMs }: Reason, attempt: number, patience: Patience, clock: Clock): number {
  if (retryAfterMs !== undefined) {
    return retryAfterMs * (1 + clock.random() / 4);
  }
  return Math.min(patience.longestPauseMs, patience.firstPauseMs * 2 ** (attempt - 1)) * clock.random();
}

import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

/** Milliseconds since 1970, once a second; all who ask share the timer, and it rests while the page is hidden. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, latest, latest);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    tick();
    timer = setInterval(() => document.visibilityState === "visible" && tick(), 1_000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

function latest(): number {
  return now;
}

function tick(): void {
  now = Date.now();
  for (const listener of listeners) {
    listener();
  }
}

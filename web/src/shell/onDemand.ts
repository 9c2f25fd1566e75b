import { lazy, type ComponentType, type LazyExoticComponent } from "react";

/** The code of a page did not come, and may not come any more without a reload: some browsers keep what failed, React does. */
export class NotLoaded extends Error {
  override readonly name = "NotLoaded";
  /** When it failed first, by the page's clock. */
  readonly at = performance.now();
}

/** A page whose code is loaded when it is wanted, or before. */
export interface OnDemand<Props> {
  Page: LazyExoticComponent<ComponentType<Props>>;
  load: () => Promise<unknown>;
}

/** Makes a page of what imports it. */
export function onDemand<Props>(load: () => Promise<{ default: ComponentType<Props> }>): OnDemand<Props> {
  let loading: ReturnType<typeof load> | undefined;
  let failure: NotLoaded | undefined;
  const once = () => {
    loading ??= load().catch((cause: unknown) => {
      // Whoever opens the page tries once more: some browsers ask the network again then.
      loading = undefined;
      failure ??= new NotLoaded(`the code of a page did not come: ${String(cause)}`, { cause });
      throw failure;
    });
    return loading;
  };
  return { Page: lazy(once), load: once };
}

/** Loads one after the other as soon as the browser has nothing else to do, so that they can be opened offline; returns what stops it. */
export function loadWhenIdle(loads: readonly (() => Promise<unknown>)[]): () => void {
  let isWanted = true;
  whenIdle(() => {
    void (async () => {
      for (const load of loads) {
        if (isWanted) {
          // What did not come is told to whoever opens it.
          await load().catch(() => undefined);
        }
      }
    })();
  });
  return () => {
    isWanted = false;
  };
}

/** Not every browser says when it is idle. */
function whenIdle(deed: () => void): void {
  if ("requestIdleCallback" in window) {
    window.requestIdleCallback(deed);
  } else {
    setTimeout(deed, SOME_TIME_MS);
  }
}

const SOME_TIME_MS = 2_000;

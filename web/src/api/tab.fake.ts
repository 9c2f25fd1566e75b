import { environmentManager, focusManager } from "@tanstack/react-query";
import { vi } from "vitest";
import { queryClient } from "./queryClient.ts";

/** A browser's tab for tests, in sight at first, in which time passes when a test lets it. */
export function openTab() {
  vi.useFakeTimers();
  // Without a window the cache takes itself for a server's, which asks nothing again.
  environmentManager.setIsServer(() => false);
  focusManager.setFocused(true);
  const queries = queryClient();
  queries.mount();
  return {
    /** The cache, as the pages have it. */
    queries,
    hide: () => focusManager.setFocused(false),
    show: () => focusManager.setFocused(true),
    pass: (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds),
    close: () => {
      queries.unmount();
      queries.clear();
      focusManager.setFocused(undefined);
      environmentManager.setIsServer(() => typeof window === "undefined");
      vi.useRealTimers();
    },
  };
}

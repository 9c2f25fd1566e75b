import { QueryClient } from "@tanstack/react-query";

/** The cache of what was read, and how changes are made. */
export function queryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // The client of the API repeats a deed and a first read; `again` of pace.ts says when a page reads once more.
      queries: { retry: false, staleTime: 1_000 },
      // Offline, a press is answered with what is wrong, and not kept for later.
      mutations: { retry: false, networkMode: "always" },
    },
  });
}

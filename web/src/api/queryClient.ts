import { QueryClient } from "@tanstack/react-query";

/** The cache of what was read, and how changes are made. */
export function queryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // The client of the API repeats what may be repeated, so that the cache repeats nothing.
      queries: { retry: false, staleTime: 1_000 },
      // Offline, a press is answered with what is wrong, and not kept for later.
      mutations: { retry: false, networkMode: "always" },
    },
  });
}

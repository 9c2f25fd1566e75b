import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { SagaState } from "order-saga-client/operations";
import { again } from "../../api/pace.ts";
import { isFirst } from "../../api/poll.ts";
import { once } from "order-saga-client";
import { useAccess } from "../../api/ApiProvider.tsx";
import { listRequestOf, type Filters } from "./filters.ts";
import { fromStart, readFirst, readMore, type Ask, type Listing } from "./listing.ts";

/** As often as the contract of ListSagas allows a screen to ask. */
const EVERY_MS = 5_000;

interface Wanted {
  filters: Filters;
  states: readonly SagaState[];
  withCounts?: boolean;
  enabled?: boolean;
}

/** The sagas in these states that pass the filters; their first page is read again while somebody looks at it. */
export function useSagas({ filters, states, withCounts = false, enabled = true }: Wanted) {
  const { api } = useAccess();
  const queries = useQueryClient();
  const queryKey = ["sagas", filters, states, withCounts];
  const known = () => queries.getQueryData<Listing>(queryKey);
  const listing = useQuery({
    queryKey,
    queryFn: (context) => {
      const options = isFirst(context) ? { signal: context.signal } : once({ signal: context.signal });
      const ask: Ask = (request) => api.sagas.listSagas(request, options);
      return readFirst(ask, { ...listRequestOf(filters, states, Date.now()), withCounts }, known);
    },
    enabled,
    refetchInterval: again<unknown>(() => EVERY_MS),
    placeholderData: keepPreviousData,
  });
  const more = useMutation({
    // What became of a press belongs to the list that it was for.
    mutationKey: queryKey,
    mutationFn: async () => {
      const before = known();
      if (before !== undefined) {
        const after = await readMore((request) => api.sagas.listSagas(request), before);
        queries.setQueryData(queryKey, after);
      }
    },
  });
  const startAgain = () => {
    queries.setQueryData(queryKey, fromStart);
    more.reset();
    void listing.refetch();
  };
  return { listing, more, startAgain };
}

/** A list that is being read, and what reads on. */
export type Sagas = ReturnType<typeof useSagas>;

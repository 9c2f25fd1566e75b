import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { again } from "../../api/pace.ts";
import { useAccess } from "../../api/ApiProvider.tsx";
import { switching, trying } from "./mutations.ts";
import { listTroubles, type Trouble } from "./troubles.ts";

/** How often to ask while a trouble is on, which ends by itself, and while all are off. */
const ON_MS = 2_000;
const OFF_MS = 5_000;

/** How the troubles are asked for, again and again. */
export function troublesOptions(url: string) {
  return queryOptions({
    queryKey: ["troubles", url],
    queryFn: ({ signal }) => listTroubles(url, signal),
    refetchInterval: again<Trouble[]>((troubles) => (troubles?.some(({ on }) => on !== null) ? ON_MS : OFF_MS)),
  });
}

/** All troubles, kept up to date while somebody looks. */
export function useTroubles(url: string) {
  return useQuery(troublesOptions(url));
}

/** Asks at once which troubles are on. */
function useLook(url: string): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: troublesOptions(url).queryKey });
}

/** Does something to troubles, and looks at once what became of it. */
export function useSwitch<Input>(url: string, deed: (input: Input) => Promise<void>) {
  return useMutation(switching(deed, useLook(url)));
}

/** Switches a trouble on, and every other off, and places the order that meets it; gives the order's id. */
export function useTrying(url: string) {
  const { api, person } = useAccess();
  return useMutation(trying({ url, api, subject: person.subject, look: useLook(url) }));
}

import { useLocation, useSearch } from "wouter";
import { SagaState } from "order-saga-client/operations";
import { Loading } from "../../ui/Loading.tsx";
import { Page } from "../../ui/Page.tsx";
import { STANDING_WORDS } from "../../saga/model/words.ts";
import { Counts } from "./Counts.tsx";
import { FilterForm } from "./FilterForm.tsx";
import { filtersOf, isNarrow, addressOf, statesOf, type Filters } from "./filters.ts";
import { SagaList } from "./SagaList.tsx";
import { useSagas, type Sagas as SagasRead } from "./useSagas.ts";

const STUCK = [SagaState.STUCK];

/** The sagas of all orders. The filters stand in the address, so that what an operator sees can be linked. */
export default function Sagas() {
  const filters = filtersOf(useSearch());
  const [, navigate] = useLocation();
  const showsAll = filters.state === undefined;
  const stuck = useSagas({ filters, states: STUCK, enabled: showsAll });
  const rest = useSagas({ filters, states: statesOf(filters), withCounts: true });
  const hasStuck = showsAll && isWorthSaying(stuck, rest);
  const look = (changed: Filters) => navigate(addressOf(changed));
  return (
    <Page title="Sagas">
      <Counts filters={filters} counts={rest.listing.data?.counts ?? []} />
      <FilterForm filters={filters} look={look} />
      {hasStuck && (
        <SagaList
          key={`stuck ${addressOf(filters)}`}
          title="Stuck"
          nothing="No saga is stuck any more."
          sagas={stuck}
        />
      )}
      {showsAll && stuck.listing.isPending ? (
        <Loading what="the sagas" />
      ) : (
        <SagaList
          key={addressOf(filters)}
          title={listTitleOf(filters, hasStuck)}
          nothing={nothingOf(filters, hasStuck)}
          sagas={rest}
        />
      )}
    </Page>
  );
}

/** Whether there is more to say of stuck sagas than that there is none, or that nothing can be listed at all. */
function isWorthSaying({ listing: { data, error } }: SagasRead, rest: SagasRead): boolean {
  return (
    (error !== null && rest.listing.error === null) ||
    (data !== undefined && (data.sagas.length > 0 || data.next !== undefined))
  );
}

function listTitleOf({ state }: Filters, hasStuck: boolean): string {
  if (state !== undefined) {
    return STANDING_WORDS[state];
  }
  return hasStuck ? "All others" : "All sagas";
}

function nothingOf(filters: Filters, hasStuck: boolean): string {
  if (hasStuck) {
    return "No other saga is there.";
  }
  if (isNarrow(filters)) {
    return "No saga passes these filters.";
  }
  return filters.state === undefined
    ? "There is no saga yet. Place an order as a customer: its saga appears here by itself."
    : "No saga is in this state.";
}

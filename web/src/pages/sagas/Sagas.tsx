import { useLocation, useSearch } from "wouter";
import { SagaState } from "order-saga-client/operations";
import { Page } from "../../ui/Page.tsx";
import { STANDING_WORDS } from "../../saga/model/words.ts";
import { Counts } from "./Counts.tsx";
import { FilterForm } from "./FilterForm.tsx";
import { filtersOf, isNarrow, pathOf, statesOf, type Filters } from "./filters.ts";
import { SagaList } from "./SagaList.tsx";
import { useSagas } from "./useSagas.ts";

const STUCK = [SagaState.STUCK];

/** The sagas of all orders. The filters stand in the address, so that what an operator sees can be linked. */
export default function Sagas() {
  const filters = filtersOf(useSearch());
  const [, navigate] = useLocation();
  const showsAll = filters.state === undefined;
  const stuck = useSagas({ filters, states: STUCK, enabled: showsAll });
  const rest = useSagas({ filters, states: statesOf(filters), withCounts: true });
  const look = (changed: Filters) => navigate(pathOf(changed));
  return (
    <Page title="Sagas">
      <Counts filters={filters} counts={rest.listing.data?.counts ?? []} />
      <FilterForm key={filters.text} filters={filters} look={look} />
      {showsAll && (
        <SagaList
          key={`stuck ${pathOf(filters)}`}
          title="Stuck"
          nothing={isNarrow(filters) ? "No stuck saga passes these filters." : "No saga is stuck."}
          sagas={stuck}
        />
      )}
      <SagaList key={pathOf(filters)} title={titleOf(filters)} nothing={nothingOf(filters)} sagas={rest} />
    </Page>
  );
}

function titleOf({ state }: Filters): string {
  return state === undefined ? "All others" : STANDING_WORDS[state];
}

function nothingOf(filters: Filters): string {
  if (isNarrow(filters)) {
    return "No saga passes these filters.";
  }
  return filters.state === undefined
    ? "There is no saga yet. Place an order as a customer: its saga appears here by itself."
    : "No saga is in this state.";
}

import { useQuery } from "@connectrpc/connect-query";
import { SagaService, type SagaSummary } from "order-saga-client/operations";
import { useMemo } from "react";
import { planOf, type Plan } from "../../saga/model/plan.ts";

/** The plan of a listed saga: undefined while it is not there yet, null if nobody knows it any more. */
export type PlanOf = (saga: Pick<SagaSummary, "name" | "version">) => Plan | null | undefined;

/** The definitions that are known; one question for all of them, since a published definition never changes. */
export function useDefinitions() {
  return useQuery(SagaService.method.describeSaga, {}, { staleTime: Infinity });
}

/** What finds the plan of a saga by its name and version. */
export function usePlans(): PlanOf {
  const { data, isPending } = useDefinitions();
  return useMemo(() => {
    const plans = new Map(data?.definitions.map((one) => [`${one.name} ${one.version}`, planOf(one)]));
    return ({ name, version }) => plans.get(`${name} ${version}`) ?? (isPending ? undefined : null);
  }, [data, isPending]);
}

import type { SagaSummary } from "order-saga-client/operations";
import { useMemo } from "react";
import { useDefinitions } from "../../api/definitions.ts";
import { planOf, type Plan } from "../../saga/model/plan.ts";

/** The plan of a listed saga: undefined while it is not there yet, null if nobody knows it any more. */
export type PlanOf = (saga: Pick<SagaSummary, "name" | "version">) => Plan | null | undefined;

/** What finds the plan of a saga by its name and version. */
export function usePlans(): PlanOf {
  const { definitions, areMissing } = useDefinitions();
  return useMemo(() => {
    const plans = new Map(definitions?.map((one) => [`${one.name} ${one.version}`, planOf(one)]));
    return ({ name, version }) => plans.get(`${name} ${version}`) ?? (definitions || areMissing ? null : undefined);
  }, [definitions, areMissing]);
}

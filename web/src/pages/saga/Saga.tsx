import { useTransport } from "@connectrpc/connect-query";
import { useQuery } from "@tanstack/react-query";
import type { Saga as SagaMessage } from "order-saga-client/operations";
import { useMemo } from "react";
import { Link } from "wouter";
import { useDefinitions } from "../../api/definitions.ts";
import { isMissing } from "../../api/missing.ts";
import { fromSaga, standingOf } from "../../saga/model/told.ts";
import { STANDING_WORDS, titleOf } from "../../saga/model/words.ts";
import { SagaView } from "../../saga/SagaView.tsx";
import { Failure } from "../../ui/Failure.tsx";
import { Loading } from "../../ui/Loading.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Page } from "../../ui/Page.tsx";
import { sagaOptions } from "./sagaPace.ts";

/** The operator's page of one saga. */
export default function Saga({ sagaId }: { sagaId: string }) {
  const { data, dataUpdatedAt, error, refetch } = useQuery(sagaOptions(useTransport(), sagaId));
  const saga = data?.saga;
  return (
    <Page title={`Saga ${sagaId.slice(0, 8)}`} state={saga && tabOf(saga)} aside={<Link href="/sagas">All sagas</Link>}>
      {error && isMissing(error) && (
        <Notice kind="bad" title="There is no such saga">
          A saga is forgotten some time after its end. If it should be there, see whether the address is whole.
        </Notice>
      )}
      {error && !isMissing(error) && (
        <Failure
          error={error}
          title={data ? "The saga may have changed since" : "The saga cannot be shown now"}
          readAt={dataUpdatedAt}
          retry={() => void refetch()}
        />
      )}
      {saga ? <Found {...{ saga }} /> : !error && <Loading what="the saga" />}
    </Page>
  );
}

/** What the browser's tab says of a saga, so that one among many is found, and tells when it has ended. */
function tabOf({ name, state }: SagaMessage): string {
  return `${titleOf(name === "" ? "unknown-saga" : name)}: ${STANDING_WORDS[standingOf(state)]}`;
}

function Found({ saga }: { saga: SagaMessage }) {
  const { definitions, areMissing } = useDefinitions();
  const told = useMemo(() => fromSaga(saga), [saga]);
  return (
    <SagaView told={told} {...{ definitions, areMissing }}>
      {saga.subject !== "" && (
        <Link href={`/sagas?text=${encodeURIComponent(saga.subject)}`}>Other sagas of the same order</Link>
      )}
    </SagaView>
  );
}

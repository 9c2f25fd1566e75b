import { Link } from "wouter";
import { useAccess } from "../../api/ApiProvider.tsx";
import type { Config } from "../../config.ts";
import { NotFound } from "../../shell/NotFound.tsx";
import { Button } from "../../ui/Button.tsx";
import { Loading } from "../../ui/Loading.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Page } from "../../ui/Page.tsx";
import { PromiseSection } from "./PromiseSection.tsx";
import { byPromise, switchAllOff } from "./troubles.ts";
import { useLandingAfter } from "./useLandingAfter.ts";
import { useSwitch, useTroubles } from "./useTroubles.ts";
import styles from "./Trouble.module.css";

/** What can go wrong, to be tried; on the local AWS only. */
export default function Trouble() {
  const { config } = useAccess();
  return config.local === undefined ? <NotFound /> : <Troubles {...config.local} />;
}

function Troubles({ troubleUrl: url }: NonNullable<Config["local"]>) {
  const { person } = useAccess();
  const { data: troubles, error, refetch } = useTroubles(url);
  const ending = useSwitch(url, () => switchAllOff(url));
  const mayOrder = person.permissions.has("create:orders");
  const isAnyOn = troubles?.some(({ on }) => on !== null) ?? false;
  const [lead, mayGo] = useLandingAfter<HTMLParagraphElement>();
  const end = () => ending.mutate(undefined);
  const endAll = isAnyOn && (
    <Button ref={mayGo} onClick={end} isHeld={ending.isPending}>
      End all troubles
    </Button>
  );
  return (
    <Page title="Trouble" aside={endAll}>
      <p ref={lead} tabIndex={-1} className={styles.lead}>
        Functions die, queues deliver twice, services fall silent: watch what the sagas make of it. A trouble that is on
        meets everybody’s orders. It ends by itself{mayOrder && ", or when you try another"}.
      </p>
      {!mayOrder && <NoCustomer mayWatch={person.permissions.has("read:operations")} />}
      {error && (
        <Notice kind="bad" title="Trouble cannot be made now">
          <p>{error.message}</p>
          <Button onClick={() => void refetch()}>Try again</Button>
        </Notice>
      )}
      {!error && isAnyOn && ending.error && (
        <Notice kind="bad" title="The troubles were not ended">
          <p>{ending.error.message}</p>
          <Button ref={mayGo} onClick={end}>
            Try again
          </Button>
        </Notice>
      )}
      {troubles === undefined && !error && <Loading what="the troubles" />}
      {troubles &&
        byPromise(troubles).map(({ promise, troubles }) => (
          <PromiseSection key={promise} {...{ url, promise, troubles, mayOrder }} />
        ))}
    </Page>
  );
}

/** What a trouble is to somebody who does not order. */
function NoCustomer({ mayWatch }: { mayWatch: boolean }) {
  return (
    <Notice kind="plain" title="You start a trouble, and customers’ orders meet it">
      <p>To place the orders that meet them, sign in as a customer.</p>
      {mayWatch && (
        <p>
          Whatever they meet, you see it among <Link href="/sagas">the sagas</Link>.
        </p>
      )}
    </Notice>
  );
}

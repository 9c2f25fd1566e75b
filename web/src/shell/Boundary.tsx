import { Component, useEffect, useState, type ReactNode } from "react";
import { Button } from "../ui/Button.tsx";
import { Loading } from "../ui/Loading.tsx";
import { Notice } from "../ui/Notice.tsx";
import { NotLoaded } from "./onDemand.ts";
import { useOnline } from "./useOnline.ts";

interface Props {
  children: ReactNode;
}

/** Shows a notice in place of a page that cannot be shown, so that the places stay in reach. */
export class Boundary extends Component<Props, { failure: { error: unknown } | undefined }> {
  override state: { failure: { error: unknown } | undefined } = { failure: undefined };
  readonly #openedAt = performance.now();

  static getDerivedStateFromError(error: unknown): { failure: { error: unknown } } {
    return { failure: { error } };
  }

  override render() {
    const { failure } = this.state;
    if (failure === undefined) {
      return this.props.children;
    }
    const { error } = failure;
    return error instanceof NotLoaded ? <Missing isOld={error.at < this.#openedAt} /> : <Broken />;
  }
}

/**
 * The page's code is missing. It failed before the page was opened, or there is no network: then a reload will do, and it
 * comes by itself. A failure at the opening itself is told, so that no page reloads itself again and again.
 */
function Missing({ isOld }: { isOld: boolean }) {
  const isOnline = useOnline();
  const [wasOffline] = useState(!isOnline);
  const [isInVain, setInVain] = useState(false);
  const reloads = isOnline && (isOld || wasOffline);
  useEffect(() => {
    let isWanted = reloads;
    if (reloads) {
      void reloadIfThere().then((isThere) => isWanted && setInVain(!isThere));
    }
    return () => {
      isWanted = false;
      setInVain(false);
    };
  }, [reloads]);
  if (!isOnline) {
    return (
      <Notice kind="warn" title="This page was not loaded before you went offline">
        It opens by itself when the network is back.
      </Notice>
    );
  }
  return reloads && !isInVain ? <Loading what="the page" /> : <Broken />;
}

function Broken() {
  return (
    <Notice kind="bad" title="This page cannot be shown">
      <p>
        Reload it, please. If that does not help, a new version may have been deployed a moment ago: try again soon.
      </p>
      <Button onClick={() => window.location.reload()}>Reload</Button>
    </Notice>
  );
}

/** A reload without the server would end on the browser's own page of errors, with no way back. */
async function reloadIfThere(): Promise<boolean> {
  const isThere = await fetch("/config.json", { cache: "no-store" }).then(
    ({ ok }) => ok,
    () => false,
  );
  if (isThere) {
    window.location.reload();
  }
  return isThere;
}

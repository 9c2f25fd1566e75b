import { useSyncExternalStore } from "react";
import { Notice } from "../ui/Notice.tsx";

/** Says that there is no network, for as long as there is none. */
export function Offline() {
  const isOnline = useSyncExternalStore(subscribe, () => navigator.onLine);
  return isOnline ? null : (
    <Notice kind="warn" title="You are offline">
      What you see may be out of date. It goes on by itself when the network is back.
    </Notice>
  );
}

function subscribe(changed: () => void): () => void {
  window.addEventListener("online", changed);
  window.addEventListener("offline", changed);
  return () => {
    window.removeEventListener("online", changed);
    window.removeEventListener("offline", changed);
  };
}

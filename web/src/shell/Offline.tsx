import { Notice } from "../ui/Notice.tsx";
import { useOnline } from "./useOnline.ts";

/** Says that there is no network, for as long as there is none. */
export function Offline() {
  return useOnline() ? null : (
    <Notice kind="warn" title="You are offline">
      What you see may be out of date. It goes on by itself when the network is back.
    </Notice>
  );
}

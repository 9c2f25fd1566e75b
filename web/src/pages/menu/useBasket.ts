import { useSyncExternalStore } from "react";
import { useAccess } from "../../api/ApiProvider.tsx";
import type { Basket } from "./basket.ts";
import { basketOf, type KeptBasket } from "./keptBasket.ts";

/** The basket of whoever is signed in, and where it is kept. */
export function useBasket(): { basket: Basket; kept: KeptBasket } {
  const { person } = useAccess();
  const kept = basketOf(person.subject);
  return { basket: useSyncExternalStore(kept.subscribe, kept.now), kept };
}

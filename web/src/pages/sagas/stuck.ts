import type { Listing } from "./listing.ts";

/** What is known of a list, and since when. */
export interface Read {
  data: Pick<Listing, "sagas" | "next"> | undefined;
  error: Error | null;
  dataUpdatedAt: number;
  errorUpdatedAt: number;
}

/** Whether there are stuck sagas, or may be some that were not looked at yet. */
export function mayBeStuck({ data }: Pick<Read, "data">): boolean {
  return data !== undefined && (data.sagas.length > 0 || data.next !== undefined);
}

/** Whether the stuck sagas alone cannot be listed: if nothing can be, the list of the others says so. */
export function failsAlone(stuck: Pick<Read, "error" | "errorUpdatedAt">, rest: Omit<Read, "data">): boolean {
  const worksSince = rest.error === null && rest.dataUpdatedAt > stuck.errorUpdatedAt;
  return stuck.error !== null && worksSince;
}

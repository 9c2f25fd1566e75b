import type { Timestamp } from "@bufbuild/protobuf/wkt";
import { timestampDate } from "@bufbuild/protobuf/wkt";
import { useNow } from "./useNow.ts";
import { sinceOf } from "./ago.ts";

/** A time in the past, told from now; the exact time stands in its title. */
export function When({ at }: { at: Timestamp }) {
  const now = useNow();
  const date = timestampDate(at);
  return (
    <time dateTime={date.toISOString()} title={date.toLocaleString("en", { dateStyle: "medium", timeStyle: "long" })}>
      {sinceOf(date.getTime(), now)}
    </time>
  );
}

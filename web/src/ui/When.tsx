import type { Timestamp } from "@bufbuild/protobuf/wkt";
import { timestampDate } from "@bufbuild/protobuf/wkt";
import { useNow } from "./useNow.ts";
import { sinceOf } from "./ago.ts";
import { exactOf } from "./exact.ts";

/** A time in the past, told from now; the exact time stands in its title. */
export function When({ at }: { at: Timestamp }) {
  const now = useNow();
  const date = timestampDate(at);
  return (
    <time dateTime={date.toISOString()} title={exactOf(date)}>
      {sinceOf(date.getTime(), now)}
    </time>
  );
}

import type { Timestamp } from "@bufbuild/protobuf/wkt";
import { timestampDate } from "@bufbuild/protobuf/wkt";
import { useNow } from "./useNow.ts";
import { agoOf } from "./ago.ts";

/** A time, told from now; the exact time stands in its title. */
export function When({ at }: { at: Timestamp }) {
  const now = useNow();
  const date = timestampDate(at);
  return (
    <time dateTime={date.toISOString()} title={date.toLocaleString("en", { dateStyle: "medium", timeStyle: "long" })}>
      {agoOf(date.getTime() - now)}
    </time>
  );
}

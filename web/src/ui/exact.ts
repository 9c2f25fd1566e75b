/** A time to the millisecond, with its zone: that of the reader, unless another is asked for. "Nov 26, 2026, 11:20:23.643 UTC". */
export function exactOf(date: Date, timeZone?: string): string {
  return date.toLocaleString("en", {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
    hourCycle: "h23",
    timeZoneName: "short",
    ...(timeZone !== undefined && { timeZone }),
  });
}

/** A time of today to the second, as the reader's clock shows it: "11:20:23". */
export function timeOf(milliseconds: number, timeZone?: string): string {
  return new Date(milliseconds).toLocaleTimeString("en", {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    ...(timeZone !== undefined && { timeZone }),
  });
}

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

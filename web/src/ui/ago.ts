const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
];

const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "always", style: "short" });

/** How long ago something was; by a clock that is behind the server's, what has just happened would be yet to come. */
export function sinceOf(at: number, now: number): string {
  return agoOf(Math.min(0, at - now));
}

/** How far a time is from now, in the largest unit of which there is a whole one: "3 min. ago". */
export function agoOf(milliseconds: number): string {
  const unit = UNITS.find(([, length]) => Math.abs(milliseconds) >= length);
  return unit === undefined ? "now" : RELATIVE.format(Math.trunc(milliseconds / unit[1]), unit[0]);
}

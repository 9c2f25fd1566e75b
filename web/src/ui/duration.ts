const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long something took, to a tenth of a second below a minute: "10.1 s". */
export function exactDurationOf(milliseconds: number): string {
  const length = Math.max(0, Math.round(milliseconds));
  return length >= 10 * SECOND && length < MINUTE ? tenthsOf(length) : durationOf(length);
}

/** How long something lasts, in the two largest units that say something: "320 ms", "4.2 s", "3 min 5 s", "2 d 4 h". */
export function durationOf(milliseconds: number): string {
  const length = Math.max(0, Math.round(milliseconds));
  if (length < SECOND) {
    return `${length} ms`;
  }
  if (length < 10 * SECOND) {
    return tenthsOf(length);
  }
  if (length < MINUTE) {
    return `${Math.floor(length / SECOND)} s`;
  }
  if (length < HOUR) {
    return twoOf(length, MINUTE, "min", SECOND, "s");
  }
  return length < DAY ? twoOf(length, HOUR, "h", MINUTE, "min") : twoOf(length, DAY, "d", HOUR, "h");
}

function tenthsOf(length: number): string {
  return `${(Math.floor(length / 100) / 10).toFixed(1)} s`;
}

function twoOf(length: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((length % large) / small);
  return `${Math.floor(length / large)} ${largeName}${rest > 0 ? ` ${rest} ${smallName}` : ""}`;
}

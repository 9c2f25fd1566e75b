/** How fast what a page shows changes by itself; `settled` if it does not any more. */
export type Pace = "moving" | "waiting" | "settled";

/** How long to wait before asking again, in milliseconds; not at all for what is settled. */
export const PAUSES: Readonly<Record<Pace, number | false>> = { moving: 1_000, waiting: 5_000, settled: false };

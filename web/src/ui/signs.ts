/** What a sign can say of a step, a saga or an order. An outline is still open; what is filled has happened. */
export type SignName =
  "ahead" | "running" | "succeeded" | "refused" | "unknown" | "undoing" | "undone" | "unneeded" | "stuck";

/** The mark in the middle of each sign, in a square of 16. */
export const MARKS: Readonly<Record<SignName, string>> = {
  ahead: "",
  running: "M8 8h.01",
  succeeded: "M4.8 8.3l2.2 2.2 4.2-4.8",
  refused: "M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2",
  unknown: "M6.1 6.4a1.95 1.95 0 1 1 2.9 1.7c-.7.4-1 .8-1 1.4M8 11.6h.01",
  undoing: "M7.4 5.2L4.6 8l2.8 2.8M11.2 5.2L8.4 8l2.8 2.8",
  undone: "M6.6 4.6L4.6 6.6l2 2M4.8 6.6h4.3a2.3 2.3 0 0 1 0 4.6H6.6",
  unneeded: "M5.4 8h5.2",
  stuck: "M8 5.6v3.4M8 11.4h.01",
};

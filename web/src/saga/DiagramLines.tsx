import type { DrawnEdge, Layout } from "./model/layout.ts";
import type { Run } from "./model/run.ts";
import styles from "./DiagramLines.module.css";

const LABELS = { refused: "refused", unknown: "no answer", succeeded: "", sent: "" } as const;

/** The edges: faint as they may be taken, strong where the run went. Pictures only; the steps say it in words. */
export function DiagramLines({ layout, run }: { layout: Layout; run: Run }) {
  const { width, height, lines, direction } = layout;
  return (
    <svg className={styles.lines} {...{ width, height }} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {lines.map((line) => (
        <EdgeLine key={line.edge.id} {...{ line, direction }} isTaken={run.taken.has(line.edge.id)} />
      ))}
    </svg>
  );
}

function EdgeLine({ line, direction, isTaken }: { line: DrawnEdge; direction: Layout["direction"]; isTaken: boolean }) {
  const { edge, path, head, label, isBack } = line;
  const text = LABELS[edge.outcome];
  const isAcross = direction === "wide" && edge.outcome === "unknown";
  return (
    <g className={[styles.edge, isBack ? styles.back : "", isTaken ? styles.taken : ""].join(" ")}>
      <path className={styles.faint} d={path} />
      <path className={styles.strong} d={path} pathLength={1} />
      <path className={styles.head} d={head} />
      {text !== "" && direction === "wide" && (
        <text
          className={styles.label}
          x={label.x + (isAcross ? 6 : 0)}
          y={label.y - (isAcross ? 8 : 5)}
          textAnchor={isAcross ? "start" : "middle"}
        >
          {text}
        </text>
      )}
      {text !== "" && direction === "narrow" && (
        <text className={styles.label} x={label.x} y={label.y + 4} textAnchor="middle">
          {edge.outcome === "refused" ? "✕" : "?"}
        </text>
      )}
    </g>
  );
}

import { useState } from "react";
import styles from "./CopyId.module.css";

/** An id in short, which a press copies whole. */
export function CopyId({ id, what }: { id: string; what: string }) {
  const [told, setTold] = useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(id);
      setTold("copied");
    } catch {
      // The browser keeps its clipboard to itself, without a permission or on a page that is not safe, say.
      setTold("not copied");
    }
  };
  return (
    <span className={styles.copy}>
      <button
        type="button"
        className={styles.id}
        title={`Copy ${id}`}
        aria-label={`Copy ${what} ${id}`}
        onClick={() => void copy()}
        onBlur={() => setTold("")}
      >
        <code>{id.slice(0, 8)}</code>
        <svg aria-hidden="true" viewBox="0 0 16 16" width="12" height="12">
          <path d={told === "copied" ? TICK : SHEETS} />
        </svg>
      </button>
      {/* Inside the button it would be part of its name, which is not read aloud when it changes. */}
      <span aria-live="polite">{told}</span>
    </span>
  );
}

const TICK = "M2.5 8.5l3.5 3.5l7.5-8";
/** One sheet before another. */
const SHEETS = "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3";

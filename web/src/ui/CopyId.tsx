import { useState } from "react";
import styles from "./CopyId.module.css";

/** An id in short, which a press copies whole. */
export function CopyId({ id, what }: { id: string; what: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(id);
    setCopied(true);
  };
  return (
    <button
      type="button"
      className={styles.id}
      title={id}
      aria-label={`Copy ${what} ${id}`}
      onClick={() => void copy()}
      onBlur={() => setCopied(false)}
    >
      <code>{id.slice(0, 8)}</code>
      <span aria-live="polite">{isCopied ? "copied" : ""}</span>
    </button>
  );
}

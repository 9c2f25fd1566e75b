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
    <button
      type="button"
      className={styles.id}
      title={id}
      aria-label={`Copy ${what} ${id}`}
      onClick={() => void copy()}
      onBlur={() => setTold("")}
    >
      <code>{id.slice(0, 8)}</code>
      <span aria-live="polite">{told}</span>
    </button>
  );
}

import type { ReactNode } from "react";
import styles from "./Notice.module.css";

interface Props {
  kind: "plain" | "good" | "warn" | "bad";
  title: string;
  children?: ReactNode;
}

/** A few words that stand out; a failure is read aloud at once, everything else in its turn. */
export function Notice({ kind, title, children }: Props) {
  return (
    <div className={`${styles.notice} ${styles[kind]}`} role={kind === "bad" ? "alert" : "status"}>
      <strong>{title}</strong>
      {children !== undefined && <div className={styles.content}>{children}</div>}
    </div>
  );
}

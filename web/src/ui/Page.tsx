import { useEffect, type ReactNode } from "react";
import styles from "./Page.module.css";

interface Props {
  title: string;
  /** What stands beside the title. */
  aside?: ReactNode;
  children: ReactNode;
}

/** A page with its heading, which is the document's title too. */
export function Page({ title, aside, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Order Saga`;
  }, [title]);
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <h1>{title}</h1>
        {aside}
      </div>
      {children}
    </div>
  );
}

import { useEffect, type ReactNode } from "react";
import { useLocation } from "wouter";
import { useLanding } from "./useLanding.ts";
import styles from "./Page.module.css";

interface Props {
  title: string;
  /** How what is shown stands, which the browser's tab says first. */
  state?: string | undefined;
  /** What stands beside the title. */
  aside?: ReactNode;
  children: ReactNode;
}

/** The path of the page that was shown last. */
let shown: string | undefined;

/** A page with its heading, which is the document's title too. */
export function Page({ title, state, aside, children }: Props) {
  const [path] = useLocation();
  const [heading, land] = useLanding<HTMLHeadingElement>();
  useEffect(() => {
    document.title = [state, title, "Order Saga"].filter((part) => part !== undefined).join(" · ");
  }, [state, title]);
  useEffect(() => {
    // The first page is the browser's own news.
    if (shown !== undefined && shown !== path) {
      land();
    }
    shown = path;
  }, [path, land]);
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {aside}
      </div>
      {children}
    </div>
  );
}

import { useNow } from "../../ui/useNow.ts";
import { secondsLeft } from "./troubles.ts";
import styles from "./Trouble.module.css";

/** The seconds until a trouble ends; silent, since whoever listens would hear nothing else. */
export function Countdown({ endsAt }: { endsAt: string }) {
  const left = secondsLeft(endsAt, useNow());
  return <span className={styles.left}>{left === 0 ? "ends now" : `ends in ${left} s`}</span>;
}

import { STANDING_WORDS } from "./model/words.ts";
import type { Standing } from "./model/told.ts";
import { StandingIcon } from "./StateIcon.tsx";
import styles from "./StateBadge.module.css";

/** Where a saga stands as a whole: its sign and its word, as the saga's own page has them. */
export function StateBadge({ standing }: { standing: Standing }) {
  return (
    <span className={styles.state}>
      <StandingIcon standing={standing} />
      {STANDING_WORDS[standing]}
    </span>
  );
}

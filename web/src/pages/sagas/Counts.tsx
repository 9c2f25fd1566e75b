import type { StateCount } from "order-saga-client/operations";
import { Link } from "wouter";
import { StateBadge } from "../../saga/StateBadge.tsx";
import { addressOf, STATES, type Filters, type StateName } from "./filters.ts";
import styles from "./Counts.module.css";

interface Props {
  filters: Filters;
  counts: readonly StateCount[];
}

/** How many sagas are in each state; each number leads to the sagas. */
export function Counts({ filters, counts }: Props) {
  const { state: chosen, ...others } = filters;
  const names = Object.keys(STATES) as StateName[];
  return (
    <nav aria-label="States">
      <ul className={styles.counts}>
        <li>
          <Link href={addressOf(others)} aria-current={chosen === undefined ? "page" : undefined}>
            All
          </Link>
        </li>
        {names.map((name) => (
          <li key={name}>
            <Link href={addressOf({ ...others, state: name })} aria-current={chosen === name ? "page" : undefined}>
              <StateBadge standing={name} />{" "}
              <span className={styles.number}>{toldOf(counts.find(({ state }) => state === STATES[name]))}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** "1000+" when there may be more than were counted; "–" while nothing is known. */
function toldOf(count: StateCount | undefined): string {
  return count === undefined ? "–" : `${count.sagas}${count.atLeast ? "+" : ""}`;
}

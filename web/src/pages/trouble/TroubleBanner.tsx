import { Button } from "../../ui/Button.tsx";
import { Countdown } from "./Countdown.tsx";
import { switchOff } from "./troubles.ts";
import { useLandingAfter } from "./useLandingAfter.ts";
import { useSwitch, useTroubles } from "./useTroubles.ts";
import styles from "./TroubleBanner.module.css";

/** Says on every page which troubles are on, and ends them. */
export function TroubleBanner({ troubleUrl: url }: { troubleUrl: string }) {
  const { data: troubles } = useTroubles(url);
  const end = useSwitch(url, (id: string) => switchOff(url, id));
  const on = troubles?.flatMap(({ id, title, on }) => (on === null ? [] : [{ id, title, ...on }])) ?? [];
  const [spoken, mayGo] = useLandingAfter<HTMLParagraphElement>();
  const notEnded = end.isError ? on.find(({ id }) => id === end.variables) : undefined;
  return (
    <>
      {/* It is there before it says something: what appears together with its words is not read aloud. */}
      <p ref={spoken} tabIndex={-1} className={styles.spoken} role="status">
        {on.map(({ title }) => `Trouble: ${title}.`).join(" ")}
      </p>
      {on.length > 0 && (
        <aside className={styles.banner} aria-label="Trouble that is on">
          <ul>
            {on.map(({ id, title, endsAt }) => (
              <li key={id}>
                <strong>{title}</strong>
                <Countdown endsAt={endsAt} />
                <Button
                  ref={mayGo}
                  kind="quiet"
                  onClick={() => end.mutate(id)}
                  isHeld={end.isPending}
                  aria-label={`End it now: ${title}`}
                >
                  End it now
                </Button>
              </li>
            ))}
          </ul>
          {notEnded && (
            <p role="alert">
              “{notEnded.title}” was not ended. {end.error?.message}
            </p>
          )}
        </aside>
      )}
    </>
  );
}

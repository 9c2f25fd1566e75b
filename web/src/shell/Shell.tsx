import { lazy, Suspense, type ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { useAccess } from "../api/ApiProvider.tsx";
import { Button } from "../ui/Button.tsx";
import { Loading } from "../ui/Loading.tsx";
import { Boundary } from "./Boundary.tsx";
import { Offline } from "./Offline.tsx";
import { isAt, placesOf } from "./places.ts";
import styles from "./Shell.module.css";

// Only the local AWS has troubles, and only there it is loaded.
const TroubleBanner = lazy(async () => ({
  default: (await import("../pages/trouble/TroubleBanner.tsx")).TroubleBanner,
}));

/** What every page has around it: the places, the person, and what everybody should know now. */
export function Shell({ children }: { children: ReactNode }) {
  const { config, person, signOut } = useAccess();
  const [path] = useLocation();
  return (
    <>
      <a className={styles.skip} href="#page">
        Skip to the page
      </a>
      <header className={styles.head}>
        <Link className={styles.brand} href="/">
          Order Saga
        </Link>
        <nav className={styles.places} aria-label="Places">
          {placesOf(person, config).map(({ path: place, name }) => (
            <Link key={place} href={place} aria-current={isAt(place, path) ? "page" : undefined}>
              {name}
            </Link>
          ))}
        </nav>
        <div className={styles.person}>
          <span title={person.subject}>{person.name}</span>
          <Button kind="quiet" onClick={() => void signOut()}>
            Sign out
          </Button>
        </div>
      </header>
      <Offline />
      {config.local && (
        <Suspense>
          <TroubleBanner troubleUrl={config.local.troubleUrl} />
        </Suspense>
      )}
      <main id="page" tabIndex={-1} className={styles.page}>
        <Boundary key={path}>
          <Suspense fallback={<Loading what="the page" />}>{children}</Suspense>
        </Boundary>
      </main>
    </>
  );
}

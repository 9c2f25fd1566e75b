import { StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import "./design/base.css";
import { loadConfig } from "./config.ts";
import { enter } from "./session/session.ts";
import { Boundary } from "./shell/Boundary.tsx";
import { onDemand } from "./shell/onDemand.ts";
import { Loading } from "./ui/Loading.tsx";
import { SignIn, Unreachable } from "./session/SignIn.tsx";

// Whoever is not signed in loads no page of the app.
const app = onDemand(() => import("./App.tsx"));

const place = document.getElementById("root");
if (place === null) {
  throw new Error("index.html has no place for the console");
}
const root = createRoot(place);

async function open() {
  const config = await loadConfig();
  const { session, refusal, isAway, signIn } = await enter(config);
  const content = session ? <app.Page {...{ config, session, signIn }} /> : <SignIn {...{ refusal, isAway, signIn }} />;
  root.render(
    <StrictMode>
      <Boundary>
        <Suspense fallback={<Loading what="the console" />}>{content}</Suspense>
      </Boundary>
    </StrictMode>,
  );
}

root.render(<Loading what="the console" />);
open().catch((error: unknown) => root.render(<Unreachable {...{ error }} />));

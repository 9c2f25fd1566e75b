import { Code } from "@connectrpc/connect";
import { reasonOf } from "order-saga-client";
import { useAccess } from "../api/ApiProvider.tsx";
import { readFailureTold } from "../api/readFailure.ts";
import { Button } from "./Button.tsx";
import { timeOf } from "./exact.ts";
import { Notice } from "./Notice.tsx";

interface Props {
  error: unknown;
  /** What did not happen, such as "The menu cannot be shown". */
  title: string;
  /** When what is shown all the same was read, in milliseconds since 1970; 0 if nothing is. */
  readAt?: number;
  /** Reads once more; a deed has none. */
  retry?: () => void;
  /** Whether the page reads again by itself; not so if a press has read. */
  asksAgain?: boolean;
}

/** Why a call was refused or failed, in the catalogue's words, with what to do. */
export function Failure({ error, title, readAt = 0, retry, asksAgain = true }: Props) {
  const { signIn } = useAccess();
  const { code, tell } = reasonOf(error);
  return (
    <Notice kind="bad" title={title}>
      {readAt > 0 && <p>What you see is as of {timeOf(readAt)}.</p>}
      <p>{retry ? readFailureTold(error, asksAgain) : tell}</p>
      {code === Code.Unauthenticated ? (
        <Button onClick={() => void signIn()}>Sign in again</Button>
      ) : (
        retry && <Button onClick={retry}>Try again</Button>
      )}
    </Notice>
  );
}

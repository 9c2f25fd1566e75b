import { Code } from "@connectrpc/connect";
import { reasonOf } from "order-saga-client";
import { useAccess } from "../api/ApiProvider.tsx";
import { Button } from "./Button.tsx";
import { Notice } from "./Notice.tsx";

interface Props {
  error: unknown;
  /** What did not happen, such as "The menu cannot be shown". */
  title: string;
  retry?: () => void;
}

/** Why a call was refused or failed, in the catalogue's words, with what to do. */
export function Failure({ error, title, retry }: Props) {
  const { signIn } = useAccess();
  const { code, tell } = reasonOf(error);
  return (
    <Notice kind="bad" title={title}>
      <p>{tell}</p>
      {code === Code.Unauthenticated ? (
        <Button onClick={() => void signIn()}>Sign in again</Button>
      ) : (
        retry && <Button onClick={retry}>Try again</Button>
      )}
    </Notice>
  );
}

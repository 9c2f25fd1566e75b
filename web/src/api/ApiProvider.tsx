import { TransportProvider } from "@connectrpc/connect-query";
import { QueryClientProvider } from "@tanstack/react-query";
import { connect, tokenOf, type Api } from "order-saga-client";
import { createContext, use, useState, type ReactNode } from "react";
import type { Config } from "../config.ts";
import type { Person, Session } from "../session/session.ts";
import { queryClient } from "./queryClient.ts";

/** What every page may use. */
export interface Access {
  api: Api;
  config: Config;
  person: Person;
  signIn: (path?: string) => Promise<void>;
  signOut: () => Promise<void>;
}

const AccessContext = createContext<Access | undefined>(undefined);

interface Props {
  config: Config;
  session: Session;
  signIn: (path?: string) => Promise<void>;
  children: ReactNode;
}

/** Gives the pages below it the API as the session's person calls it, and the cache of what was read. */
export function ApiProvider({ config, session, signIn, children }: Props) {
  const [{ access, queries }] = useState(() => {
    const tokens = async (wanted: { renew: boolean }) => tokenOf(await session.accessToken(wanted));
    const api = connect({ baseUrl: config.apiUrl, tokens });
    const access: Access = { api, config, person: session.person, signIn, signOut: () => session.signOut() };
    return { access, queries: queryClient() };
  });
  return (
    <AccessContext value={access}>
      <TransportProvider transport={access.api.transport}>
        <QueryClientProvider client={queries}>{children}</QueryClientProvider>
      </TransportProvider>
    </AccessContext>
  );
}

/** The API, the person and the configuration. */
export function useAccess(): Access {
  const access = use(AccessContext);
  if (access === undefined) {
    throw new Error("there is no ApiProvider above");
  }
  return access;
}

import { useEffect } from "react";
import { Redirect, Route, Switch, useLocation } from "wouter";
import { ApiProvider } from "./api/ApiProvider.tsx";
import type { Config } from "./config.ts";
import type { Person, Session } from "./session/session.ts";
import { homeOf, isFor } from "./shell/places.ts";
import { loadWhenIdle, onDemand } from "./shell/onDemand.ts";
import { Shell } from "./shell/Shell.tsx";
import { NotFound } from "./shell/NotFound.tsx";

const menu = onDemand(() => import("./pages/menu/Menu.tsx"));
const orders = onDemand(() => import("./pages/orders/Orders.tsx"));
const order = onDemand(() => import("./pages/order/Order.tsx"));
const kitchen = onDemand(() => import("./pages/kitchen/Kitchen.tsx"));
const trouble = onDemand(() => import("./pages/trouble/Trouble.tsx"));
const sagas = onDemand(() => import("./pages/sagas/Sagas.tsx"));
const saga = onDemand(() => import("./pages/saga/Saga.tsx"));

/** Each page's code, by the place that it belongs to. */
const CODE: readonly (readonly [place: string, load: () => Promise<unknown>])[] = [
  ["/menu", menu.load],
  ["/orders", orders.load],
  ["/orders", order.load],
  ["/kitchen", kitchen.load],
  ["/sagas", sagas.load],
  ["/sagas", saga.load],
  ["/trouble", trouble.load],
];

interface Props {
  config: Config;
  session: Session;
  signIn: (path?: string) => Promise<void>;
}

/** The console for whoever is signed in. */
export default function App({ config, session, signIn }: Props) {
  const { person } = session;
  useEffect(
    () => loadWhenIdle(CODE.filter(([place]) => isFor(person, config, place)).map(([, load]) => load)),
    [person, config],
  );
  return (
    <ApiProvider {...{ config, session, signIn }}>
      <Shell>
        <Pages person={person} config={config} />
      </Shell>
    </ApiProvider>
  );
}

/** The page at the address. Whoever has no use for it sees no page, which the API would refuse to fill. */
function Pages({ person, config }: { person: Person; config: Config }) {
  const [path] = useLocation();
  if (!isFor(person, config, path)) {
    return <NotFound />;
  }
  return (
    <Switch>
      <Route path="/">
        <Redirect to={homeOf(person, config)} replace />
      </Route>
      <Route path="/menu" component={menu.Page} />
      <Route path="/orders" component={orders.Page} />
      <Route path="/orders/:orderId">{({ orderId }) => <order.Page key={orderId} {...{ orderId }} />}</Route>
      <Route path="/kitchen" component={kitchen.Page} />
      <Route path="/sagas" component={sagas.Page} />
      <Route path="/sagas/:sagaId">{({ sagaId }) => <saga.Page key={sagaId} {...{ sagaId }} />}</Route>
      <Route path="/trouble" component={trouble.Page} />
      <Route component={NotFound} />
    </Switch>
  );
}

import { lazy } from "react";
import { Redirect, Route, Switch, useLocation } from "wouter";
import { ApiProvider } from "./api/ApiProvider.tsx";
import type { Config } from "./config.ts";
import type { Person, Session } from "./session/session.ts";
import { homeOf, isFor } from "./shell/places.ts";
import { Shell } from "./shell/Shell.tsx";
import { NotFound } from "./shell/NotFound.tsx";

const Menu = lazy(() => import("./pages/menu/Menu.tsx"));
const Orders = lazy(() => import("./pages/orders/Orders.tsx"));
const Order = lazy(() => import("./pages/order/Order.tsx"));
const Kitchen = lazy(() => import("./pages/kitchen/Kitchen.tsx"));
const Trouble = lazy(() => import("./pages/trouble/Trouble.tsx"));
const Sagas = lazy(() => import("./pages/sagas/Sagas.tsx"));
const Saga = lazy(() => import("./pages/saga/Saga.tsx"));

interface Props {
  config: Config;
  session: Session;
  signIn: (path?: string) => Promise<void>;
}

/** The console for whoever is signed in. */
export default function App({ config, session, signIn }: Props) {
  return (
    <ApiProvider {...{ config, session, signIn }}>
      <Shell>
        <Pages person={session.person} config={config} />
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
      <Route path="/menu" component={Menu} />
      <Route path="/orders" component={Orders} />
      <Route path="/orders/:orderId">{({ orderId }) => <Order key={orderId} {...{ orderId }} />}</Route>
      <Route path="/kitchen" component={Kitchen} />
      <Route path="/sagas" component={Sagas} />
      <Route path="/sagas/:sagaId">{({ sagaId }) => <Saga key={sagaId} {...{ sagaId }} />}</Route>
      <Route path="/trouble" component={Trouble} />
      <Route component={NotFound} />
    </Switch>
  );
}

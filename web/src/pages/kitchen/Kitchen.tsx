import { useSearchParams } from "wouter";
import { useMenu, useNames } from "../../api/menu.ts";
import { Failure } from "../../ui/Failure.tsx";
import { Loading } from "../../ui/Loading.tsx";
import { Page } from "../../ui/Page.tsx";
import { StockTable } from "./StockTable.tsx";
import { Tickets } from "./Tickets.tsx";
import { LISTS, listOf, type TicketList } from "./tickets.ts";
import { useTickets } from "./useTickets.ts";
import styles from "./Kitchen.module.css";

/** The kitchen: what is to be cooked, and what there is to cook with. */
export default function Kitchen() {
  const [search, setSearch] = useSearchParams();
  const list = listOf(search.get("show"));
  const shown = useTickets(list.status);
  const menu = useMenu();
  const nameOf = useNames();
  const toStock = (
    <a className={styles.jump} href="#stock-heading">
      To the stock
    </a>
  );
  return (
    <Page title="Kitchen" aside={menu.data && toStock}>
      <Segments chosen={list} choose={({ id }) => setSearch({ show: id }, { replace: true })} />
      <div className={styles.columns}>
        <section className={styles.board} aria-label="Tickets">
          <Tickets key={list.id} list={list} shown={shown} nameOf={nameOf} />
        </section>
        {menu.isPending && <Loading what="the stock" />}
        {menu.isLoadingError && (
          <Failure title="The stock cannot be shown" error={menu.error} retry={() => void menu.refetch()} />
        )}
        {menu.data && <StockTable products={menu.data} />}
      </div>
    </Page>
  );
}

/** The choice of a list. */
function Segments({ chosen, choose }: { chosen: TicketList; choose: (list: TicketList) => void }) {
  return (
    <fieldset className={styles.segments}>
      <legend>Tickets by status</legend>
      {LISTS.map((list) => (
        <label key={list.id}>
          <input type="radio" name="status" checked={list.id === chosen.id} onChange={() => choose(list)} />
          {list.words}
        </label>
      ))}
    </fieldset>
  );
}

import { useMenu } from "../../api/menu.ts";
import { useStock } from "../../api/stock.ts";
import { Failure } from "../../ui/Failure.tsx";
import { Loading } from "../../ui/Loading.tsx";
import { priceOf } from "../../ui/money.ts";
import { Notice } from "../../ui/Notice.tsx";
import { Page } from "../../ui/Page.tsx";
import { totals } from "./basket.ts";
import { BasketPanel } from "./BasketPanel.tsx";
import { ProductList } from "./ProductList.tsx";
import { useBasket } from "./useBasket.ts";
import styles from "./Menu.module.css";

/** The menu with a basket beside it. */
export default function Menu() {
  const { basket } = useBasket();
  const menu = useMenu();
  const shown = menu.data?.map(({ productId }) => productId) ?? [];
  const { stock, failure } = useStock(shown);
  return (
    <Page title="Menu">
      <div className={styles.columns}>
        <section className={styles.offers} aria-label="What there is">
          {menu.isPending && <Loading what="the menu" />}
          {menu.isLoadingError && (
            <Failure title="The menu cannot be shown" error={menu.error} retry={() => void menu.refetch()} />
          )}
          {failure && <Failure {...failure} />}
          {menu.data?.length === 0 && (
            <Notice kind="plain" title="The menu is empty">
              The restaurant sells nothing at the moment: please look in again later.
            </Notice>
          )}
          {menu.data && menu.data.length > 0 && <ProductList products={menu.data} stock={stock} />}
          {basket.lines.length > 0 && (
            <a className={styles.jump} href="#basket">
              To your basket: {totals(basket).map(priceOf).join(" + ")}
            </a>
          )}
        </section>
        <BasketPanel stock={stock} />
      </div>
    </Page>
  );
}

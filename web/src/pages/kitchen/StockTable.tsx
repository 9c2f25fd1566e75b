import { useId, useState, type SubmitEvent } from "react";
import { MAX_PRODUCTS } from "../../api/menu.ts";
import { useStock } from "../../api/stock.ts";
import { Button } from "../../ui/Button.tsx";
import { productIdFault } from "./count.ts";
import { StockRow } from "./StockRow.tsx";
import styles from "./Kitchen.module.css";

interface Props {
  /** The products' ids. */
  known: readonly string[];
  names: ReadonlyMap<string, string>;
  /** Whether these are all that there are. */
  isWhole: boolean;
}

/** What is left of each product, and a field to set it. */
export function StockTable({ known, names, isWhole }: Props) {
  const [added, setAdded] = useState<readonly string[]>([]);
  const products = [...new Set([...added, ...known])].slice(0, MAX_PRODUCTS);
  const stock = useStock(products);
  return (
    <section className={styles.stock} aria-labelledby="stock-heading">
      <h2 id="stock-heading">Stock</h2>
      <p className={styles.quiet}>Count what is left. What open orders have reserved is not part of it.</p>
      {products.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">Product</th>
              <th scope="col" className={styles.number}>
                Left
              </th>
              <th scope="col">Set to</th>
            </tr>
          </thead>
          <tbody>
            {products.map((id) => (
              <StockRow key={id} productId={id} name={names.get(id) ?? id} available={stock.get(id)} />
            ))}
          </tbody>
        </table>
      )}
      {!isWhole && <AnotherProduct add={(id) => setAdded((before) => [id, ...before].slice(0, MAX_PRODUCTS))} />}
    </section>
  );
}

/** Adds a product to the table by its id, for a cook who may not see the menu. */
function AnotherProduct({ add }: { add: (productId: string) => void }) {
  const [typed, setTyped] = useState("");
  const [fault, setFault] = useState<string>();
  const [fieldId, faultId] = [useId(), useId()];
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const found = productIdFault(typed);
    setFault(found);
    if (found === undefined) {
      add(typed);
      setTyped("");
    }
  };
  return (
    <form className={styles.another} onSubmit={submit}>
      <label htmlFor={fieldId}>Another product, by its id</label>
      <span className={styles.set}>
        <input
          id={fieldId}
          value={typed}
          aria-invalid={fault !== undefined}
          aria-describedby={faultId}
          onChange={({ target }) => setTyped(target.value.trim())}
        />
        <Button type="submit">Show</Button>
      </span>
      <span id={faultId} className={styles.fault} role="status">
        {fault}
      </span>
    </form>
  );
}

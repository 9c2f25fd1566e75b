import { useMutation } from "@tanstack/react-query";
import { reasonOf } from "order-saga-client";
import { useId, useState, type SubmitEvent } from "react";
import { useAccess } from "../../api/ApiProvider.tsx";
import { Intents } from "../../api/intents.ts";
import { useStockAgain } from "../../api/stock.ts";
import { Button } from "../../ui/Button.tsx";
import { countFault } from "./count.ts";
import styles from "./Kitchen.module.css";

interface Props {
  productId: string;
  name: string;
  /** Undefined if it is not known. */
  available: number | undefined;
}

/** A product: how much is left, and a field to set it. */
export function StockRow({ productId, name, available }: Props) {
  const [typed, setTyped] = useState("");
  const [fault, setFault] = useState<string>();
  const { set, forget, isPending, told } = useSetStock(productId, () => setTyped(""));
  const toldId = useId();
  const type = (text: string) => {
    setTyped(text);
    setFault(undefined);
    forget();
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const found = countFault(typed);
    setFault(found);
    if (found === undefined) {
      set(Number(typed));
    }
  };
  const wrong = fault ?? told.wrong;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className={styles.number}>{available === undefined ? "–" : available.toLocaleString("en")}</td>
      <td>
        <form className={styles.set} onSubmit={submit} noValidate>
          <input
            inputMode="numeric"
            autoComplete="off"
            aria-label={`New count of ${name}`}
            aria-invalid={wrong !== undefined}
            aria-describedby={toldId}
            value={typed}
            onChange={({ target }) => type(target.value.trim())}
          />
          <Button type="submit" aria-label={`Set the count of ${name}`} disabled={isPending || typed === ""}>
            Set
          </Button>
        </form>
        <span id={toldId} role="status" className={styles.told} data-wrong={wrong !== undefined}>
          {wrong ?? told.done}
        </span>
      </td>
    </tr>
  );
}

/** Sets the count; a second press of the same count is the same intent, and another count is another. */
function useSetStock(productId: string, onSet: () => void) {
  const { api, person } = useAccess();
  const intents = new Intents(person.subject);
  const askAgain = useStockAgain();
  const wanted = `stock ${productId}`;
  const { mutate, reset, isPending, error, data } = useMutation({
    mutationFn: (available: number) => api.kitchen.setStock({ productId, available }, intents.of(wanted).with()),
    onSuccess: async () => {
      intents.done(wanted);
      onSet();
      await askAgain();
    },
  });
  const forget = () => {
    intents.done(wanted);
    reset();
  };
  const done = data?.stock && `Set to ${data.stock.available.toLocaleString("en")}`;
  return { set: (available: number) => mutate(available), forget, isPending, told: { wrong: wrongOf(error), done } };
}

/** The fault of the count, or else the reason. */
function wrongOf(error: unknown): string | undefined {
  if (error === null) {
    return undefined;
  }
  const { tell, violations } = reasonOf(error);
  const [fault] = violations;
  return fault === undefined ? tell : `The count ${fault.description}.`;
}

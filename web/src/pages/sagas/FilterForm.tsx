import { useRef, useState, type SubmitEvent } from "react";
import { Link } from "wouter";
import { useDefinitions } from "../../api/definitions.ts";
import { Button } from "../../ui/Button.tsx";
import { Choice } from "./Choice.tsx";
import { choicesOf, namesOf } from "./choices.ts";
import { isNarrow, addressOf, textOf, type Age, type Filters } from "./filters.ts";
import { SearchField } from "./SearchField.tsx";
import { useTyped } from "./useTyped.ts";
import styles from "./FilterForm.module.css";

const AGE_NAMES: Record<Age, string> = {
  "15m": "the last 15 minutes",
  "1h": "the last hour",
  "1d": "the last day",
  "7d": "the last week",
};

interface Props {
  filters: Filters;
  look: (filters: Filters) => void;
}

/** What narrows the list: a choice counts at once, a text when it is sent or with the next choice. */
export function FilterForm({ filters, look }: Props) {
  const [isOpen, setOpen] = useState(isNarrow(filters));
  const [isWrong, setWrong] = useState(false);
  const [typed, type] = useTyped(filters.text ?? "");
  const field = useRef<HTMLInputElement>(null);
  const { definitions = [] } = useDefinitions();
  const { sagas, steps } = choicesOf(definitions, filters);
  const text = textOf(typed);
  const choose = (choice: Filters) => look({ ...filters, text: text ?? filters.text, ...choice });
  const search = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setWrong(text === undefined);
    if (text !== undefined) {
      choose({});
    }
  };
  return (
    <div>
      <Button className={styles.toggle ?? ""} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        Filters
      </Button>
      <form
        className={`${styles.form} ${isOpen ? "" : styles.closed}`}
        role="search"
        aria-label="Sagas"
        onSubmit={search}
      >
        <Choice
          label="Saga"
          all="every saga"
          value={filters.saga}
          options={namesOf(sagas)}
          choose={(saga) => choose({ saga, step: undefined })}
        />
        <Choice
          label="Latest step"
          all="every step"
          value={filters.step}
          options={namesOf(steps)}
          choose={(step) => choose({ step })}
        />
        <Choice
          label="Started in"
          all="any time"
          value={filters.age}
          options={Object.entries(AGE_NAMES)}
          choose={(age) => choose({ age: age as Age | undefined })}
        />
        <SearchField {...{ field, typed, type }} isWrong={isWrong && text === undefined} />
        {isNarrow(filters) && (
          // The link goes with what it clears, and must not take the keyboard's place along.
          <Link href={addressOf({ state: filters.state })} onClick={() => field.current?.focus()}>
            Clear filters
          </Link>
        )}
      </form>
    </div>
  );
}

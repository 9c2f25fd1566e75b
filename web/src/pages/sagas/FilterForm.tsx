import type { SubmitEvent } from "react";
import { Link } from "wouter";
import { useDefinitions } from "../../api/definitions.ts";
import { Button } from "../../ui/Button.tsx";
import { Choice } from "./Choice.tsx";
import { choicesOf, namesOf } from "./choices.ts";
import { isNarrow, pathOf, TEXT, type Age, type Filters } from "./filters.ts";
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

/** What narrows the list: a choice counts at once, a text when it is sent. */
export function FilterForm({ filters, look }: Props) {
  const { definitions = [] } = useDefinitions();
  const { sagas, steps } = choicesOf(definitions, filters);
  const search = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = new FormData(event.currentTarget).get("text");
    look({ ...filters, text: typeof text === "string" ? text.trim() : "" });
  };
  return (
    <form className={styles.form} role="search" aria-label="Sagas" onSubmit={search}>
      <Choice
        label="Saga"
        all="every saga"
        value={filters.saga}
        options={namesOf(sagas)}
        choose={(saga) => look({ ...filters, saga, step: undefined })}
      />
      <Choice
        label="Latest step"
        all="every step"
        value={filters.step}
        options={namesOf(steps)}
        choose={(step) => look({ ...filters, step })}
      />
      <Choice
        label="Started in"
        all="any time"
        value={filters.age}
        options={Object.entries(AGE_NAMES)}
        choose={(age) => look({ ...filters, age: age as Age | undefined })}
      />
      <div className={styles.search}>
        <label>
          Text
          <input
            type="search"
            name="text"
            defaultValue={filters.text}
            placeholder="id, subject or reason"
            title="A part of an id, a subject or a reason: letters, digits and signs without spaces"
            autoComplete="off"
            spellCheck={false}
            {...TEXT}
          />
        </label>
        <Button type="submit">Search</Button>
      </div>
      {isNarrow(filters) && <Link href={pathOf({ state: filters.state })}>Clear filters</Link>}
    </form>
  );
}

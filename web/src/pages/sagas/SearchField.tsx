import { useId } from "react";
import { Button } from "../../ui/Button.tsx";
import styles from "./FilterForm.module.css";

interface Props {
  typed: string;
  type: (text: string) => void;
  /** Whether it was sent, and cannot be looked for. */
  isWrong: boolean;
}

/** A text to look for. What cannot be looked for is said beside it, in words of the page. */
export function SearchField({ typed, type, isWrong }: Props) {
  const hint = useId();
  return (
    <div className={styles.search}>
      <label>
        Text
        <input
          type="search"
          value={typed}
          onChange={({ target }) => type(target.value)}
          placeholder="id, subject or reason"
          autoComplete="off"
          spellCheck={false}
          aria-invalid={isWrong}
          aria-describedby={isWrong ? hint : undefined}
        />
      </label>
      <Button type="submit">Search</Button>
      {isWrong && (
        <p id={hint} className={styles.wrong} role="alert">
          Look for a part of one id, subject or reason: no spaces, no accents, 64 characters at most.
        </p>
      )}
    </div>
  );
}

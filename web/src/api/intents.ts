import { Intent } from "order-saga-client";
import { placeOf } from "../session/kept.ts";

/**
 * The intents of this tab, by what is wanted, such as `cancel <order>`. They outlive a reload: a press after it carries the
 * key of the press before it, so that nothing is done twice. A key is no secret: it is worth nothing to anybody else.
 */
export class Intents {
  readonly #person: string;
  readonly #storage: Storage;

  constructor(person: string, storage: Storage = window.sessionStorage) {
    this.#person = person;
    this.#storage = storage;
  }

  /** The intent of this name; the same until it is done. */
  of(wanted: string): Intent {
    const place = this.#place(wanted);
    const kept = this.#storage.getItem(place);
    const intent = kept === null ? new Intent() : new Intent(kept);
    this.#storage.setItem(place, intent.key);
    return intent;
  }

  /** It is done: what comes next under this name is another intent. */
  done(wanted: string): void {
    this.#storage.removeItem(this.#place(wanted));
  }

  #place(wanted: string): string {
    return placeOf(this.#person, `intent ${wanted}`);
  }
}

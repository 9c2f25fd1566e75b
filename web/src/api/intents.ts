import { Intent } from "order-saga-client";
import { storageKeyOf } from "../session/kept.ts";

/**
 * The intents of a person, by what is wanted, such as `cancel <order>`. They outlive a reload: a press after it carries the
 * key of the press before it, so that nothing is done twice. They are a tab's own, or in `sharedByTabs()` those of all tabs, for
 * what all tabs show as one. A key is no secret: it is worth nothing to anybody else.
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
    const key = this.#key(wanted);
    const kept = this.#storage.getItem(key);
    const intent = kept === null ? new Intent() : new Intent(kept);
    this.#storage.setItem(key, intent.key);
    return intent;
  }

  /** It is done: what comes next under this name is another. False if `intent` is not it any more, by another tab's press. */
  done(wanted: string, intent?: Intent): boolean {
    const key = this.#key(wanted);
    if (intent !== undefined && this.#storage.getItem(key) !== intent.key) {
      return false;
    }
    this.#storage.removeItem(key);
    return true;
  }

  #key(wanted: string): string {
    return storageKeyOf(this.#person, `intent ${wanted}`);
  }
}

import { Intent } from "order-saga-client";
import { storageKeyOf } from "../session/kept.ts";

/**
 * How long after its latest press an intent without an answer is still what the person means. Whoever presses later, on another
 * day say, wants it anew, and would get the answer of that day, as the API remembers its key.
 */
const MEANT_MS = 3_600_000;

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

  /** The intent of this name for a press at this time; the same until it is done, or was not pressed for an hour. */
  of(wanted: string, now = Date.now()): Intent {
    this.#forgetOld(now);
    const intent = new Intent(this.#kept(this.#key(wanted))?.key);
    this.#storage.setItem(this.#key(wanted), `${intent.key} ${now}`);
    return intent;
  }

  /** It is done: what comes next under this name is another. False if `intent` is not it any more, by another tab's press. */
  done(wanted: string, intent?: Intent): boolean {
    const key = this.#key(wanted);
    if (intent !== undefined && this.#kept(key)?.key !== intent.key) {
      return false;
    }
    this.#storage.removeItem(key);
    return true;
  }

  /** Nothing grows by what nobody asks for again. */
  #forgetOld(now: number): void {
    const places = Array.from({ length: this.#storage.length }, (_, at) => this.#storage.key(at));
    for (const place of places) {
      if (place?.startsWith(this.#key("")) && !this.#isMeant(place, now)) {
        this.#storage.removeItem(place);
      }
    }
  }

  /** A clock that was put back meanwhile makes no intent live longer. */
  #isMeant(place: string, now: number): boolean {
    return Math.abs(now - (this.#kept(place)?.pressedAt ?? NaN)) < MEANT_MS;
  }

  /** No key has a space in it. */
  #kept(place: string): { key: string; pressedAt: number } | undefined {
    const [key, pressedAt] = this.#storage.getItem(place)?.split(" ") ?? [];
    return key === undefined ? undefined : { key, pressedAt: Number(pressedAt) };
  }

  #key(wanted: string): string {
    return storageKeyOf(this.#person, `intent ${wanted}`);
  }
}

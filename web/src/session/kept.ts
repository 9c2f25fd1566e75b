/**
 * What all tabs of the console share, and what outlives them: a person's basket and the shop's intents, and never a token. A
 * rule sees to it that nothing else goes there past this.
 */
export function sharedByTabs(): Storage {
  return window.localStorage;
}

/** The key in a storage under which something of a person's is kept. */
export function storageKeyOf(person: string, what: string): string {
  return `of ${person}: ${what}`;
}

/** Forgets all that is kept of a person's in these storages; nothing of anybody else's. */
export function forget(person: string, ...storages: Storage[]): void {
  for (const storage of storages) {
    const keys = Array.from({ length: storage.length }, (_, at) => storage.key(at));
    for (const key of keys) {
      if (key?.startsWith(storageKeyOf(person, ""))) {
        storage.removeItem(key);
      }
    }
  }
}

/** A `Storage` in memory, for tests. */
export function storage(): Storage {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    clear: () => kept.clear(),
    getItem: (key) => kept.get(key) ?? null,
    key: (index) => [...kept.keys()][index] ?? null,
    removeItem: (key) => void kept.delete(key),
    setItem: (key, value) => void kept.set(key, value),
  };
}

/** So many tabs of a browser: they share the storage, and each hears what the others write. */
export function tabs(count: number): { storage: Storage; tab: EventTarget }[] {
  const shared = storage();
  const all = Array.from({ length: count }, () => new EventTarget());
  return all.map((tab) => {
    const tell = (key: string) => {
      for (const other of all.filter((each) => each !== tab)) {
        other.dispatchEvent(Object.assign(new Event("storage"), { key }));
      }
    };
    const own = Object.create(shared) as Storage;
    own.setItem = (key, value) => {
      shared.setItem(key, value);
      tell(key);
    };
    own.removeItem = (key) => {
      shared.removeItem(key);
      tell(key);
    };
    return { storage: own, tab };
  });
}

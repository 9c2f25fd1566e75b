/** The place in a tab's storage where something of a person's is kept. */
export function placeOf(person: string, what: string): string {
  return `of ${person}: ${what}`;
}

/** Forgets all that a tab keeps of a person's; nothing of anybody else's. */
export function forget(person: string, storage: Storage): void {
  const places = Array.from({ length: storage.length }, (_, at) => storage.key(at));
  for (const place of places) {
    if (place?.startsWith(placeOf(person, ""))) {
      storage.removeItem(place);
    }
  }
}

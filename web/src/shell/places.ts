import type { Config } from "../config.ts";
import type { Person } from "../session/session.ts";

/** A place of the console that has a link in the head of every page. */
export interface Place {
  path: string;
  name: string;
  /** For whom it is, in words, if that is up to the person's permissions. */
  who?: string;
  /** Whether this person has a use for it. */
  isFor(person: Person, config: Config): boolean;
}

const may = (permission: string) => (person: Person) => person.permissions.has(permission);

/** The places, the most used first. */
const PLACES: readonly Place[] = [
  { path: "/menu", name: "Menu", who: "customers", isFor: may("create:orders") },
  { path: "/orders", name: "My orders", who: "customers", isFor: may("read:orders") },
  { path: "/kitchen", name: "Kitchen", who: "cooks", isFor: may("read:tickets") },
  { path: "/sagas", name: "Sagas", who: "operators", isFor: may("read:operations") },
  { path: "/trouble", name: "Trouble", isFor: (_, config) => config.local !== undefined },
];

/** The places that a person has a use for. */
export function placesOf(person: Person, config: Config): readonly Place[] {
  return PLACES.filter((place) => place.isFor(person, config));
}

/** Where a person begins. */
export function homeOf(person: Person, config: Config): string {
  return placesOf(person, config)[0]?.path ?? "/nothing";
}

/** Whether a person has a use for this path; a path that belongs to no place is for everybody. */
export function isFor(person: Person, config: Config, path: string): boolean {
  return PLACES.find((place) => isAt(place.path, path))?.isFor(person, config) ?? true;
}

/** For whom the place of this path is, in words; undefined if it belongs to none. */
export function whoseIs(path: string): string | undefined {
  return PLACES.find((place) => isAt(place.path, path))?.who;
}

/** Whether a path belongs to a place, as an order's page belongs to the orders. */
export function isAt(place: string, path: string): boolean {
  return path === place || path.startsWith(`${place}/`);
}

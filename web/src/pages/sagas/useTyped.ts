import { useState } from "react";

/** What is typed into a field; when what is in force changes, such as by going back, that is in the field. */
export function useTyped(inForce: string): readonly [string, (typed: string) => void] {
  const [{ typed, seen }, setTyped] = useState({ typed: inForce, seen: inForce });
  if (seen !== inForce) {
    setTyped({ typed: inForce, seen: inForce });
  }
  return [typed, (text) => setTyped({ typed: text, seen: inForce })];
}

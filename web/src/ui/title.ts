/** A name that programs use, as people read it: "create-ticket" is "Create ticket". */
export function titleOf(name: string): string {
  const words = name.replaceAll(/[-_]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What the console is told at run time by `/config.json`, so that one build serves every deployment. */
export interface Config {
  /** The API's address, the stack's output ApiUrl. */
  apiUrl: string;
  /** The issuer of tokens, with a "/" at its end. */
  issuer: string;
  /** The console's client at the issuer. */
  clientId: string;
  /** The API's identifier at the issuer. */
  audience: string;
  /** What only the local AWS has. */
  local?: { troubleUrl: string };
}

/** Fetches the configuration, past every cache. */
export async function loadConfig(): Promise<Config> {
  const answer = await fetch("/config.json", { cache: "no-store" });
  if (!answer.ok) {
    throw new Error(`/config.json cannot be read: ${answer.status}`);
  }
  return parseConfig(await answer.json());
}

/** The configuration, or an error that names what is missing. */
export function parseConfig(json: unknown): Config {
  const { local } = fieldsOf(json);
  const text = (name: string) => textOf(json, name);
  return {
    apiUrl: text("apiUrl"),
    issuer: text("issuer"),
    clientId: text("clientId"),
    audience: text("audience"),
    ...(local !== undefined && { local: { troubleUrl: textOf(local, "troubleUrl") } }),
  };
}

function fieldsOf(json: unknown): Record<string, unknown> {
  if (typeof json !== "object" || json === null) {
    throw new TypeError("/config.json must hold a JSON object");
  }
  return { ...json };
}

function textOf(json: unknown, name: string): string {
  const value = fieldsOf(json)[name];
  if (typeof value !== "string" || value === "") {
    throw new TypeError(`/config.json must say ${name}`);
  }
  return value;
}

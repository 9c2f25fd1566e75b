/** What the console reads of an access token. */
export interface Claims {
  /** Whose it is; undefined for what is no token. */
  subject: string | undefined;
  permissions: string[];
}

/** What an access token says; nothing of it is verified here: that is up to the API. */
export function claimsOf(token: string): Claims {
  const { sub, permissions } = read(token);
  return {
    subject: typeof sub === "string" ? sub : undefined,
    permissions: Array.isArray(permissions) ? permissions.filter((one) => typeof one === "string") : [],
  };
}

function read(token: string): Record<string, unknown> {
  const [, claims = ""] = token.split(".");
  try {
    const letters = atob(claims.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    const found: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof found === "object" && found !== null ? { ...found } : {};
  } catch {
    return {};
  }
}

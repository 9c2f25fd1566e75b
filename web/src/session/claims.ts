/** What an access token says; nothing of it is verified here: that is up to the API. */
export function claimsOf(token: string): { permissions: string[] } {
  const [, claims = ""] = token.split(".");
  let read: unknown;
  try {
    const bytes = Uint8Array.from(atob(claims.replaceAll("-", "+").replaceAll("_", "/")), (letter) =>
      letter.charCodeAt(0),
    );
    read = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    read = undefined;
  }
  const permissions = typeof read === "object" && read !== null && "permissions" in read ? read.permissions : [];
  return { permissions: Array.isArray(permissions) ? permissions.filter((one) => typeof one === "string") : [] };
}

import type { Token } from "../../src/index.ts";
import type { Setting } from "./setting.ts";

/** Asks the development issuer for tokens. */
export function mintAt({ issuer }: Setting) {
  return async (subject: string, permissions: string[], seconds: number): Promise<Token> => {
    const query = new URLSearchParams({
      sub: subject,
      permissions: permissions.join(","),
      expires_in: String(seconds),
    });
    const answer = await fetch(new URL(`token?${query}`, issuer));
    const { access_token: value } = (await answer.json()) as { access_token: string };
    return { value, expiresAt: Date.now() + seconds * 1000 };
  };
}

// What a browser lets the provider's answers do, and by which names the provider is called.

import { hashOf, STYLE } from "./pages.mjs";

const POLICY = `default-src 'none'; style-src '${hashOf(STYLE)}'; base-uri 'none'`;

/**
 * Answers those only who call the provider by the issuer's names, or by the port that it listens on, as the program does that starts
 * it. Through a name of its own, a page of another origin could sign in and read what it was given.
 */
export function byItsOwnNames({ issuer, port }) {
  const ports = [new URL(issuer).port, port];
  const own = ports.flatMap((port) => [`127.0.0.1:${port}`, `localhost:${port}`]);
  return async (ctx, next) => {
    if (own.includes(ctx.get("host"))) return next();
    ctx.status = 421;
    ctx.body = `Call the issuer as ${issuer}: it takes no other name.\n`;
  };
}

/**
 * The same policy for every answer, the library's own pages and refusals included. The library adds the hash of a script that it
 * writes to `script-src`. Only the app may show an answer in a frame, and only the answer that is meant for one.
 */
export function policy({ origins }) {
  const app = origins.join(" ");
  return async (ctx, next) => {
    // Browsers hold `form-action` against what a form's answer redirects to as well, which is the app.
    ctx.set("Content-Security-Policy", `${POLICY}; form-action 'self' ${app}; script-src`);
    ctx.set("X-Content-Type-Options", "nosniff");
    // Without any, browsers would not say either that a form comes from a page of the issuer.
    ctx.set("Referrer-Policy", "same-origin");
    await next();
    const framing = ctx.query.response_mode === "web_message" ? app : "'none'";
    ctx.set("Content-Security-Policy", `${ctx.response.get("Content-Security-Policy")}; frame-ancestors ${framing}`);
  };
}

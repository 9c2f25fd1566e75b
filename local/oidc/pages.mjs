// The pages that a person sees while signing in and out. Nothing on them comes from elsewhere, and one of them has a script.

import { createHash } from "node:crypto";

/** The style of all pages, of which the policy holds the hash. */
export const STYLE = `
:root { color-scheme: light dark; --ground: #f6f6f4; --ink: #1c1c1a; --quiet: #5c5c57; --line: #c9c9c4; --accent: #0b5cad; }
@media (prefers-color-scheme: dark) { :root { --ground: #171716; --ink: #ececea; --quiet: #a9a9a4; --line: #4a4a46; --accent: #7fb5f0; } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 24rem; margin: 12vh auto 0; padding: 0 1rem 2rem; }
h1 { font-size: 1.5rem; margin: 0 0 0.5rem; }
.warning { color: var(--quiet); font-size: 0.875rem; }
ul { list-style: none; margin: 1.5rem 0; padding: 0; }
button { width: 100%; margin: 0 0 0.5rem; padding: 0.75rem 1rem; font: inherit; text-align: start; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: 0.5rem; cursor: pointer; }
button:hover { border-color: var(--accent); }
button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
`;
const SUBMIT = "document.forms[0].submit()";

/** A style or script as a policy names it. */
export function hashOf(text) {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

/** A page with `title`, `text` and what else is given as HTML. */
export function page(ctx, status, title, text, html = "") {
  ctx.status = status;
  ctx.type = "html";
  ctx.set("Cache-Control", "no-store");
  ctx.body = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${text && `<p>${escaped(text)}</p>`}
${html}
<p class="warning">DEVELOPMENT ONLY: this issuer runs on your machine and asks nobody for a password.</p>
</main>
</body>
</html>
`;
}

/** The page with a button for each of `people`; it says who of them is signed in. */
export function chooser(ctx, people, current) {
  const buttons = people.map(({ sub, name, role }) => {
    const label = `${name}, ${role}`;
    return `<li><button name="person" value="${escaped(sub)}">${escaped(label)}</button></li>`;
  });
  const signedIn = people.find(({ sub }) => sub === current);
  const text = signedIn ? `${signedIn.name} is signed in. Who are you?` : "Who are you?";
  page(ctx, 200, "Sign in", text, `<form method="post"><ul>\n${buttons.join("\n")}\n</ul></form>`);
}

/** The page whose form, given as HTML, sends itself; where scripts are off, by its button. */
export function sending(ctx, title, form) {
  page(ctx, 200, title, "", `${form}\n<script>${SUBMIT}</script>`);
  const policy = ctx.response.get("Content-Security-Policy");
  ctx.set("Content-Security-Policy", policy.replace("script-src", `script-src '${hashOf(SUBMIT)}'`));
}

function escaped(text) {
  const entities = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (character) => entities[character]);
}

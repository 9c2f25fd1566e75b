// What a tenant of Auth0 says to a single-page app, said by the library oidc-provider: the same paths, parameters, claims
// and lifetimes, so that Auth0's own SDK cannot tell the difference. Read `main.mjs` first.

import { createPrivateKey, createPublicKey, randomBytes } from "node:crypto";
import { createRequire } from "node:module";

import { byItsOwnNames, policy } from "./guard.mjs";
import { chooser, page, sending } from "./pages.mjs";

// `make setup` installs the packages there; an `import` would look for them beside this file only.
const require = createRequire(new URL("../../.local/node/", import.meta.url));
const { Provider, interactionPolicy, errors } = require("oidc-provider");
// The library's own version of it, as other tools bring older ones.
const { jwtVerify } = createRequire(require.resolve("oidc-provider"))("jose");

const SCOPES = ["openid", "profile", "email", "offline_access"];
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * A provider for `settings`: { issuer, port, audience, key, keyId, clientId, origins, people, tokenLifetime }. It keeps the library's
 * store in memory, which forgets the eldest of more than a thousand sessions, codes and tokens.
 */
export function provider(settings) {
  const { issuer, clientId, origins } = settings;
  const people = new Map(settings.people.map((person) => [person.sub, person]));
  const made = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        token_endpoint_auth_method: "none",
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        redirect_uris: origins,
        post_logout_redirect_uris: origins,
      },
    ],
    clientBasedCORS: (ctx, origin) => origins.includes(origin),
    clientAuthMethods: ["none"],
    responseTypes: ["code"],
    scopes: SCOPES,
    claims: { openid: ["sub"], profile: ["name", "nickname"], email: ["email", "email_verified"] },
    // Auth0 puts the profile into the ID token, which is where its SDK reads it.
    conformIdTokenClaims: false,
    jwks: { keys: [signingKey(settings)] },
    cookies: {
      keys: [randomBytes(32).toString("base64url")],
      // A cookie belongs to the host, so every program of this machine that serves pages on 127.0.0.1 sees it.
      names: {
        session: "order-saga-issuer",
        interaction: "order-saga-issuer-choice",
        resume: "order-saga-issuer-resume",
      },
    },
    routes: {
      authorization: "/authorize",
      token: "/oauth/token",
      userinfo: "/userinfo",
      end_session: "/v2/logout",
      jwks: "/.well-known/jwks.json",
    },
    ttl: {
      AuthorizationCode: MINUTE,
      AccessToken: settings.tokenLifetime,
      IdToken: 10 * HOUR,
      Interaction: HOUR,
      Session: DAY,
      Grant: DAY,
      RefreshToken: DAY,
    },
    rotateRefreshToken: true,
    // Whoever signs out has signed out in every tab.
    expiresWithSession: () => true,
    findAccount: (ctx, sub) => ({ accountId: sub, claims: () => claimsOf(people.get(sub)) }),
    loadExistingGrant: (ctx) => grant(ctx, settings.audience),
    interactions: { policy: prompts(), url: (ctx, interaction) => `/choose/${interaction.uid}` },
    renderError: (ctx, out) => page(ctx, ctx.status, "That did not work", describe(out)),
    extraParams: { audience: null, scope: keepOfflineAccess },
    formats: { customizers: { jwt: (ctx, token, jwt) => likeAuth0(jwt, settings, people.get(token.accountId)) } },
    features: {
      devInteractions: { enabled: false },
      // The API refuses tokens that are bound to a key.
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      webMessageResponseMode: { enabled: true, ack: "individual-draft-01" },
      resourceIndicators: {
        enabled: true,
        defaultResource: (ctx) => ctx.oidc.params.audience,
        useGrantedResource: () => true,
        getResourceServerInfo: (ctx, resource) => resourceServer(resource, settings),
      },
      rpInitiatedLogout: { enabled: true, logoutSource: signOut, postLogoutSuccessSource: signedOut },
    },
  });
  made.use(byItsOwnNames(settings));
  made.use(policy(settings));
  made.use(speakAuth0);
  made.use(userinfo(settings, people));
  made.use(choose(made, settings.people));
  made.on("server_error", (ctx, error) => console.error(ctx.method, ctx.path, error));
  return made;
}

function signingKey({ key, keyId }) {
  return { ...createPrivateKey(key).export({ format: "jwk" }), kid: keyId, alg: "RS256", use: "sig" };
}

function claimsOf({ sub, name, email }) {
  return { sub, name, nickname: name.toLowerCase(), email, email_verified: true };
}

function describe({ error, error_description: description }) {
  return `${description ?? "The request was refused"} (${error}). Go back to the app and sign in again.`;
}

/** The prompts of OIDC. Who is asked to choose has chosen once the page has been answered, whoever was signed in before. */
function prompts() {
  const known = interactionPolicy.base();
  known.add(new interactionPolicy.Prompt({ name: "select_account", requestable: true }), 0);
  return known;
}

/** The API is the only audience. A token without an audience is for `/userinfo` alone, as Auth0's is. */
function resourceServer(resource, { audience }) {
  if (resource !== audience)
    throw new errors.InvalidTarget("no API has this audience: ask for the audience of the app's configuration");
  return {
    scope: SCOPES.join(" "),
    accessTokenFormat: "jwt",
  };
}

/** The app is the house's own, so nobody is asked for consent: everything that it may ask for is granted. */
async function grant(ctx, audience) {
  const { client, session, provider } = ctx.oidc;
  const id = session.grantIdFor(client.clientId);
  const known = id && (await provider.Grant.find(id));
  const granted = known || new provider.Grant({ accountId: session.accountId, clientId: client.clientId });
  granted.addOIDCScope(SCOPES.join(" "));
  granted.addResourceScope(audience, SCOPES.join(" "));
  await granted.save();
  return granted;
}

/** OIDC has a refresh token ask for consent, and the library drops the scope without; Auth0 asks nobody on behalf of its own apps. */
function keepOfflineAccess(ctx) {
  const { params } = ctx.oidc;
  const asked = ctx.query.scope?.split(" ").includes("offline_access");
  if (asked && !params.scope.split(" ").includes("offline_access")) params.scope += " offline_access";
}

/** Auth0's claims: the permissions of RBAC, both audiences, the app as `azp`, and its own type of token. */
function likeAuth0(jwt, { issuer, audience, clientId }, person) {
  const { client_id: _, ...claims } = jwt.payload;
  jwt.header = { typ: "JWT" };
  jwt.payload = { ...claims, aud: [audience, `${issuer}userinfo`], azp: clientId, permissions: person.permissions };
}

/** The names that Auth0 has for what the library has as well. */
async function speakAuth0(ctx, next) {
  if (ctx.path === "/v2/logout" && ctx.query.returnTo !== undefined) {
    ctx.query = { ...ctx.query, post_logout_redirect_uri: ctx.query.returnTo };
  }
  if (ctx.path === "/oauth/token" && ctx.is("json")) await takeJson(ctx);
  await next();
  if (ctx.body?.error === "invalid_grant" && ctx.oidc.params.grant_type === "refresh_token") {
    // By these words the SDK knows that it has to ask by its frame instead.
    ctx.body.error_description = "Unknown or invalid refresh token.";
  }
  // A refusal is an answer as well: with 400 the browser would report an error that there is not.
  if (ctx.query.response_mode === "web_message" && ctx.status === 400 && ctx.type === "text/html") ctx.status = 200;
}

/** The SDK sends forms unless it is told otherwise; Auth0 takes both, the library forms only. */
async function takeJson(ctx) {
  try {
    ctx.request.body = JSON.parse(await bodyOf(ctx));
  } catch {
    ctx.request.body = {};
  }
  ctx.req.headers["content-type"] = "application/x-www-form-urlencoded";
}

/** The library answers `/userinfo` for tokens without an audience; Auth0 does so for the API's tokens too. */
function userinfo({ issuer, key }, people) {
  const publicKey = createPublicKey(key);
  const expected = { issuer, audience: `${issuer}userinfo` };
  return async (ctx, next) => {
    const token = /^bearer +([^. ]+\.[^. ]+\.[^. ]+)$/i.exec(ctx.get("authorization"))?.[1];
    if (ctx.path !== "/userinfo" || !token) return next();
    try {
      const { sub } = (await jwtVerify(token, publicKey, expected)).payload;
      ctx.body = people.has(sub) ? claimsOf(people.get(sub)) : { sub };
    } catch {
      ctx.status = 401;
      ctx.set("WWW-Authenticate", 'Bearer error="invalid_token"');
      ctx.body = {
        error: "invalid_token",
        error_description: "the access token is not of this issuer, or has expired",
      };
    }
  };
}

/** The page of the people, and what its buttons do. */
function choose(made, people) {
  return async (ctx, next) => {
    if (!ctx.path.startsWith("/choose/")) return next();
    let interaction;
    try {
      interaction = await made.interactionDetails(ctx.req, ctx.res);
    } catch {
      return page(
        ctx,
        400,
        "This sign-in has ended",
        "It was finished before, or waited too long. Go back to the app and sign in again.",
      );
    }
    if (ctx.method !== "POST") return chooser(ctx, people, interaction.session?.accountId);
    const accountId = new URLSearchParams(await bodyOf(ctx)).get("person");
    if (!people.some(({ sub }) => sub === accountId))
      return page(ctx, 400, "Nobody of that name", "Go back and choose a person of the page.");
    // Each prompt that has an entry here counts as answered.
    const answered = { login: { accountId }, select_account: {} };
    ctx.status = 303;
    ctx.redirect(await made.interactionResult(ctx.req, ctx.res, answered));
  };
}

async function bodyOf(ctx) {
  return Buffer.concat(await ctx.req.toArray()).toString();
}

/** Auth0 asks nobody whether they mean it, so the library's question answers itself. */
function signOut(ctx, form) {
  const yes = '<input type="hidden" name="logout" value="yes"><button>Sign out</button></form>';
  sending(ctx, "Signing out", form.replace("</form>", yes));
}

function signedOut(ctx) {
  page(ctx, 200, "You are signed out", "Go back to the app to sign in again.");
}

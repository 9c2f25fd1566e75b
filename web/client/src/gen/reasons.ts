// Generated from the catalogue of reasons by make generate.

/** What is known of a reason for which a call is refused, or for which a step of a saga says no. */
export interface ReasonEntry {
  /** Connect's code of a call that is refused with it; null for a reason that only a saga's step gives. */
  readonly code: string | null;
  /** Which RPCs refuse with it, by their names. */
  readonly rpcs: "all" | "mutations" | readonly string[];
  /** Whether an order or a step of a saga shows it. */
  readonly bySaga: boolean;
  /** The keys of the metadata that a refused call comes with. */
  readonly metadata: readonly string[];
  /** What a program can do: nothing, get a new access token, or repeat the same call after so many milliseconds. */
  readonly retry: "never" | "with-new-token" | { readonly afterMs: number };
  /** What to tell the person in front of the screen. */
  readonly tell: string;
}

/** Every reason by its name; docs/errors.md is the same for people. */
export const REASONS = {
  /** a field of the request is missing, malformed or out of its limits; the BadRequest lists every fault */
  INVALID_REQUEST: {
    code: "invalid_argument",
    rpcs: "all",
    bySaga: false,
    metadata: [],
    retry: "never",
    tell: "Something in this form is not right: please check the fields that are marked.",
  },
  /** the body is no JSON, no ProtoJSON or no Protobuf of the request's type */
  UNREADABLE_REQUEST: {
    code: "invalid_argument",
    rpcs: "all",
    bySaga: false,
    metadata: [],
    retry: "never",
    tell: "The app has sent something that the service cannot read: please reload it.",
  },
  /** the body has more bytes than the limit */
  REQUEST_TOO_LARGE: {
    code: "invalid_argument",
    rpcs: "all",
    bySaga: false,
    metadata: ["limit_bytes"],
    retry: "never",
    tell: "This is too much at once: please send less.",
  },
  /** the body is neither application/json nor application/proto */
  UNSUPPORTED_MEDIA_TYPE: {
    code: "invalid_argument",
    rpcs: "all",
    bySaga: false,
    metadata: [],
    retry: "never",
    tell: "The app speaks a language that the service does not: please reload it.",
  },
  /** the body is compressed; the header Accept-Encoding of the answer says what is understood */
  UNSUPPORTED_ENCODING: {
    code: "unimplemented",
    rpcs: "all",
    bySaga: false,
    metadata: [],
    retry: "never",
    tell: "The app speaks a language that the service does not: please reload it.",
  },
  /** the header Connect-Protocol-Version, or the parameter `connect` of a GET, names another version than 1 */
  UNSUPPORTED_PROTOCOL: {
    code: "invalid_argument",
    rpcs: "all",
    bySaga: false,
    metadata: [],
    retry: "never",
    tell: "The app speaks a language that the service does not: please reload it.",
  },
  /** the request's path, query, headers or body are not those of an HTTP request */
  MALFORMED_REQUEST: {
    code: "invalid_argument",
    rpcs: "all",
    bySaga: false,
    metadata: [],
    retry: "never",
    tell: "The app has sent something that the service cannot read: please reload it.",
  },
  /** the method is neither POST nor, for an RPC that only reads, GET */
  METHOD_NOT_ALLOWED: {
    code: "unimplemented",
    rpcs: "all",
    bySaga: false,
    metadata: [],
    retry: "never",
    tell: "The app speaks a language that the service does not: please reload it.",
  },
  /** the path names no RPC of this function */
  UNKNOWN_RPC: {
    code: "unimplemented",
    rpcs: "all",
    bySaga: false,
    metadata: [],
    retry: "never",
    tell: "The app asks for something that the service does not have: please reload it.",
  },
  /** the header Connect-Timeout-Ms is not a whole number of 1 to 10 digits */
  BAD_TIMEOUT: {
    code: "invalid_argument",
    rpcs: "all",
    bySaga: false,
    metadata: [],
    retry: "never",
    tell: "The app has sent something that the service cannot read: please reload it.",
  },
  /** the header Idempotency-Key is missing */
  IDEMPOTENCY_KEY_MISSING: {
    code: "invalid_argument",
    rpcs: "mutations",
    bySaga: false,
    metadata: [],
    retry: "never",
    tell: "The app has forgotten something: please reload it.",
  },
  /** the header Idempotency-Key is not one value of 1 to 128 visible ASCII characters without a comma */
  IDEMPOTENCY_KEY_MALFORMED: {
    code: "invalid_argument",
    rpcs: "mutations",
    bySaga: false,
    metadata: [],
    retry: "never",
    tell: "The app has sent something that the service cannot read: please reload it.",
  },
  /** the Idempotency-Key was used for a request with another content */
  IDEMPOTENCY_KEY_REUSED: {
    code: "failed_precondition",
    rpcs: "mutations",
    bySaga: false,
    metadata: [],
    retry: "never",
    tell: "What you sent before was done already, and this is something else: please look at it before you start anew.",
  },
  /** the request has no Authorization header */
  TOKEN_MISSING: {
    code: "unauthenticated",
    rpcs: "all",
    bySaga: false,
    metadata: [],
    retry: "with-new-token",
    tell: "Please sign in.",
  },
  /** the Authorization header is not a bearer token in the form of a JWT, or is too long */
  TOKEN_MALFORMED: {
    code: "unauthenticated",
    rpcs: "all",
    bySaga: false,
    metadata: [],
    retry: "with-new-token",
    tell: "Please sign in again.",
  },
  /** the token's algorithm, key or signature is not the issuer's */
  TOKEN_UNTRUSTED: {
    code: "unauthenticated",
    rpcs: "all",
    bySaga: false,
    metadata: [],
    retry: "with-new-token",
    tell: "Please sign in again.",
  },
  /** the token comes from another issuer, is for another audience, is no access token, or lacks a sound claim */
  TOKEN_NOT_FOR_THIS_API: {
    code: "unauthenticated",
    rpcs: "all",
    bySaga: false,
    metadata: [],
    retry: "with-new-token",
    tell: "Please sign in again.",
  },
  /** the token has the claim cnf: it is no bearer token */
  TOKEN_SENDER_CONSTRAINED: {
    code: "unauthenticated",
    rpcs: "all",
    bySaga: false,
    metadata: [],
    retry: "with-new-token",
    tell: "Please sign in again.",
  },
  /** the token has expired */
  TOKEN_EXPIRED: {
    code: "unauthenticated",
    rpcs: "all",
    bySaga: false,
    metadata: [],
    retry: "with-new-token",
    tell: "Please sign in again.",
  },
  /** the token is not valid yet, or was issued in the future */
  TOKEN_NOT_YET_VALID: {
    code: "unauthenticated",
    rpcs: "all",
    bySaga: false,
    metadata: [],
    retry: "with-new-token",
    tell: "Please check the clock of this device, then sign in again.",
  },
  /** the token lacks the permission that the RPC asks for */
  PERMISSION_MISSING: {
    code: "permission_denied",
    rpcs: "all",
    bySaga: false,
    metadata: ["permission"],
    retry: "never",
    tell: "Your account may not do this: please ask whoever manages it.",
  },
  /** no permission opens the RPC: nobody may call it */
  RPC_CLOSED: {
    code: "permission_denied",
    rpcs: "all",
    bySaga: false,
    metadata: [],
    retry: "never",
    tell: "This is not open to anybody at the moment.",
  },
  /** the token cannot be checked now, as the issuer's signing keys are not at hand */
  KEYS_UNAVAILABLE: {
    code: "unavailable",
    rpcs: "all",
    bySaga: false,
    metadata: [],
    retry: { afterMs: 5000 },
    tell: "The sign-in service does not answer at the moment: please try again soon.",
  },
  /** the service cannot answer now: too many calls want the same thing, or the database is slow */
  SERVICE_BUSY: {
    code: "unavailable",
    rpcs: "all",
    bySaga: false,
    metadata: [],
    retry: { afterMs: 1000 },
    tell: "The service is busy: please try again in a moment.",
  },
  /** the call took longer than Connect-Timeout-Ms (HTTP 499) or than the function may (HTTP 504); it may have been carried out */
  DEADLINE_EXCEEDED: {
    code: "deadline_exceeded",
    rpcs: "all",
    bySaga: false,
    metadata: [],
    retry: { afterMs: 1000 },
    tell: "This takes longer than usual and may be done already: please try again here, or look before you start anew.",
  },
  /** the service has a fault of its own, which is recorded */
  SERVICE_FAILED: {
    code: "internal",
    rpcs: "all",
    bySaga: false,
    metadata: [],
    retry: "never",
    tell: "Something is broken on our side: we have been told.",
  },
  /** the caller has no order with this id */
  ORDER_NOT_FOUND: {
    code: "not_found",
    rpcs: ["CancelOrder","FindOrder"],
    bySaga: false,
    metadata: ["order_id"],
    retry: "never",
    tell: "There is no such order.",
  },
  /** no saga has this id, or it is forgotten */
  SAGA_NOT_FOUND: {
    code: "not_found",
    rpcs: ["GetSaga"],
    bySaga: false,
    metadata: ["saga_id"],
    retry: "never",
    tell: "There is no such saga; a saga is forgotten some time after its end.",
  },
  /** the menu does not have the product, or the kitchen does not make it */
  UNKNOWN_PRODUCT: {
    code: "failed_precondition",
    rpcs: ["CreateOrder","SetStock"],
    bySaga: true,
    metadata: ["product"],
    retry: "never",
    tell: "This is no longer on the menu: please choose something else.",
  },
  /** the menu's price is not the one that the customer was shown */
  PRICE_CHANGED: {
    code: "failed_precondition",
    rpcs: ["CreateOrder"],
    bySaga: false,
    metadata: ["product","currency","minor_units"],
    retry: "never",
    tell: "The price has changed: please look at the new price and order again.",
  },
  /** the card token is the number of a card, or holds one; only the payment provider may see that */
  CARD_NUMBER_SENT: {
    code: "invalid_argument",
    rpcs: ["CreateOrder"],
    bySaga: false,
    metadata: [],
    retry: "never",
    tell: "The app has sent your card's number where it must not: nothing was ordered, please reload the app.",
  },
  /** the total is above what is approved without a person */
  ABOVE_APPROVAL_LIMIT: {
    code: "failed_precondition",
    rpcs: ["CreateOrder"],
    bySaga: false,
    metadata: ["currency","total_minor_units","limit_minor_units"],
    retry: "never",
    tell: "This is more than can be ordered here: please order less, or call us.",
  },
  /** the order is being approved or canceled */
  ORDER_LOCKED: {
    code: "failed_precondition",
    rpcs: ["CancelOrder"],
    bySaga: false,
    metadata: ["order_id"],
    retry: { afterMs: 2000 },
    tell: "The order is being worked on: please try again in a moment.",
  },
  /** the order was rejected, so there is nothing to cancel */
  ORDER_REJECTED: {
    code: "failed_precondition",
    rpcs: ["CancelOrder"],
    bySaga: false,
    metadata: ["order_id"],
    retry: "never",
    tell: "The order was not accepted: there is nothing to cancel.",
  },
  /** the order is canceled already */
  ORDER_CANCELED: {
    code: "failed_precondition",
    rpcs: ["CancelOrder"],
    bySaga: false,
    metadata: ["order_id"],
    retry: "never",
    tell: "The order is canceled already.",
  },
  /** the kitchen has no ticket of this order */
  TICKET_NOT_FOUND: {
    code: "not_found",
    rpcs: ["StartTicket"],
    bySaga: false,
    metadata: ["order_id"],
    retry: "never",
    tell: "There is no such ticket: please choose one from the list.",
  },
  /** the card is still being asked */
  TICKET_NOT_APPROVED: {
    code: "failed_precondition",
    rpcs: ["StartTicket"],
    bySaga: false,
    metadata: ["order_id","status"],
    retry: { afterMs: 2000 },
    tell: "The customer's card is still being asked: please wait a moment.",
  },
  /** cooking has started */
  COOKING_HAS_STARTED: {
    code: "failed_precondition",
    rpcs: ["StartTicket"],
    bySaga: true,
    metadata: ["order_id","status"],
    retry: "never",
    tell: "The order is being cooked already.",
  },
  /** the order was rejected */
  TICKET_REJECTED: {
    code: "failed_precondition",
    rpcs: ["StartTicket"],
    bySaga: true,
    metadata: ["order_id","status"],
    retry: "never",
    tell: "The order was not accepted, so it is not cooked: nothing more needs to be done for it.",
  },
  /** the order was canceled */
  TICKET_CANCELED: {
    code: "failed_precondition",
    rpcs: ["StartTicket"],
    bySaga: false,
    metadata: ["order_id","status"],
    retry: "never",
    tell: "The order was canceled: it is not to be cooked.",
  },
  /** the kitchen has not enough of a product left */
  OUT_OF_STOCK: {
    code: null,
    rpcs: [],
    bySaga: true,
    metadata: [],
    retry: "never",
    tell: "There is not enough left of something you ordered: please choose something else.",
  },
  /** the bank declined the card */
  CARD_DECLINED: {
    code: null,
    rpcs: [],
    bySaga: true,
    metadata: [],
    retry: "never",
    tell: "Your bank has declined the card: please pay with another card.",
  },
  /** the card does not cover the amount */
  INSUFFICIENT_FUNDS: {
    code: null,
    rpcs: [],
    bySaga: true,
    metadata: [],
    retry: "never",
    tell: "The card does not cover the amount: please pay with another card.",
  },
  /** the undo of the authorization overtook it */
  AUTHORIZATION_CANCELED: {
    code: null,
    rpcs: [],
    bySaga: true,
    metadata: [],
    retry: "never",
    tell: "The order took too long and was not accepted: please order again.",
  },
  /** the kitchen or the payment provider has not answered in time */
  NO_ANSWER: {
    code: null,
    rpcs: [],
    bySaga: true,
    metadata: [],
    retry: "never",
    tell: "We could not reach the kitchen or your bank in time: nothing was charged, please order again.",
  },
} as const satisfies Readonly<Record<string, ReasonEntry>>;

/** The name of a reason. */
export type ReasonName = keyof typeof REASONS;

// What a refusal says. Status and reason are the contract; the words of the server are for developers. A page has words
// of its own, which it can translate, and shows wrong fields where they were filled in.
import { Code, type ConnectError } from "@connectrpc/connect";
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from "./gen/google/rpc/error_details_pb";

/** A refusal, ready to be shown. */
export interface Problem {
  /** The upper-case reason, as PAST_CUT_OFF; empty when the call did not reach the shop. */
  readonly reason: string;
  /** A sentence for the customer. */
  readonly sentence: string;
  /** What is wrong with which field: the path of the contract, as order.card_message.text. */
  readonly fields: ReadonlyMap<string, string>;
}

type Values = { readonly [key: string]: string };

const sentences: { readonly [reason: string]: (values: Values) => string } = {
  PAST_CUT_OFF: () => "It is too late for that day. Please choose a later one.",
  NO_DELIVERY_DAY: () => "We do not deliver on that day. Please choose another one.",
  TOO_FAR_AHEAD: () => "That day is too far ahead for us.",
  NOT_DELIVERABLE: () => "We do not deliver to that place.",
  OUT_OF_SEASON: () => "These flowers do not grow in that season. Please choose others.",
  HAZARD_FOR_PET: () => "These flowers are dangerous to a pet there. Please choose others, or tell us that you know.",
  PRICE_CHANGED: ({ present }) => `The price has changed: it is ${present} now.`,
  QUOTE_EXPIRED: () => "Our offer has expired. Please ask for the price again.",
  TOKEN_INVALID: () => "Please log in again.",
  TOKEN_MISSING: () => "Please log in.",
};

const fieldSentences: { readonly [reason: string]: string } = {
  REQUIRED: "Please fill this in.",
  TOO_LONG: "This is too long.",
  NOT_PRINTABLE: "Our card printer has no emoji and no such characters.",
  DATE_INVALID: "This is no day.",
  POST_OFFICE_BOX: "A courier cannot deliver to a post-office box.",
};

/** Makes a refusal readable. */
export function explain(error: ConnectError): Problem {
  const info = error.findDetails(ErrorInfoSchema)[0];
  const fields = new Map<string, string>();
  for (const violation of error.findDetails(BadRequestSchema).flatMap((bad) => bad.fieldViolations)) {
    fields.set(violation.field, fieldSentences[violation.reason] ?? `This ${violation.description}.`);
  }
  const sentence = info && sentences[info.reason]?.(info.metadata);
  return { reason: info?.reason ?? "", sentence: sentence ?? fallback(error.code, fields.size), fields };
}

/** After how many milliseconds the server wants to see the call again; undefined when it does not say. */
export function retryDelayMs(error: ConnectError): number | undefined {
  const delay = error.findDetails(RetryInfoSchema)[0]?.retryDelay;
  return delay && Number(delay.seconds) * 1000 + delay.nanos / 1e6;
}

function fallback(code: Code, fields: number): string {
  switch (code) {
    case Code.InvalidArgument:
      return fields > 0 ? "Please look at the fields that are marked." : "Something in the form is wrong.";
    case Code.Unavailable:
    case Code.DeadlineExceeded:
    case Code.ResourceExhausted:
      return "We cannot be reached just now. Nothing is ordered twice: please try again.";
    default:
      return "That did not work. Please try again later.";
  }
}

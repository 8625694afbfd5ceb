// Calls as promises, with a deadline, and repeated where a repeat can help.
import { setTimeout as pause } from "node:timers/promises";
import grpc from "@grpc/grpc-js";
import { detailsOf } from "./contract.mjs";

const { ABORTED, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, UNAVAILABLE } = grpc.status;
const deadlineMs = 10_000;
const attemptsMax = 4;

/** A pause that is anything up to a limit which doubles from attempt to attempt: "full jitter". */
export const jitterMs = (attempt, firstMs = 500, maxMs = 30_000) =>
  Math.random() * Math.min(maxMs, firstMs * 2 ** attempt);

/** After how many milliseconds the server wants to see the call again; undefined when it does not say. */
export function retryDelayMs(error) {
  const delay = detailsOf(error).RetryInfo?.retry_delay;
  return delay && (delay.seconds ?? 0) * 1000 + (delay.nanos ?? 0) / 1e6;
}

/** One call. */
export const call = (client, method, request) => new Promise((resolve, reject) => {
  const options = { deadline: Date.now() + deadlineMs };
  client[method](request, options, (error, answer) => (error ? reject(error) : resolve(answer)));
});

/**
 * A call that may be repeated: a read, or a change that carries a request_id. The request is the same each time, above
 * all its request_id; the server answers a repeat with what it answered first.
 */
export async function repeatable(client, method, request) {
  for (let attempt = 0; ; attempt++) {
    try {
      return await call(client, method, request);
    } catch (error) {
      const told = retryDelayMs(error);
      const worthIt = [UNAVAILABLE, DEADLINE_EXCEEDED].includes(error.code)
        || (error.code === RESOURCE_EXHAUSTED && told !== undefined);
      if (!worthIt || attempt + 1 >= attemptsMax) {
        throw error;
      }
      await pause((told ?? 0) + jitterMs(attempt));
    }
  }
}

/**
 * Reads, decides and changes. When someone else changed the same thing in between (ABORTED), all three are done again:
 * the change alone must not be repeated, since it was decided upon something that is not so any more.
 * @param {() => Promise<object>} read answers something with an etag
 * @param {(present: object) => Promise<object>} change sends that etag along, and a fresh request_id
 */
export async function transact(read, change) {
  for (let attempt = 0; ; attempt++) {
    try {
      return await change(await read());
    } catch (error) {
      if (error.code !== ABORTED || attempt + 1 >= attemptsMax) {
        throw error;
      }
      await pause(jitterMs(attempt, 50, 1_000));
    }
  }
}

/** All elements of a listing, page by page: `for await (const order of pages(orders, "ListOrders", {…}, "orders"))`. */
export async function* pages(client, method, request, field) {
  let page_token = "";
  do {
    // Everything but the token stays the same from page to page.
    const page = await repeatable(client, method, { ...request, page_token });
    yield* page[field];
    page_token = page.next_page_token;
  } while (page_token !== "");
}

// Watches an order over as many streams as it takes.
import { setTimeout as pause } from "node:timers/promises";
import grpc from "@grpc/grpc-js";
import { jitterMs, retryDelayMs } from "./calls.mjs";

const { ABORTED, CANCELLED, DEADLINE_EXCEEDED, INTERNAL, RESOURCE_EXHAUSTED, UNAVAILABLE, UNKNOWN } = grpc.status;
const passing = [UNAVAILABLE, DEADLINE_EXCEEDED, ABORTED, CANCELLED, INTERNAL, UNKNOWN];

// The server gives a sign of life every 15 seconds; two and a half of them missing, and the line is dead.
const silenceMsMax = 37_500;
const pauseAfterEndMs = 2_000;

/**
 * Yields the present view of an order at every change, until it has ended. Each view is whole, so a reader that is slow
 * or was cut off misses nothing that still counts.
 */
export async function* watchOrder(orders, name) {
  let resume_token = "";
  let failures = 0;
  while (true) {
    const stream = orders.WatchOrder({ name, resume_token });
    let alarm = setTimeout(() => stream.cancel(), silenceMsMax);
    let wait = Math.random() * pauseAfterEndMs;
    try {
      for await (const view of stream) {
        alarm.refresh();
        failures = 0;
        ({ resume_token } = view);
        if (view.change !== "BOOKMARK") {
          yield view;
        }
        if (view.change === "FINAL") {
          return;
        }
      }
      // Ended with OK after a BOOKMARK: the server wants a new stream now and then.
    } catch (error) {
      const told = retryDelayMs(error);
      if (!passing.includes(error.code) && !(error.code === RESOURCE_EXHAUSTED && told !== undefined)) {
        throw error;
      }
      wait = (told ?? 0) + jitterMs(failures++);
    } finally {
      clearTimeout(alarm);
      stream.cancel();
    }
    await pause(wait);
  }
}

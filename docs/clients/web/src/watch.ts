// Watches an order for as long as it takes. A stream does not live for ever: the server ends it now and then after a
// BOOKMARK, networks break, laptops sleep. Each message is the whole present view, so nothing is lost between two
// streams; the resume token only spares a snapshot of what is known already.
import { Code, ConnectError } from "@connectrpc/connect";
import { type Api, pause, pauseMs } from "./api";
import { type WatchOrderResponse, WatchOrderResponse_Change as Change } from "./gen/florist/orders/v1/orders_pb";
import { retryDelayMs } from "./problems";

// All pages whose streams end at once, as at a release, must not come back at once.
const pauseAfterEndMs = 2_000;
const pauseMsMax = 30_000;

// The server gives a sign of life every 15 seconds. Two and a half of them missing: the line is dead.
const silenceMsMax = 37_500;

// These may pass; with any other the watch is over.
const passing = [Code.Unavailable, Code.DeadlineExceeded, Code.Aborted, Code.Canceled, Code.Unknown, Code.Internal];

/** What the watcher tells the page. */
export interface WatchEvents {
  /** The present view; `token` is where to resume, also after a reload of the page. */
  view(view: WatchOrderResponse, token: string): void;
  /** The line is up, or down for the moment. */
  line(up: boolean): void;
}

/** Watches until the order has ended (FINAL) or `signal` aborts. Throws what a repeat cannot help. */
export async function watchOrder(
  api: Api, name: string, resumeToken: string, events: WatchEvents, signal: AbortSignal,
): Promise<void> {
  let token = resumeToken;
  for (let failures = 0; !signal.aborted; ) {
    const silence = new AbortController();
    let alarm: ReturnType<typeof setTimeout> | undefined;
    const heard = () => {
      clearTimeout(alarm);
      alarm = setTimeout(() => silence.abort(), silenceMsMax);
    };
    let wait = Math.random() * pauseAfterEndMs;
    try {
      heard();
      const stream = api.orders.watchOrder(
        { name, resumeToken: token },
        // A watch has no deadline of its own: 0 takes the default one away.
        { timeoutMs: 0, signal: AbortSignal.any([signal, silence.signal]) },
      );
      for await (const view of stream) {
        heard();
        failures = 0;
        token = view.resumeToken;
        events.line(true);
        if (view.change !== Change.BOOKMARK) {
          events.view(view, token);
        }
        if (view.change === Change.FINAL) {
          return;
        }
      }
    } catch (thrown) {
      const error = ConnectError.from(thrown);
      const told = retryDelayMs(error);
      if (!passing.includes(error.code) && !(error.code === Code.ResourceExhausted && told !== undefined)) {
        throw error;
      }
      wait = (told ?? 0) + pauseMs(failures++, 500, pauseMsMax);
    } finally {
      clearTimeout(alarm);
    }
    if (!signal.aborted) {
      events.line(false);
      await pause(wait);
    }
  }
}

// The clients of the shop's services, and what every call has in common: a token, a deadline and a policy of repeats.
import { Code, ConnectError, createClient, type Interceptor } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { CatalogueService } from "./gen/florist/catalogue/v1/catalogue_pb";
import { OrderService } from "./gen/florist/orders/v1/orders_pb";
import { retryDelayMs } from "./problems";

/** Where the shop serves, and how to get the token of who is logged in. It is asked for before every call. */
export interface Session {
  readonly baseUrl: string;
  readonly token: () => string;
}

// gRPC has no deadline of its own: without one, a call to a server that is gone waits for ever.
const defaultTimeoutMs = 10_000;
const attemptsMax = 4;
const firstPauseMs = 500;
const pauseMsMax = 8_000;

export type Api = ReturnType<typeof connect>;

/** Makes the clients. They are cheap and hold no connection; one set for a page is enough. */
export function connect(session: Session) {
  const authorize: Interceptor = (next) => (request) => {
    const token = session.token();
    if (token) {
      request.header.set("authorization", `Bearer ${token}`);
    }
    return next(request);
  };
  const transport = createGrpcWebTransport({
    baseUrl: session.baseUrl,
    defaultTimeoutMs,
    interceptors: [authorize],
  });
  return {
    catalogue: createClient(CatalogueService, transport),
    orders: createClient(OrderService, transport),
  };
}

/** How long to wait before repeat number `attempt` (0, 1, …): anything up to a limit that doubles ("full jitter"). */
export function pauseMs(attempt: number, firstMs = firstPauseMs, maxMs = pauseMsMax): number {
  return Math.random() * Math.min(maxMs, firstMs * 2 ** attempt);
}

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Calls, and calls again where that can help. Only for what may be repeated: reads, and changes with a request_id.
 * UNAVAILABLE is worth a repeat; so is DEADLINE_EXCEEDED then, since the first call may or may not have had its effect
 * and the request_id makes both one. RESOURCE_EXHAUSTED is repeated only when the server says when.
 */
export async function repeating<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await call();
    } catch (thrown) {
      const error = ConnectError.from(thrown);
      const told = retryDelayMs(error);
      const worthIt =
        error.code === Code.Unavailable ||
        error.code === Code.DeadlineExceeded ||
        (error.code === Code.ResourceExhausted && told !== undefined);
      if (!worthIt || attempt + 1 >= attemptsMax) {
        throw error;
      }
      await pause((told ?? 0) + pauseMs(attempt));
    }
  }
}

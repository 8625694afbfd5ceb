// The contract, loaded from its protos at start: nothing is generated, nothing is built.
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";
import protobuf from "protobufjs";

const protos = fileURLToPath(new URL("../../../protos/", import.meta.url));
const files = [
  "florist/catalogue/v1/catalogue.proto",
  "florist/customers/v1/customers.proto",
  "florist/orders/v1/orders.proto",
];

// Names as in the protos, enums by name. 64-bit integers as texts: a number of JavaScript is exact only to 2^53.
const definition = loader.loadSync(files, {
  includeDirs: [protos], keepCase: true, enums: String, longs: String, defaults: true, oneofs: true,
});
const { florist } = grpc.loadPackageDefinition(definition);

// The details of refusals are messages within bytes, so their types are looked up by name.
const details = new protobuf.Root();
details.resolvePath = (_, target) => join(protos, target);
details.loadSync(["google/rpc/status.proto", "google/rpc/error_details.proto"], { keepCase: true });

/**
 * How grpc-js itself goes about calls: how long each may take, and that reads are repeated when the server cannot be
 * reached. gRPC has no deadline of its own; without one a call may wait for ever.
 */
const serviceConfig = {
  methodConfig: [
    {
      name: ["GetOrder", "ListOrders"].map((method) => ({ service: "florist.orders.v1.OrderService", method })),
      timeout: "5s",
      retryPolicy: {
        maxAttempts: 4,
        initialBackoff: "0.2s",
        maxBackoff: "2s",
        backoffMultiplier: 2,
        retryableStatusCodes: ["UNAVAILABLE"],
      },
    },
  ],
};

/**
 * Clients of a server that all use one connection.
 * @param {string} address host:port
 * @param {() => string} token the present bearer token; asked for at every call, so that it may be renewed
 */
export function connect(address, token) {
  const channelOptions = {
    "grpc.service_config": JSON.stringify(serviceConfig),
    // A dead line is found out within half a minute and ten seconds.
    "grpc.keepalive_time_ms": 30_000,
    "grpc.keepalive_timeout_ms": 10_000,
    // Attempts to connect again are seconds apart, not minutes.
    "grpc.max_reconnect_backoff_ms": 10_000,
  };
  const authorized = {
    interceptors: [
      (options, nextCall) => new grpc.InterceptingCall(nextCall(options), {
        start(metadata, listener, next) {
          metadata.set("authorization", `Bearer ${token()}`);
          next(metadata, listener);
        },
      }),
    ],
  };
  // Without TLS for the example; in production grpc.credentials.createSsl().
  const credentials = grpc.credentials.createInsecure();
  const make = (Service) => new Service(address, credentials, { ...channelOptions, ...authorized });
  return {
    catalogue: make(florist.catalogue.v1.CatalogueService),
    customers: make(florist.customers.v1.CustomerService),
    orders: make(florist.orders.v1.OrderService),
  };
}

/**
 * The details of a refusal: { ErrorInfo: {…}, BadRequest: {…}, … }, empty when there are none.
 * Each kind comes at most once.
 */
export function detailsOf(error) {
  const [bytes] = error.metadata?.get("grpc-status-details-bin") ?? [];
  const found = {};
  if (bytes) {
    for (const { type_url, value } of details.lookupType("google.rpc.Status").decode(bytes).details) {
      const name = type_url.slice(type_url.lastIndexOf("/") + 1);
      const type = details.lookupType(name);
      found[name.slice(name.lastIndexOf(".") + 1)] = type.toObject(type.decode(value), { longs: Number });
    }
  }
  return found;
}

/** The upper-case reason of a refusal, as PAST_CUT_OFF; undefined when the call did not reach the shop. */
export const reasonOf = (error) => detailsOf(error).ErrorInfo?.reason;

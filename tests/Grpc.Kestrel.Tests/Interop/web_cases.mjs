// The interoperability cases that browsers can take part in, for the clients of Connect and of grpc-web. Runs in
// Node.js and in browsers alike: the modules and the address are handed in.

const special = "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \u{1f608}\t\n";
const sizes = [31415, 9, 2653, 58979];

const equal = (actual, expected) => {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) {
    throw new Error(`${a} instead of ${b}`);
  }
};

const zeros = (size) => ({ body: new Uint8Array(size) });
const wanted = (list, interval = 0) => ({
  responseParameters: list.map((size) => ({ size, intervalUs: interval })),
});

// Calls through @connectrpc/connect-web: what came, and how the call ended.
const connectClient = ({ connect, connectWeb }, registry, baseUrl) => {
  const transport = connectWeb.createGrpcWebTransport({ baseUrl });
  const of = (service) => connect.createClient(registry.getService("grpc.testing." + service), transport);
  const end = (error) => ({ code: connect.ConnectError.from(error).code, message: connect.ConnectError.from(error).rawMessage });
  return {
    async unary(name, request, { headers, timeoutMs, service = "TestService" } = {}) {
      const seen = { code: 0 };
      try {
        const options = { headers, timeoutMs, onHeader: (h) => (seen.header = h), onTrailer: (t) => (seen.trailer = t) };
        seen.reply = await of(service)[name](request, options);
        seen.initial = seen.header.get("x-grpc-test-echo-initial");
        seen.trailing = seen.trailer.get("x-grpc-test-echo-trailing-bin");
      } catch (error) {
        Object.assign(seen, end(error));
      }
      return seen;
    },
    async stream(request, { timeoutMs, cancelAfter } = {}) {
      const seen = { code: 0, sizes: [] };
      const stop = new AbortController();
      try {
        for await (const reply of of("TestService").streamingOutputCall(request, { timeoutMs, signal: stop.signal })) {
          seen.sizes.push(reply.payload.body.length);
          if (seen.sizes.length === cancelAfter) {
            stop.abort();
          }
        }
      } catch (error) {
        Object.assign(seen, end(error));
      }
      return seen;
    },
  };
};

// Calls through grpc-web, in its base64 or its binary form.
const grpcWebClient = ({ grpcWeb, protobuf }, registry, baseUrl, format) => {
  const client = new grpcWeb.GrpcWebClientBase({ format });
  const prepare = (service, name, request) => {
    const method = registry.getService("grpc.testing." + service).method[name];
    const descriptor = new grpcWeb.MethodDescriptor(
      `/grpc.testing.${service}/${method.name}`,
      method.methodKind === "unary" ? grpcWeb.MethodType.UNARY : grpcWeb.MethodType.SERVER_STREAMING,
      Object,
      Object,
      (message) => protobuf.toBinary(method.input, message),
      (bytes) => protobuf.fromBinary(method.output, new Uint8Array(bytes)),
    );
    return [baseUrl + descriptor.name, protobuf.create(method.input, request), descriptor];
  };
  const deadline = (timeoutMs) => (timeoutMs ? { deadline: String(Date.now() + timeoutMs) } : {});
  return {
    unary(name, request, { headers, timeoutMs, service = "TestService" } = {}) {
      const [url, message, descriptor] = prepare(service, name, request);
      return new Promise((resolve) => {
        const seen = { code: 0 };
        const call = client.rpcCall(url, message, { ...headers, ...deadline(timeoutMs) }, descriptor, (error, reply) => {
          Object.assign(seen, error ? { code: error.code, message: error.message } : { reply });
          setTimeout(() => resolve(seen), 0);
        });
        call.on("metadata", (initial) => (seen.initial = initial["x-grpc-test-echo-initial"]));
        call.on("status", (status) => (seen.trailing = status.metadata?.["x-grpc-test-echo-trailing-bin"]));
      });
    },
    stream(request, { timeoutMs, cancelAfter } = {}) {
      const [url, message, descriptor] = prepare("TestService", "streamingOutputCall", request);
      return new Promise((resolve) => {
        const seen = { code: 0, sizes: [] };
        const call = client.serverStreaming(url, message, deadline(timeoutMs), descriptor);
        call.on("data", (reply) => {
          seen.sizes.push(reply.payload.body.length);
          if (seen.sizes.length === cancelAfter) {
            call.cancel();
            resolve({ ...seen, code: 1 });
          }
        });
        call.on("error", (error) => resolve(Object.assign(seen, { code: error.code, message: error.message })));
        call.on("end", () => resolve(seen));
      });
    },
  };
};

const cases = {
  async empty_unary(client) {
    equal((await client.unary("emptyCall", {})).code, 0);
  },
  async large_unary(client) {
    const { reply } = await client.unary("unaryCall", { responseSize: 314159, payload: zeros(271828) });
    equal(reply.payload.body.length, 314159);
  },
  async server_streaming(client) {
    equal(await client.stream(wanted(sizes)), { code: 0, sizes });
  },
  async custom_metadata(client) {
    const headers = {
      "x-grpc-test-echo-initial": "test_initial_metadata_value",
      "x-grpc-test-echo-trailing-bin": "q6ur",
    };
    const { initial, trailing } = await client.unary("unaryCall", { responseSize: 314159 }, { headers });
    equal([initial, trailing], ["test_initial_metadata_value", "q6ur"]);
  },
  async status_code_and_message(client) {
    const responseStatus = { code: 2, message: "test status message" };
    const one = await client.unary("unaryCall", { responseStatus });
    equal([one.code, one.message], [2, "test status message"]);
    const two = await client.stream({ responseStatus });
    equal([two.code, two.message], [2, "test status message"]);
  },
  async special_status_message(client) {
    const { code, message } = await client.unary("unaryCall", { responseStatus: { code: 2, message: special } });
    equal([code, message], [2, special]);
  },
  async unimplemented_method(client) {
    equal((await client.unary("unimplementedCall", {})).code, 12);
  },
  async unimplemented_service(client) {
    equal((await client.unary("unimplementedCall", {}, { service: "UnimplementedService" })).code, 12);
  },
  async cancel_after_first_response(client) {
    const { code, sizes: came } = await client.stream(wanted([10, 20], 300_000), { cancelAfter: 1 });
    equal([code, came], [1, [10]]);
  },
  async timeout_on_sleeping_server(client) {
    equal((await client.stream(wanted([1], 60_000_000), { timeoutMs: 100 })).code, 4);
  },
};

// The binary form of grpc-web has no streams.
const streams = ["server_streaming", "status_code_and_message", "cancel_after_first_response", "timeout_on_sleeping_server"];

/** Runs all cases with all clients: a list of names and failures. */
export const runWebCases = async (modules, baseUrl, descriptors) => {
  const { protobuf, wkt } = modules;
  const bytes = Uint8Array.from(atob(descriptors), (c) => c.charCodeAt(0));
  const registry = protobuf.createFileRegistry(protobuf.fromBinary(wkt.FileDescriptorSetSchema, bytes));
  const clients = {
    "connect-web": connectClient(modules, registry, baseUrl),
    "grpc-web text": grpcWebClient(modules, registry, baseUrl, "text"),
    "grpc-web binary": grpcWebClient(modules, registry, baseUrl, "binary"),
  };
  const results = [];
  for (const [who, client] of Object.entries(clients)) {
    for (const [name, run] of Object.entries(cases)) {
      if (who === "grpc-web binary" && streams.includes(name)) {
        continue;
      }
      let failure;
      try {
        await run(client);
      } catch (error) {
        failure = error.stack ?? String(error);
      }
      results.push({ name: `${who} ${name}`, failure });
    }
  }
  return results;
};

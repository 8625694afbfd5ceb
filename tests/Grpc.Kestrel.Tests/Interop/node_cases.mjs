// The standard interoperability cases, driven by the gRPC client of Node.js. One JSON line per case on the output.
import assert from "node:assert/strict";
import { createRequire } from "node:module";

const [folder, address, proto] = process.argv.slice(2);
const require = createRequire(folder + "/");
const grpc = require("@grpc/grpc-js");
const protoLoader = require("@grpc/proto-loader");
const { status } = grpc;
const definition = protoLoader.loadSync(proto, { keepCase: true, defaults: true });
const { TestService, UnimplementedService } = grpc.loadPackageDefinition(definition).grpc.testing;
const connect = (Service, options = {}) => new Service(address, grpc.credentials.createInsecure(), options);
const client = connect(TestService);
const gzip = connect(TestService, { "grpc.default_compression_algorithm": 2 });

const zeros = (size) => ({ body: Buffer.alloc(size) });
const special = "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \u{1f608}\t\n";

const unary = (name, request, { metadata = new grpc.Metadata(), options = {}, by = client } = {}) =>
  new Promise((resolve) => {
    const seen = {};
    const call = by[name](request, metadata, options, (error, reply) => Object.assign(seen, { error, reply }));
    call.on("metadata", (initial) => (seen.initial = initial));
    call.on("status", (final) => resolve(Object.assign(seen, { final })));
  });

const watch = (call) => {
  const seen = { sizes: [] };
  call.on("metadata", (initial) => (seen.initial = initial));
  call.on("data", (reply) => seen.sizes.push(reply.payload.body.length));
  call.on("error", () => {});
  seen.ended = new Promise((resolve) => call.on("status", resolve));
  return seen;
};

const pingPong = async (sizes) => {
  const call = client.FullDuplexCall();
  const seen = watch(call);
  for (const [request, response] of sizes) {
    const answered = new Promise((resolve) => call.once("data", resolve));
    call.write({ response_parameters: [{ size: response }], payload: zeros(request) });
    await answered;
  }
  call.end();
  return { seen, final: await seen.ended };
};

const echo = () => {
  const metadata = new grpc.Metadata();
  metadata.set("x-grpc-test-echo-initial", "test_initial_metadata_value");
  metadata.set("x-grpc-test-echo-trailing-bin", Buffer.from([0xab, 0xab, 0xab]));
  return metadata;
};

const assertEchoed = (initial, final) => {
  assert.deepEqual(initial.get("x-grpc-test-echo-initial"), ["test_initial_metadata_value"]);
  assert.deepEqual([...final.metadata.get("x-grpc-test-echo-trailing-bin")[0]], [0xab, 0xab, 0xab]);
};

const cases = {
  async empty_unary() {
    const { reply, final } = await unary("EmptyCall", {});
    assert.deepEqual([reply, final.code], [{}, status.OK]);
  },
  async large_unary() {
    const { reply } = await unary("UnaryCall", { response_size: 314159, payload: zeros(271828) });
    assert.equal(reply.payload.body.length, 314159);
  },
  async client_compressed_unary() {
    const request = { response_size: 314159, payload: zeros(271828), expect_compressed: { value: true } };
    const probe = await unary("UnaryCall", request);
    assert.equal(probe.error.code, status.INVALID_ARGUMENT);
    assert.equal((await unary("UnaryCall", request, { by: gzip })).reply.payload.body.length, 314159);
    const plain = await unary("UnaryCall", { ...request, expect_compressed: { value: false } });
    assert.equal(plain.reply.payload.body.length, 314159);
  },
  async server_compressed_unary() {
    for (const value of [true, false]) {
      const request = { response_size: 314159, payload: zeros(271828), response_compressed: { value } };
      const { reply } = await unary("UnaryCall", request);
      assert.ok(reply.payload.body.equals(Buffer.alloc(314159)));
    }
  },
  async client_streaming() {
    const reply = await new Promise((resolve, reject) => {
      const call = client.StreamingInputCall((error, answer) => (error ? reject(error) : resolve(answer)));
      [27182, 8, 1828, 45904].forEach((size) => call.write({ payload: zeros(size) }));
      call.end();
    });
    assert.equal(reply.aggregated_payload_size, 74922);
  },
  async server_streaming() {
    const sizes = [31415, 9, 2653, 58979];
    const seen = watch(client.StreamingOutputCall({ response_parameters: sizes.map((size) => ({ size })) }));
    assert.equal((await seen.ended).code, status.OK);
    assert.deepEqual(seen.sizes, sizes);
  },
  async ping_pong() {
    const { seen, final } = await pingPong([[27182, 31415], [8, 9], [1828, 2653], [45904, 58979]]);
    assert.deepEqual([seen.sizes, final.code], [[31415, 9, 2653, 58979], status.OK]);
  },
  async empty_stream() {
    const { seen, final } = await pingPong([]);
    assert.deepEqual([seen.sizes, final.code], [[], status.OK]);
  },
  async custom_metadata() {
    const one = await unary("UnaryCall", { response_size: 314159 }, { metadata: echo() });
    assertEchoed(one.initial, one.final);
    const call = client.FullDuplexCall(echo());
    const seen = watch(call);
    call.write({ response_parameters: [{ size: 314159 }], payload: zeros(271828) });
    call.end();
    assertEchoed((await seen.ended, seen.initial), await seen.ended);
  },
  async status_code_and_message() {
    const response_status = { code: 2, message: "test status message" };
    const { error } = await unary("UnaryCall", { response_status });
    assert.deepEqual([error.code, error.details], [2, "test status message"]);
    const call = client.FullDuplexCall();
    const seen = watch(call);
    call.write({ response_status });
    call.end();
    const final = await seen.ended;
    assert.deepEqual([final.code, final.details], [2, "test status message"]);
  },
  async special_status_message() {
    const { error } = await unary("UnaryCall", { response_status: { code: 2, message: special } });
    assert.deepEqual([error.code, error.details], [2, special]);
  },
  async unimplemented_method() {
    assert.equal((await unary("UnimplementedCall", {})).error.code, status.UNIMPLEMENTED);
  },
  async unimplemented_service() {
    const other = connect(UnimplementedService);
    assert.equal((await unary("UnimplementedCall", {}, { by: other })).error.code, status.UNIMPLEMENTED);
    other.close();
  },
  async cancel_after_begin() {
    const code = await new Promise((resolve) => {
      const call = client.StreamingInputCall((error) => resolve(error?.code));
      call.cancel();
    });
    assert.equal(code, status.CANCELLED);
  },
  async cancel_after_first_response() {
    const call = client.FullDuplexCall();
    const seen = watch(call);
    call.once("data", () => call.cancel());
    call.write({ response_parameters: [{ size: 31415 }], payload: zeros(27182) });
    assert.equal((await seen.ended).code, status.CANCELLED);
    assert.deepEqual(seen.sizes, [31415]);
  },
  async timeout_on_sleeping_server() {
    const call = client.FullDuplexCall({ deadline: Date.now() + 50 });
    const seen = watch(call);
    call.write({ payload: zeros(27182), response_parameters: [{ size: 1, interval_us: 60_000_000 }] });
    assert.equal((await seen.ended).code, status.DEADLINE_EXCEEDED);
  },
};

for (const [name, run] of Object.entries(cases)) {
  let failure;
  try {
    await run();
  } catch (error) {
    failure = error.stack ?? String(error);
  }
  console.log(JSON.stringify({ name, failure }));
}

// The client keeps the process alive for streams that were cancelled before their requests had ended.
process.exit(0);

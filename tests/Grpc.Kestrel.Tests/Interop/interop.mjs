// Calls the probe with the gRPC client of Node.js and prints one JSON line per case: its name and, if it failed, why.
import assert from "node:assert/strict";
import grpc from "@grpc/grpc-js";
import protoLoader from "@grpc/proto-loader";

const [address, proto] = process.argv.slice(2);
const definition = protoLoader.loadSync(proto, { keepCase: true, defaults: true });
const { Probe } = grpc.loadPackageDefinition(definition).probe.v1;
const { status } = grpc;
const connect = (options = {}) => new Probe(address, grpc.credentials.createInsecure(), options);
const client = connect();
const gzip = connect({ "grpc.default_compression_algorithm": 2 });

// A unary call as one promise: the reply or the error, with what came before and after.
const unary = (request, { metadata = new grpc.Metadata(), options = {}, by = client } = {}) =>
  new Promise((resolve) => {
    const seen = {};
    const call = by.Unary(request, metadata, options, (error, reply) => Object.assign(seen, { error, reply }));
    call.on("metadata", (initial) => (seen.initial = initial));
    call.on("status", (final) => resolve(Object.assign(seen, { final })));
  });

// The responses and the final status of a stream.
const drain = (call) =>
  new Promise((resolve) => {
    const replies = [];
    call.on("data", (reply) => replies.push(reply));
    call.on("error", () => {});
    call.on("status", (final) => resolve({ replies, final }));
  });

const cases = {
  async "a unary call"() {
    const { reply, final } = await unary({ text: "hello" });
    assert.equal(reply.text, "hello");
    assert.equal(final.code, status.OK);
  },
  async "a stream of requests"() {
    const reply = await new Promise((resolve, reject) => {
      const call = client.Collect((error, answer) => (error ? reject(error) : resolve(answer)));
      for (const text of ["a", "b", "c"]) {
        call.write({ text });
      }
      call.end();
    });
    assert.deepEqual([reply.text, reply.number], ["abc", 3]);
  },
  async "a stream of responses"() {
    const { replies, final } = await drain(client.Spread({ text: "x", number: 200 }));
    assert.deepEqual(replies.map((reply) => reply.number), [...Array(200).keys()]);
    assert.equal(final.code, status.OK);
  },
  async "an empty stream of responses"() {
    const { replies, final } = await drain(client.Spread({ number: 0 }));
    assert.deepEqual([replies.length, final.code], [0, status.OK]);
  },
  async "two streams in turn"() {
    const call = client.Chat();
    const ended = new Promise((resolve) => call.on("status", resolve));
    const replies = [];
    call.on("data", (reply) => {
      replies.push(reply.text);
      if (replies.length === 10) {
        call.end();
      } else {
        call.write({ text: String(replies.length) });
      }
    });
    call.write({ text: "0" });
    assert.equal((await ended).code, status.OK);
    assert.deepEqual(replies, [..."0123456789"]);
  },
  async "metadata both ways"() {
    const metadata = new grpc.Metadata();
    metadata.add("text", "plain");
    metadata.add("raw-bin", Buffer.from([0, 1, 254, 255]));
    const { initial, final } = await unary({ action: "echo metadata" }, { metadata });
    assert.deepEqual(initial.get("text"), ["plain"]);
    assert.deepEqual([...final.metadata.get("raw-bin")[0]], [0, 1, 254, 255]);
  },
  async "an error with trailers"() {
    const { error } = await unary({ action: "refuse", number: status.NOT_FOUND, text: "caf\u00e9 \u2603 100%\n" });
    assert.deepEqual([error.code, error.details], [status.NOT_FOUND, "caf\u00e9 \u2603 100%\n"]);
    assert.deepEqual(error.metadata.get("reason"), ["because"]);
    assert.deepEqual([...error.metadata.get("detail-bin")[0]], [0, 1, 254, 255]);
  },
  async "an error after responses"() {
    const { replies, final } = await drain(client.Spread({ action: "then refuse", number: 2 }));
    assert.deepEqual([replies.length, final.code, final.details], [2, status.FAILED_PRECONDITION, "no more"]);
  },
  async "an exception"() {
    const { error } = await unary({ action: "throw", text: "inside" });
    assert.deepEqual([error.code, error.details], [status.UNKNOWN, "Exception was thrown by handler."]);
  },
  async "a method that is not written"() {
    const error = await new Promise((resolve) => client.Unwritten({}, resolve));
    assert.equal(error.code, status.UNIMPLEMENTED);
  },
  async "a message that is too large"() {
    const { error } = await unary({ payload: Buffer.alloc(5 << 20) });
    assert.equal(error.code, status.RESOURCE_EXHAUSTED);
  },
  async "large messages both ways"() {
    const { reply } = await unary({ payload: Buffer.alloc(3 << 20), action: "size", number: 3 << 20 });
    assert.deepEqual([reply.number, reply.payload.length], [3 << 20, 3 << 20]);
  },
  async "a deadline"() {
    const { error } = await unary({ action: "wait" }, { options: { deadline: Date.now() + 200 } });
    assert.equal(error.code, status.DEADLINE_EXCEEDED);
  },
  async "a cancelled call"() {
    const call = client.Spread({ action: "then wait", number: 1 });
    const ended = drain(call);
    call.on("data", () => call.cancel());
    assert.equal((await ended).final.code, status.CANCELLED);
  },
  async "gzip both ways"() {
    const { reply, final } = await unary({ text: "tulip ".repeat(5000) }, { by: gzip });
    assert.equal(final.code, status.OK);
    assert.equal(reply.text.length, 30000);
  },
  async "a server that has heard enough"() {
    const reply = await new Promise((resolve, reject) => {
      const call = client.Collect((error, answer) => (error ? reject(error) : resolve(answer)));
      call.write({ text: "x", action: "enough" });
    });
    assert.deepEqual([reply.text, reply.number], ["x", 1]);
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
client.close();
gzip.close();

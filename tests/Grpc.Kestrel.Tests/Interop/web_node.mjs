// Runs the cases of browsers in Node.js: Connect over fetch, grpc-web over a small XMLHttpRequest made of fetch.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { runWebCases } from "./web_cases.mjs";

const [folder, baseUrl, descriptors] = process.argv.slice(2);
const require = createRequire(folder + "/");

// As much of XMLHttpRequest as grpc-web uses: headers, text or bytes as they arrive, abort.
globalThis.XMLHttpRequest = class {
  #headers = {};
  #stop = new AbortController();
  #answer;
  readyState = 0;
  status = 0;
  responseText = "";
  response = null;
  responseType = "";
  open(method, url) {
    this.#headers = {};
    this.#answer = { method, url };
  }
  setRequestHeader(name, value) {
    this.#headers[name] = value;
  }
  getResponseHeader(name) {
    return this.fields?.get(name) ?? null;
  }
  getAllResponseHeaders() {
    return [...(this.fields ?? [])].map(([name, value]) => `${name}: ${value}\r\n`).join("");
  }
  abort() {
    this.#stop.abort();
  }
  #tell(state) {
    this.readyState = state;
    this.onreadystatechange?.();
  }
  async send(body) {
    const { method, url } = this.#answer;
    try {
      const response = await fetch(url, { method, headers: this.#headers, body, signal: this.#stop.signal });
      [this.status, this.statusText, this.fields] = [response.status, response.statusText, response.headers];
      this.#tell(2);
      const parts = [];
      for await (const part of response.body ?? []) {
        parts.push(part);
        if (this.responseType === "" || this.responseType === "text") {
          this.responseText += Buffer.from(part).toString("latin1");
          this.response = this.responseText;
        }
        this.#tell(3);
      }
      if (this.responseType === "arraybuffer") {
        this.response = new Uint8Array(Buffer.concat(parts)).buffer;
      }
    } catch {
      this.status = 0;
    }
    this.#tell(4);
  }
};

const modules = {
  connect: require("@connectrpc/connect"),
  connectWeb: require("@connectrpc/connect-web"),
  protobuf: require("@bufbuild/protobuf"),
  wkt: require("@bufbuild/protobuf/wkt"),
  grpcWeb: require("grpc-web"),
};
for (const result of await runWebCases(modules, baseUrl, readFileSync(descriptors).toString("base64"))) {
  console.log(JSON.stringify(result));
}

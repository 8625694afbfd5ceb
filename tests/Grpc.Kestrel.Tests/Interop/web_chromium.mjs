// Runs the cases of browsers in Chromium, on a page of another origin than the server's.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const [folder, baseUrl, descriptors, chromium] = process.argv.slice(2);
const require = createRequire(folder + "/");
const here = dirname(fileURLToPath(import.meta.url));
const npm = join(folder, "node_modules");

// Maps the names that modules import each other by to files, as a bundler would.
const imports = { "grpc-web": "/npm/grpc-web/index.esm.js" };
for (const name of ["@connectrpc/connect", "@connectrpc/connect-web", "@bufbuild/protobuf"]) {
  const { exports } = JSON.parse(readFileSync(join(npm, name, "package.json"), "utf8"));
  for (const [path, target] of Object.entries(exports)) {
    if (target.import) {
      imports[name + path.slice(1)] = `/npm/${name}/${target.import.slice(2)}`;
    }
  }
}

const page = `<!doctype html><title>cases</title>
<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module">
import * as connect from "@connectrpc/connect";
import * as connectWeb from "@connectrpc/connect-web";
import * as protobuf from "@bufbuild/protobuf";
import * as wkt from "@bufbuild/protobuf/wkt";
import * as grpcWeb from "grpc-web";
import { runWebCases } from "/web_cases.mjs";
window.run = (...rest) => runWebCases({ connect, connectWeb, protobuf, wkt, grpcWeb }, ...rest);
</script>`;

const pages = createServer((request, response) => {
  try {
    if (request.url === "/") {
      response.setHeader("content-type", "text/html");
      response.end(page);
      return;
    }
    const path = normalize(request.url.split("?")[0]);
    const file = path.startsWith("/npm/") ? join(npm, path.slice(5)) : join(here, path);
    response.setHeader("content-type", "text/javascript");
    response.end(readFileSync(file));
  } catch {
    response.statusCode = 404;
    response.end();
  }
});
await new Promise((resolve) => pages.listen(0, "127.0.0.1", resolve));

const browser = await require("playwright-core").chromium.launch({
  executablePath: chromium,
  args: ["--no-sandbox", "--disable-dev-shm-usage"],
});
try {
  const tab = await browser.newPage();
  tab.on("pageerror", (error) => console.error(error));
  await tab.goto(`http://127.0.0.1:${pages.address().port}/`);
  await tab.waitForFunction(() => window.run);
  const results = await tab.evaluate(
    ([url, bytes]) => window.run(url, bytes), [baseUrl, readFileSync(descriptors).toString("base64")]);
  for (const result of results) {
    console.log(JSON.stringify(result));
  }
} finally {
  await browser.close();
  pages.close();
}

// A person before a browser: what to do comes on stdin, one JSON object a line, and what comes of it goes to stdout.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [npm, executablePath] = process.argv.slice(2);
const { chromium } = createRequire(npm + "/")("playwright-core");
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
const tab = await browser.newPage();
tab.on("pageerror", (error) => console.error(error));
tab.setDefaultTimeout(60_000);

const deeds = {
  open: (url) => tab.goto(url),
  reload: () => tab.reload(),
  fill: (selector, value) => tab.fill(selector, value),
  choose: (selector, value) => tab.selectOption(selector, value),
  click: (selector) => tab.click(selector),
  // Waits until an element that is seen holds the text; answers all of it.
  shows: async (selector, text) => {
    const seen = tab.locator(selector, { hasText: text });
    await seen.waitFor({ state: "visible" });
    return seen.textContent();
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { id, deed, given } = JSON.parse(line);
  try {
    const heard = await deeds[deed](...given);
    console.log(JSON.stringify({ id, heard: typeof heard === "string" ? heard : "" }));
  } catch (error) {
    console.log(JSON.stringify({ id, ended: error.message, page: await tab.locator("body").innerText() }));
  }
}
await browser.close();

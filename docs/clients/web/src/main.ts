// The page: what it costs, order it, see how it comes.
import { type MessageInitShape } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { type Api, connect, repeating } from "./api";
import { type Bouquet } from "./gen/florist/catalogue/v1/catalogue_pb";
import { Delivery_State } from "./gen/florist/delivery/v1/delivery_pb";
import { Order_State, OrderSchema } from "./gen/florist/orders/v1/orders_pb";
import { type Money } from "./gen/google/type/money_pb";
import { explain } from "./problems";
import { watchOrder } from "./watch";

// A shop's page knows its API and gets the token from its log-in. This one takes both from the fragment of its address,
// which is sent to nobody: index.html#api=http://127.0.0.1:5081&token=…
const settings = new URLSearchParams(location.hash.slice(1));
const api: Api = connect({
  baseUrl: settings.get("api") ?? "http://127.0.0.1:5081",
  token: () => settings.get("token") ?? "",
});

const find = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const form = find<HTMLFormElement>("form");
const field = (name: string) => String(new FormData(form).get(name) ?? "");

/** What was offered and not ordered yet. */
interface Offer {
  readonly order: MessageInitShape<typeof OrderSchema>;
  readonly quote: string;
  // Made once for what the customer wants, not once a call: a double click or a repeat is then the same order.
  readonly requestId: string;
}

let offer: Offer | undefined;

function orderInForm(): MessageInitShape<typeof OrderSchema> {
  const [year = 0, month = 0, day = 0] = field("day").split("-").map(Number);
  return {
    lines: [{ bouquet: field("bouquet"), quantity: 1 }],
    deliveryContact: {
      givenName: field("givenName"),
      address: {
        regionCode: "GB",
        postalCode: field("postalCode"),
        locality: field("town"),
        addressLines: [field("street")],
      },
    },
    deliveryDate: { year, month, day },
    cardMessage: { text: field("card"), signature: field("signature") },
    currencyCode: "GBP",
  };
}

// Units are 64-bit, so they come as bigint; a bouquet's price is safe in a number.
function inWords(money: Money | undefined): string {
  const amount = Number(money?.units ?? 0n) + (money?.nanos ?? 0) / 1e9;
  return new Intl.NumberFormat(undefined, { style: "currency", currency: money?.currencyCode ?? "GBP" }).format(amount);
}

// All pages of a listing. An empty page in the middle is lawful; only an empty token ends it.
async function bouquets(): Promise<Bouquet[]> {
  const all: Bouquet[] = [];
  let pageToken = "";
  do {
    const page = await repeating(() => api.catalogue.listBouquets({ pageSize: 20, pageToken }));
    all.push(...page.bouquets);
    pageToken = page.nextPageToken;
  } while (pageToken !== "");
  return all;
}

// In the language of the browser if the shop has it; English is always there.
function titleOf({ titles, name }: Bouquet): string {
  const inLanguage = (language: string) => titles.find((title) => title.languageCode.split("-")[0] === language)?.text;
  return inLanguage(navigator.language.split("-")[0] ?? "en") ?? inLanguage("en") ?? name;
}

async function quote(): Promise<void> {
  const order = orderInForm();
  const offered = await repeating(() => api.orders.quoteOrder({ order }));
  offer = { order, quote: offered.quote, requestId: crypto.randomUUID() };
  find("price").textContent = inWords(offered.order?.price?.total);
  find("notes").textContent = offered.notes.join(" ");
  find("offer").hidden = false;
}

async function place({ order, quote, requestId }: Offer): Promise<void> {
  // The token comes from the form of your payment provider; card numbers never touch this page or the shop.
  const request = { order, quote, paymentToken: "tok_visa", requestId };
  const placed = await repeating(() => api.orders.createOrder(request));
  find("offer").hidden = true;
  sessionStorage.setItem("order", placed.name);
  sessionStorage.removeItem("resumeToken");
  await follow(placed.name);
}

// Goes on where the page was left, also after a reload.
async function follow(name: string): Promise<void> {
  find("placed").hidden = false;
  find("name").textContent = name;
  const leaving = new AbortController();
  addEventListener("pagehide", () => leaving.abort());
  await watchOrder(api, name, sessionStorage.getItem("resumeToken") ?? "", {
    view({ order, deliveries }, token) {
      const delivery = deliveries.at(-1);
      find("state").textContent =
        `${Order_State[order?.state ?? 0]} ${Delivery_State[delivery?.state ?? 0]}`;
      sessionStorage.setItem("resumeToken", token);
    },
    line(up) {
      find("line").textContent = up ? "" : "(reconnecting)";
    },
  }, leaving.signal);
}

function show(thrown: unknown): void {
  const problem = explain(ConnectError.from(thrown));
  find("problem").textContent = problem.sentence;
  find("problem").dataset["reason"] = problem.reason;
  for (const input of form.querySelectorAll<HTMLElement>("[data-path]")) {
    const wrong = problem.fields.get(input.dataset["path"] ?? "");
    if (wrong !== undefined) {
      const note = document.createElement("span");
      note.dataset["wrong"] = input.dataset["path"];
      note.textContent = wrong;
      input.after(note);
    }
  }
}

// Runs what a button asks for: one thing at a time, and what went wrong is shown.
async function run(button: HTMLButtonElement, work: () => Promise<void>): Promise<void> {
  find("problem").textContent = "";
  form.querySelectorAll("[data-wrong]").forEach((note) => note.remove());
  button.disabled = true;
  try {
    await work();
  } catch (thrown) {
    show(thrown);
  } finally {
    button.disabled = false;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void run(find<HTMLButtonElement>("quote"), quote);
});
find("order").addEventListener("click", () => {
  const wanted = offer;
  if (wanted) {
    void run(find<HTMLButtonElement>("order"), () => place(wanted));
  }
});

const earlier = sessionStorage.getItem("order");
if (earlier) {
  void follow(earlier).catch(show);
}
bouquets().then((all) => {
  const choices = all.map((bouquet) => new Option(titleOf(bouquet), bouquet.name));
  form.querySelector("select")?.append(...choices);
}, show);

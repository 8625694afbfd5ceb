// A shop's back end: node shop.mjs COMMAND, with the server at FLORIST_SERVER (127.0.0.1:5080) and a token of a service
// or of staff in FLORIST_TOKEN. It prints one line for everything that happens.
import { randomUUID } from "node:crypto";
import { repeatable, pages, transact } from "./calls.mjs";
import { connect, detailsOf } from "./contract.mjs";
import { watchOrder } from "./watch.mjs";

const { customers, orders } = connect(
  process.env.FLORIST_SERVER ?? "127.0.0.1:5080", () => process.env.FLORIST_TOKEN ?? "");

const commands = {
  /** order DAY: makes a customer and orders red roses for that day, as 2026-05-09. Prints the order's name. */
  async order(day) {
    const customer = await repeatable(customers, "CreateCustomer", {
      customer: { given_name: "Anna", email: "anna@example.com" },
      request_id: randomUUID(),
    });
    const order = roses(customer.name, day);
    const { quote, expire_time } = await repeatable(orders, "QuoteOrder", { order });
    console.error(`quoted, good until ${new Date(expire_time.seconds * 1000).toISOString()}`);

    // In a real back end the request_id is stored with the shopping cart before the first call, so that a repeat after
    // a crash of this program is still the same order. A quote keeps price and window; QUOTE_EXPIRED or PRICE_CHANGED
    // say that the customer has to be shown a new one.
    const request = { order, quote, payment_token: "tok_visa", request_id: randomUUID() };
    const placed = await repeatable(orders, "CreateOrder", request);
    const again = await repeatable(orders, "CreateOrder", request);
    console.error(`placed: ${placed.state}; sent again: ${again.name === placed.name ? "the same order" : "another!"}`);
    console.log(placed.name);
  },

  /** watch ORDER: says how it stands until it has ended. */
  async watch(name) {
    for await (const { change, order, deliveries } of watchOrder(orders, name)) {
      console.log(change, order.state, deliveries.at(-1)?.state);
    }
  },

  /** list CUSTOMER: the orders of a customer, newest first. */
  async list(customer) {
    const filter = `customer = "${customer}"`;
    for await (const order of pages(orders, "ListOrders", { filter, page_size: 2 }, "orders")) {
      console.log(order.name, order.state);
    }
  },

  /** cancel ORDER REASON: cancels it as it stands, not as someone else may have changed it meanwhile. */
  async cancel(name, reason) {
    const cancelled = await transact(
      () => repeatable(orders, "GetOrder", { name }),
      ({ etag }) => repeatable(orders, "CancelOrder", { name, reason, etag, request_id: randomUUID() }));
    console.log(cancelled.name, cancelled.state);
  },
};

function roses(customer, day) {
  const [year, month, date] = day.split("-").map(Number);
  return {
    customer,
    delivery_contact: {
      given_name: "Rose",
      address: { region_code: "GB", postal_code: "BS1 4DJ", locality: "Bristol", address_lines: ["1 Quay Street"] },
    },
    lines: [{ bouquet: "bouquets/dozen-red-roses", quantity: 1 }],
    delivery_date: { year, month, day: date },
    currency_code: "GBP",
    card_message: { text: "Thinking of you", signature: "Anna" },
  };
}

// What a refusal says: switch on code and reason; the sentence is for the log. Wrong fields have paths of the contract.
function report(error) {
  const { ErrorInfo: info, BadRequest: bad } = detailsOf(error);
  console.error(`refused: ${info?.reason ?? "no answer"} (${error.code}): ${error.details ?? error}`);
  for (const { field, reason, description } of bad?.field_violations ?? []) {
    console.error(`  ${field}: ${reason}, ${description}`);
  }
  process.exitCode = 1;
}

const [command, ...rest] = process.argv.slice(2);
if (!Object.hasOwn(commands, command ?? "")) {
  console.error("node shop.mjs order DAY | watch ORDER | list CUSTOMER | cancel ORDER REASON");
  process.exitCode = 2;
} else {
  await commands[command](...rest).catch(report);
  orders.close();
  customers.close();
}

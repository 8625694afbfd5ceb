-- Receipts; written once, in the commit that gives the number. No order has two.
CREATE TABLE receipt (
    receipt_name TEXT   NOT NULL PRIMARY KEY,
    shop         TEXT   NOT NULL,
    order_name   TEXT   NOT NULL,
    customer     TEXT   NOT NULL,
    supply_date  TEXT   NOT NULL,
    issued_at    BIGINT NOT NULL,
    body         TEXT   NOT NULL
);

CREATE UNIQUE INDEX receipt_order ON receipt (order_name);
CREATE INDEX receipt_customer ON receipt (customer, issued_at, receipt_name);
CREATE INDEX receipt_issued ON receipt (issued_at, receipt_name);
CREATE INDEX receipt_supplied ON receipt (shop, supply_date, receipt_name);

-- Receipts; written once, in the commit that gives the number. No order has two.
CREATE TABLE receipt (
    receipt_name TEXT COLLATE "C"   NOT NULL PRIMARY KEY,
    shop         TEXT COLLATE "C"   NOT NULL,
    order_name   TEXT COLLATE "C"   NOT NULL,
    customer     TEXT COLLATE "C"   NOT NULL,
    supply_date  TEXT COLLATE "C"   NOT NULL,
    issued_at    BIGINT NOT NULL,
    body         TEXT COLLATE "C"   NOT NULL
);

CREATE UNIQUE INDEX receipt_order ON receipt (order_name);
CREATE INDEX receipt_customer ON receipt (customer, issued_at, receipt_name);
CREATE INDEX receipt_issued ON receipt (issued_at, receipt_name);
CREATE INDEX receipt_supplied ON receipt (shop, supply_date, receipt_name);

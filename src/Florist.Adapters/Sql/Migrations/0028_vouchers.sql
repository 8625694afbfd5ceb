-- Vouchers by what they are looked for by; written in the commits of their grains.
CREATE TABLE voucher_index (
    code           TEXT   NOT NULL PRIMARY KEY,
    issued_at      BIGINT NOT NULL,
    disabled       BIGINT NOT NULL,
    customer       TEXT   NOT NULL,
    redeemed_count BIGINT NOT NULL,
    body           TEXT   NOT NULL
);

CREATE INDEX voucher_index_issued ON voucher_index (issued_at, code);
CREATE INDEX voucher_index_customer ON voucher_index (customer, issued_at);

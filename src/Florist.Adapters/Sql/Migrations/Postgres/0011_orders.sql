-- Orders by what they are looked for by; written in the commit of the order it stands for.
CREATE TABLE order_index (
    order_id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    customer          TEXT COLLATE "C" NOT NULL,
    recipient         TEXT COLLATE "C" NOT NULL,
    state             TEXT COLLATE "C" NOT NULL,
    payment_state     TEXT COLLATE "C" NOT NULL,
    delivery_date     TEXT COLLATE "C" NOT NULL,
    created_at        BIGINT           NOT NULL,
    occasion_category TEXT COLLATE "C" NOT NULL,
    currency_code     TEXT COLLATE "C" NOT NULL,
    total_minor       BIGINT           NOT NULL,
    needs_attention   BIGINT           NOT NULL,
    body              TEXT COLLATE "C" NOT NULL
);

CREATE INDEX order_index_customer ON order_index (customer, created_at, order_id);
CREATE INDEX order_index_created ON order_index (created_at, order_id);
CREATE INDEX order_index_delivery ON order_index (delivery_date, state);

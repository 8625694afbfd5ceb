-- One row a customer, written in the commits of its grain: what listings filter and order by, and the customer as
-- listings answer it (body). No column is null, because a page continues behind the last value: absent is the empty
-- text, or 0 where order_count tells that there is no value. Names and e-mail addresses are folded to lower case.
CREATE TABLE customer_index (
    customer_id        TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    given_name         TEXT COLLATE "C" NOT NULL,
    family_name        TEXT COLLATE "C" NOT NULL,
    email              TEXT COLLATE "C" NOT NULL,
    mobile             TEXT COLLATE "C" NOT NULL,
    region_code        TEXT COLLATE "C" NOT NULL,
    language_code      TEXT COLLATE "C" NOT NULL,
    time_zone          TEXT COLLATE "C" NOT NULL,
    created_at         BIGINT           NOT NULL,
    updated_at         BIGINT           NOT NULL,
    deleted            SMALLINT         NOT NULL,
    order_count        BIGINT           NOT NULL,
    purchase_day_count BIGINT           NOT NULL,
    first_purchase_on  TEXT COLLATE "C" NOT NULL,
    last_purchase_on   TEXT COLLATE "C" NOT NULL,
    currency           TEXT COLLATE "C" NOT NULL,
    spend_minor        BIGINT           NOT NULL,
    average_minor      BIGINT           NOT NULL,
    body               TEXT COLLATE "C" NOT NULL
);

CREATE INDEX customer_email ON customer_index (email, customer_id);
CREATE INDEX customer_mobile ON customer_index (mobile, customer_id);
CREATE INDEX customer_family_name ON customer_index (family_name, customer_id);
CREATE INDEX customer_created_at ON customer_index (created_at, customer_id);
CREATE INDEX customer_last_purchase_on ON customer_index (last_purchase_on, customer_id);
CREATE INDEX customer_order_count ON customer_index (order_count, customer_id);
CREATE INDEX customer_spend_minor ON customer_index (spend_minor, customer_id);

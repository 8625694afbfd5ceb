-- Promised windows by what reports add up; written in the commit in which something becomes of the promise.
CREATE TABLE promise_index (
    order_id         TEXT COLLATE "C" NOT NULL,
    number           BIGINT           NOT NULL,
    day              TEXT COLLATE "C" NOT NULL,
    courier          TEXT COLLATE "C" NOT NULL,
    region_code      TEXT COLLATE "C" NOT NULL,
    state            TEXT COLLATE "C" NOT NULL,
    kept             BIGINT           NOT NULL,
    endangered       BIGINT           NOT NULL,
    breached         BIGINT           NOT NULL,
    apologised       BIGINT           NOT NULL,
    apologised_first BIGINT           NOT NULL,
    made_good        BIGINT           NOT NULL,
    currency_code    TEXT COLLATE "C" NOT NULL,
    granted_minor    BIGINT           NOT NULL,
    PRIMARY KEY (order_id, number)
);

CREATE INDEX promise_index_day ON promise_index (day);

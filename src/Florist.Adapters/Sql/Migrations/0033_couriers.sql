-- Couriers by what they are looked for by; written in the commit of the courier it stands for.
CREATE TABLE courier_index (
    courier_id TEXT   NOT NULL PRIMARY KEY,
    state      TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    body       TEXT   NOT NULL
);

CREATE INDEX courier_index_created ON courier_index (created_at, courier_id);

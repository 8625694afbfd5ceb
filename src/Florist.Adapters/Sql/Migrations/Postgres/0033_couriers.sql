-- Couriers by what they are looked for by; written in the commit of the courier it stands for.
CREATE TABLE courier_index (
    courier_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    state      TEXT COLLATE "C" NOT NULL,
    created_at BIGINT           NOT NULL,
    body       TEXT COLLATE "C" NOT NULL
);

CREATE INDEX courier_index_created ON courier_index (created_at, courier_id);

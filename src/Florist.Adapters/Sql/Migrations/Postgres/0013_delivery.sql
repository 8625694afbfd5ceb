-- Couriers' reports that were rejected: dead letters, by the producer that sent them.
CREATE TABLE courier_rejected_update (
    courier_id  TEXT COLLATE "C" NOT NULL,
    producer_id TEXT COLLATE "C" NOT NULL,
    number      BIGINT           NOT NULL,
    received_at BIGINT           NOT NULL,
    body        TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (courier_id, producer_id, number)
);

CREATE INDEX courier_rejected_update_latest ON courier_rejected_update (courier_id, received_at, producer_id, number);

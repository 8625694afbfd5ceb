-- What couriers are offered or have taken on, for as long as they have to know it; written in the commit of the order.
CREATE TABLE courier_assignment (
    order_id    TEXT COLLATE "C" NOT NULL,
    delivery_id TEXT COLLATE "C" NOT NULL,
    courier_id  TEXT COLLATE "C" NOT NULL,
    body        TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (order_id, delivery_id)
);

CREATE INDEX courier_assignment_courier ON courier_assignment (courier_id, order_id, delivery_id);

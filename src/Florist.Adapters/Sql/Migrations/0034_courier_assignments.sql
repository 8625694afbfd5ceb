-- What couriers are offered or have taken on, for as long as they have to know it; written in the commit of the order.
CREATE TABLE courier_assignment (
    order_id    TEXT NOT NULL,
    delivery_id TEXT NOT NULL,
    courier_id  TEXT NOT NULL,
    body        TEXT NOT NULL,
    PRIMARY KEY (order_id, delivery_id)
);

CREATE INDEX courier_assignment_courier ON courier_assignment (courier_id, order_id, delivery_id);

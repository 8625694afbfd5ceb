-- Delivery days of shops, as availability is answered from them; written in the commits of their grains.
CREATE TABLE delivery_day_index (
    shop TEXT NOT NULL,
    day  TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (shop, day)
);

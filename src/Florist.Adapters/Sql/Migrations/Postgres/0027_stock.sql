-- Delivery days of shops, as availability is answered from them; written in the commits of their grains.
CREATE TABLE delivery_day_index (
    shop TEXT COLLATE "C" NOT NULL,
    day  TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (shop, day)
);

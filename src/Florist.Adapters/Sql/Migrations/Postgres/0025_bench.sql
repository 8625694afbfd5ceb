-- The work of a shop's day, in the order of promised windows: "09:00", in the civil time of the place of delivery. Orders
-- from before there were several shops belong to the first.
ALTER TABLE order_index ADD COLUMN shop TEXT COLLATE "C" NOT NULL DEFAULT 'main';

ALTER TABLE order_index ADD COLUMN window_start TEXT COLLATE "C" NOT NULL DEFAULT '';

UPDATE order_index SET window_start = COALESCE(substr(body::json #>> '{terms,window,start}', 1, 5), ''),
    shop = COALESCE(NULLIF(body::json #>> '{terms,shop}', ''), 'main');

CREATE INDEX order_index_bench ON order_index (delivery_date, shop, window_start, order_id);

-- Which card was printed; written in the commit of the print.
CREATE TABLE card_print (
    card_of TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    print   TEXT COLLATE "C" NOT NULL
);

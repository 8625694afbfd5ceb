-- The work of a shop's day, in the order of promised windows: "09:00", in the civil time of the place of delivery. Orders
-- from before there were several shops belong to the first.
ALTER TABLE order_index ADD COLUMN shop TEXT NOT NULL DEFAULT 'main';

ALTER TABLE order_index ADD COLUMN window_start TEXT NOT NULL DEFAULT '';

UPDATE order_index SET window_start = COALESCE(substr(json_extract(body, '$.terms.window.start'), 1, 5), ''),
    shop = COALESCE(NULLIF(json_extract(body, '$.terms.shop'), ''), 'main');

CREATE INDEX order_index_bench ON order_index (delivery_date, shop, window_start, order_id);

-- Which card was printed; written in the commit of the print.
CREATE TABLE card_print (
    card_of TEXT NOT NULL PRIMARY KEY,
    print   TEXT NOT NULL
);

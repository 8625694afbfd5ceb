-- Topics are read apart, so that one whose provider takes no more does not stand in the way of the others.
DROP INDEX outbox_ready;

CREATE INDEX outbox_ready ON outbox (class, topic, not_before) WHERE parked = 0;

-- What operators look at: what is parked and since when, and what they did about it.
ALTER TABLE wake ADD COLUMN reason TEXT;
ALTER TABLE wake ADD COLUMN parked_at BIGINT;
ALTER TABLE outbox ADD COLUMN parked_at BIGINT;

CREATE INDEX wake_parked ON wake (grain_key) WHERE parked = 1;
CREATE INDEX outbox_parked ON outbox (key) WHERE parked = 1;

-- Messages to customers whose outcome nobody could find out; written in the commits of their correspondence.
CREATE TABLE uncertain_send (
    customer_id TEXT   NOT NULL,
    message_id  TEXT   NOT NULL,
    kind        TEXT   NOT NULL,
    channel     TEXT   NOT NULL,
    attempts    BIGINT NOT NULL,
    since       BIGINT NOT NULL,
    PRIMARY KEY (customer_id, message_id)
);

-- Who did what and why; never changed but for done and item_count.
CREATE TABLE operator_action (
    action_id  TEXT   NOT NULL PRIMARY KEY,
    at         BIGINT NOT NULL,
    actor      TEXT   NOT NULL,
    verb       TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    reason     TEXT   NOT NULL,
    done       BIGINT NOT NULL,
    item_count BIGINT NOT NULL
);

CREATE INDEX operator_action_latest ON operator_action (at, action_id);

-- What every grain commits: its state, its wake-up, its messages and its child rows, in one transaction.
-- Instants are milliseconds since 1970 (UTC). Texts compare byte by byte (COLLATE "C"): no key is folded or parsed.

-- A state without a body was cleared; the row stays, so that its version never repeats. Room is left in each page, so
-- that a new version of a row finds its place beside the old one and no index has to be told.
CREATE TABLE grain_state (
    grain_key  TEXT COLLATE "C" NOT NULL,
    state_name TEXT COLLATE "C" NOT NULL,
    version    BIGINT           NOT NULL,
    body       BYTEA,
    PRIMARY KEY (grain_key, state_name)
) WITH (fillfactor = 80);

CREATE TABLE grain_row (
    owner TEXT COLLATE "C" NOT NULL,
    kind  TEXT COLLATE "C" NOT NULL,
    id    TEXT COLLATE "C" NOT NULL,
    body  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (owner, kind, id)
);

-- At most one a grain. not_before is due_at until an attempt failed, then when to try again. Rows move all the time,
-- so they are vacuumed long before the usual fifth of them is dead.
CREATE TABLE wake (
    grain_key  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    shard      SMALLINT         NOT NULL,
    class      SMALLINT         NOT NULL,
    due_at     BIGINT           NOT NULL,
    not_before BIGINT           NOT NULL,
    attempts   SMALLINT         NOT NULL DEFAULT 0,
    parked     SMALLINT         NOT NULL DEFAULT 0
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.02);

CREATE INDEX wake_ready ON wake (class, not_before) WHERE parked = 0;

-- rowid is the order of insertion, under the name that SQLite gives it by itself.
CREATE TABLE outbox (
    key        TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    topic      TEXT COLLATE "C" NOT NULL,
    body       TEXT COLLATE "C" NOT NULL,
    class      SMALLINT         NOT NULL,
    not_before BIGINT           NOT NULL,
    expires_at BIGINT,
    created_at BIGINT           NOT NULL,
    attempts   SMALLINT         NOT NULL DEFAULT 0,
    reason     TEXT COLLATE "C",
    parked     SMALLINT         NOT NULL DEFAULT 0,
    rowid      BIGINT           GENERATED ALWAYS AS IDENTITY
) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.02);

CREATE INDEX outbox_ready ON outbox (class, not_before) WHERE parked = 0;

-- Random keys of this installation: lost with the database, and so is all that they sealed.
CREATE TABLE secret (
    name  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value BYTEA            NOT NULL
);

-- Who owns the database: each owner raises the epoch, and every batch checks that it is still its own.
CREATE TABLE owner (
    id      SMALLINT         NOT NULL PRIMARY KEY CHECK (id = 1),
    epoch   BIGINT           NOT NULL,
    holder  TEXT COLLATE "C" NOT NULL,
    stopped SMALLINT         NOT NULL
);

INSERT INTO owner (id, epoch, holder, stopped) VALUES (1, 0, '', 1);

-- Ends a batch with an SQLSTATE of ours, so that whoever sent it in one go learns why nothing of it was done.
CREATE FUNCTION florist_refuse(code TEXT, message TEXT) RETURNS BIGINT LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = code, MESSAGE = message;
END
$$;

-- What every grain commits: its state, its wake-up, its messages and its child rows, in one transaction.
-- Instants are milliseconds since 1970 (UTC). Texts compare byte by byte: no key is folded or parsed.

-- A state without a body was cleared; the row stays, so that its version never repeats.
CREATE TABLE grain_state (
    grain_key  TEXT   NOT NULL,
    state_name TEXT   NOT NULL,
    version    BIGINT NOT NULL,
    body       BLOB,
    PRIMARY KEY (grain_key, state_name)
);

CREATE TABLE grain_row (
    owner TEXT NOT NULL,
    kind  TEXT NOT NULL,
    id    TEXT NOT NULL,
    body  TEXT NOT NULL,
    PRIMARY KEY (owner, kind, id)
) WITHOUT ROWID;

-- At most one a grain. not_before is due_at until an attempt failed, then when to try again.
CREATE TABLE wake (
    grain_key  TEXT     NOT NULL PRIMARY KEY,
    shard      SMALLINT NOT NULL,
    class      SMALLINT NOT NULL,
    due_at     BIGINT   NOT NULL,
    not_before BIGINT   NOT NULL,
    attempts   SMALLINT NOT NULL DEFAULT 0,
    parked     SMALLINT NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE INDEX wake_ready ON wake (class, not_before) WHERE parked = 0;

CREATE TABLE outbox (
    key        TEXT     NOT NULL PRIMARY KEY,
    topic      TEXT     NOT NULL,
    body       TEXT     NOT NULL,
    class      SMALLINT NOT NULL,
    not_before BIGINT   NOT NULL,
    expires_at BIGINT,
    created_at BIGINT   NOT NULL,
    attempts   SMALLINT NOT NULL DEFAULT 0,
    reason     TEXT,
    parked     SMALLINT NOT NULL DEFAULT 0
);

CREATE INDEX outbox_ready ON outbox (class, not_before) WHERE parked = 0;

-- Random keys of this installation: lost with the database, and so is all that they sealed.
CREATE TABLE secret (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
);

-- Who owns the database: each owner raises the epoch, and every batch checks that it is still its own.
CREATE TABLE owner (
    id      SMALLINT NOT NULL PRIMARY KEY CHECK (id = 1),
    epoch   BIGINT   NOT NULL,
    holder  TEXT     NOT NULL,
    stopped SMALLINT NOT NULL
);

INSERT INTO owner (id, epoch, holder, stopped) VALUES (1, 0, '', 1);

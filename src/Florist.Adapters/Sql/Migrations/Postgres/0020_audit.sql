-- The audit trail: one row a call of staff that answered with personal data. Rows are added and, when old, removed.
CREATE TABLE audit_entry (
    entry_id     TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    made_at      BIGINT           NOT NULL,
    principal    TEXT COLLATE "C" NOT NULL,
    on_behalf_of TEXT COLLATE "C" NOT NULL,
    method       TEXT COLLATE "C" NOT NULL,
    resources    TEXT COLLATE "C" NOT NULL,
    status       TEXT COLLATE "C" NOT NULL,
    request_id   TEXT COLLATE "C" NOT NULL,
    body         TEXT COLLATE "C" NOT NULL
);

CREATE INDEX audit_entry_latest ON audit_entry (made_at, entry_id);
CREATE INDEX audit_entry_principal ON audit_entry (principal, made_at, entry_id);

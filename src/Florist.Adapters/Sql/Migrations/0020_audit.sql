-- The audit trail: one row a call of staff that answered with personal data. Rows are added and, when old, removed.
CREATE TABLE audit_entry (
    entry_id     TEXT   NOT NULL PRIMARY KEY,
    made_at      BIGINT NOT NULL,
    principal    TEXT   NOT NULL,
    on_behalf_of TEXT   NOT NULL,
    method       TEXT   NOT NULL,
    resources    TEXT   NOT NULL,
    status       TEXT   NOT NULL,
    request_id   TEXT   NOT NULL,
    body         TEXT   NOT NULL
);

CREATE INDEX audit_entry_latest ON audit_entry (made_at, entry_id);
CREATE INDEX audit_entry_principal ON audit_entry (principal, made_at, entry_id);

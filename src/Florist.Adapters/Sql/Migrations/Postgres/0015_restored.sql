-- When this database was restored from a backup: what fell due before may have happened since the backup was taken.
CREATE TABLE restored (
    id SMALLINT NOT NULL PRIMARY KEY CHECK (id = 1),
    at BIGINT   NOT NULL
);

"""What was reported and is not known to have arrived, in a SQLite file that outlives the process and power cuts.

An event gets its number when it is first handed to a stream, and keeps it: numbers are without gaps, for ever, for each
producer. It leaves the file when the server has committed its number.
"""
import sqlite3
import threading
from contextlib import contextmanager

SCHEMA = """
CREATE TABLE IF NOT EXISTS numbering (last INTEGER NOT NULL);
INSERT INTO numbering SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM numbering);
CREATE TABLE IF NOT EXISTS outbox (
    id INTEGER PRIMARY KEY, sequence INTEGER UNIQUE, event_id TEXT UNIQUE NOT NULL, event BLOB NOT NULL,
    reported INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS rejected (
    id INTEGER PRIMARY KEY, event_id TEXT NOT NULL, reason TEXT NOT NULL, text TEXT NOT NULL, event BLOB);
"""


class Outbox:
    """Safe to use by several threads, and by several processes at the same file."""

    def __init__(self, path):
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        self._db.execute('PRAGMA journal_mode = WAL')
        # A commit returns when the disk has it. Without this a power cut could take what a driver was told is noted.
        self._db.execute('PRAGMA synchronous = FULL')
        self._db.executescript(SCHEMA)

    def close(self):
        self._db.close()

    @contextmanager
    def _transaction(self):
        with self._lock:
            self._db.execute('BEGIN IMMEDIATE')
            try:
                yield self._db
            except BaseException:
                self._db.execute('ROLLBACK')
                raise
            self._db.execute('COMMIT')

    def add(self, event_id, event):
        """Notes an event; the same event_id a second time is the same event."""
        with self._transaction() as db:
            db.execute('INSERT INTO outbox (event_id, event) SELECT ?, ? '
                       'WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE event_id = ?)', (event_id, event, event_id))

    def is_empty(self):
        with self._lock:
            return self._db.execute('SELECT 1 FROM outbox WHERE reported = 0 LIMIT 1').fetchone() is None

    def next_sequence(self):
        """The number that would be sent next: of the oldest numbered event, else one more than the last."""
        with self._lock:
            oldest, last = self._db.execute('SELECT (SELECT MIN(sequence) FROM outbox), last FROM numbering').fetchone()
            return last + 1 if oldest is None else oldest

    def next_after(self, sequence):
        """The next event after a number, as (number, event), or None. A fresh event is numbered before it is sent."""
        with self._transaction() as db:
            row = db.execute('SELECT sequence, event FROM outbox WHERE sequence > ? ORDER BY sequence LIMIT 1',
                             (sequence,)).fetchone()
            if row is not None:
                return row
            fresh = db.execute('SELECT id, event FROM outbox WHERE sequence IS NULL ORDER BY id LIMIT 1').fetchone()
            if fresh is None:
                return None
            number, = db.execute('UPDATE numbering SET last = last + 1 RETURNING last').fetchone()
            db.execute('UPDATE outbox SET sequence = ? WHERE id = ?', (number, fresh[0]))
            return number, fresh[1]

    def resume(self, committed):
        """Takes note of where the server stands.

        A server that is further than this file means that the file was lost or restored from a backup. Then the numbers
        in it say nothing any more: what is left is numbered anew from where the server stands. What had arrived already
        is a DUPLICATE by its event_id.
        """
        with self._transaction() as db:
            if db.execute('SELECT last FROM numbering').fetchone()[0] < committed:
                db.execute('UPDATE outbox SET sequence = NULL')
                db.execute('UPDATE numbering SET last = ?', (committed,))
            else:
                db.execute('DELETE FROM outbox WHERE sequence <= ?', (committed,))

    def settle(self, committed, rejected):
        """Drops everything up to a number, and keeps what was rejected, as (event_id, reason, text), for a person."""
        with self._transaction() as db:
            self._keep(db, rejected)
            db.execute('DELETE FROM outbox WHERE sequence <= ?', (committed,))

    def unreported(self, limit):
        """The oldest events that neither the stream nor ReportUpdates have brought over, as (id, event)."""
        with self._lock:
            return self._db.execute('SELECT id, event FROM outbox WHERE reported = 0 ORDER BY id LIMIT ?',
                                    (limit,)).fetchall()

    def settle_reported(self, ids, rejected):
        """Takes note that ReportUpdates has brought these over.

        One that has a number stays, since the stream still expects that number; it will be a DUPLICATE there.
        """
        with self._transaction() as db:
            self._keep(db, rejected)
            db.executemany('UPDATE outbox SET reported = 1 WHERE id = ?', [(one,) for one in ids])
            db.execute('DELETE FROM outbox WHERE reported = 1 AND sequence IS NULL')

    def rejected(self):
        with self._lock:
            return self._db.execute('SELECT event_id, reason, text FROM rejected ORDER BY id').fetchall()

    @staticmethod
    def _keep(db, rejected):
        for event_id, reason, text in rejected:
            db.execute('INSERT INTO rejected (event_id, reason, text, event) '
                       'VALUES (?, ?, ?, (SELECT event FROM outbox WHERE event_id = ?))',
                       (event_id, reason, text, event_id))

"""The catalogue of a study: one row per member in SQLite, written as members come in, so that a study that is killed loses only what was
being computed. Rows hold nothing that depends on where or when a member ran: two catalogues of one study are equal.

    info(key, value)                       version, model and outcomes: what makes members comparable
    members(variant, seed, status, reason, state_hash, outcomes)      variant and outcomes in JSON; status: done or failed
"""
import contextlib
import json
import math
import os
import pathlib
import sqlite3

import pandas

from senoma.errors import Error

_SCHEMA = """
CREATE TABLE IF NOT EXISTS info (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS members (variant TEXT NOT NULL, seed INTEGER NOT NULL, status TEXT NOT NULL, reason TEXT NOT NULL,
                                    state_hash TEXT NOT NULL, outcomes TEXT NOT NULL, PRIMARY KEY (variant, seed));
"""


def variant_text(values):
    """One text per variant, whatever the order of its keys."""
    return json.dumps(values, sort_keys=True, ensure_ascii=False)


def _finite(outcomes):
    return {name: value if math.isfinite(value) else repr(value) for name, value in outcomes.items()}


class Catalogue:
    """`folder/catalogue.sqlite`, or in memory without a folder. One writer at a time."""

    def __init__(self, folder=None, identity=None):
        self.path = None
        if folder is not None:
            pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
            self.path = os.path.join(os.fspath(folder), "catalogue.sqlite")
        self._connection = sqlite3.connect(self.path or ":memory:", timeout=10)
        try:
            # A commit outlives the end of the process without waiting for the disk.
            self._connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;" + _SCHEMA)
            if identity is not None:
                self._claim({key: str(value) for key, value in identity.items()})
        except sqlite3.DatabaseError as fault:
            raise Error("E9106", f"'{self.path}' is no catalogue of a study: {fault}", place=(self.path, 0, 0),
                        help="choose another folder", kind="input_output") from None

    def _claim(self, identity):
        found = dict(self._connection.execute("SELECT key, value FROM info"))
        if not found:
            with self._connection:
                self._connection.executemany("INSERT INTO info VALUES (?, ?)", identity.items())
            return
        for key, value in identity.items():
            if found.get(key) != value:
                raise Error("E9106", f"the folder holds another study: its {key} is {found.get(key)}, this one's is {value}",
                            place=(self.path, 0, 0), help="choose another folder")

    def has(self, variant, seed):
        return self._connection.execute("SELECT 1 FROM members WHERE variant = ? AND seed = ?", (variant_text(variant), seed)).fetchone() is not None

    def add(self, variant, seed, result):
        """Durable when this returns (but for a crash of the whole machine)."""
        with self._connection:
            self._connection.execute("INSERT OR REPLACE INTO members VALUES (?, ?, ?, ?, ?, ?)",
                                     (variant_text(variant), seed, result["status"], result["reason"], result["state_hash"],
                                      json.dumps(_finite(result["outcomes"]))))

    def get(self, variant, seed):
        row = self._connection.execute("SELECT status, reason, state_hash, outcomes FROM members WHERE variant = ? AND seed = ?",
                                       (variant_text(variant), seed)).fetchone()
        if row is None:
            return None
        return {"status": row[0], "reason": row[1], "state_hash": row[2], "outcomes": {k: float(v) for k, v in json.loads(row[3]).items()}}

    def frame(self):
        """All members, by variant and seed: the values set, seed, status, reason, state_hash, and the outcomes."""
        rows = []
        query = "SELECT variant, seed, status, reason, state_hash, outcomes FROM members ORDER BY variant, seed"
        for variant, seed, status, reason, state_hash, outcomes in self._connection.execute(query):
            rows.append({**json.loads(variant), "seed": seed, "status": status, "reason": reason, "state_hash": state_hash,
                         **{key: float(value) for key, value in json.loads(outcomes).items()}})
        return pandas.DataFrame(rows)

    def forget_failed(self):
        """So that they are tried again."""
        with self._connection:
            self._connection.execute("DELETE FROM members WHERE status = 'failed'")

    def close(self):
        """Leaves one file."""
        if self.path:
            with contextlib.suppress(sqlite3.OperationalError):  # somebody reads it: then the log stays beside it
                self._connection.execute("PRAGMA journal_mode = DELETE")
        self._connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

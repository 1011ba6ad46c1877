"""The rate of SQLite alone: durable inserts into a table without indexes, one after the other."""

import sqlite3
import time

from wrk import Load

TABLE = "CREATE TABLE number (id INTEGER PRIMARY KEY, value TEXT, monthyPrice INTEGER, setupPrice INTEGER, currency TEXT)"
INSERT = "INSERT INTO number (value, monthyPrice, setupPrice, currency) VALUES ('+55 84 91234-4321', 300, 34000, 'U$')"


class BareTable:
    """The table, with the methods of a measured server."""

    name = "SQLite, a bare table"

    def __init__(self, file):
        # Each statement is a transaction.
        self.database = sqlite3.connect(file, isolation_level=None)
        self.database.execute("PRAGMA journal_mode = WAL")
        self.database.execute("PRAGMA synchronous = FULL")
        self.database.execute(TABLE)

    def processor_seconds(self):
        return [time.process_time()]

    def insert(self, seconds):
        times = []
        began = last = time.perf_counter()
        while last < began + seconds:
            self.database.execute(INSERT)
            now = time.perf_counter()
            times.append(now - last)
            last = now
        times.sort()
        return Load(len(times), last - began, times[len(times) // 2] * 1e3, times[len(times) * 99 // 100] * 1e3)

    def stop(self):
        self.database.close()

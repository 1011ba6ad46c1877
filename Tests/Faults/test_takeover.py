"""The machine of the database is lost, and its standby is promoted."""

import contextlib
import os
import pathlib
import signal
import time

from attack import again, amount, bounded, report
from ledger import Ledger, there_through
from program import Cluster, until
from wire import ask

PATIENCE = 5


def kill(cluster):
    """Kills all processes of a PostgreSQL server at once."""
    postmaster = int((pathlib.Path(cluster.folder) / "data/postmaster.pid").read_text().split()[0])
    # Stopped first, so that it starts no others.
    os.kill(postmaster, signal.SIGSTOP)
    children = pathlib.Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    for process in [*map(int, children), postmaster]: os.kill(process, signal.SIGKILL)


def rate(ledger, server, authorization):
    """The acknowledged writes per second."""
    before, seconds = ledger.count, amount(2, 5)
    with ledger.writers(server, authorization): time.sleep(seconds)
    return (ledger.count - before) / seconds


def take_over(start, seed):
    """Loses a primary under writers.

    Returns the number of acknowledged writes, the seconds from the promotion to the next write, and the writes per second
    without and with a synchronous standby.
    """
    with contextlib.ExitStack() as clusters:
        primary = clusters.enter_context(Cluster.running("new"))
        standby = clusters.enter_context(Cluster.running("standby", primary.folder))
        server = start(DATABASE_URL=f"postgres://postgres@/postgres?host={primary.folder},{standby.folder}"
                       "&target_session_attrs=read-write")
        authorization, ledger = server.authorization, Ledger(seed)
        alone = rate(ledger, server, authorization)
        primary.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
        primary.sql("SELECT pg_reload_conf()")
        until(lambda: primary.sql("SELECT sync_state FROM pg_stat_replication") == "sync")
        together = rate(ledger, server, authorization)
        assert alone > 0 and together > 0
        with ledger.writers(server, authorization):
            time.sleep(0.5)
            kill(primary)
            until(lambda: ask(server, "GET", "/readyz").status == 503)
            assert ask(server, "GET", "/livez").status == 200
            standby.do("promote")
            promoted = time.monotonic()
            until(lambda: ledger.create(server, authorization))
            seconds = time.monotonic() - promoted
            time.sleep(0.5)
        ledger.check(there_through(server, authorization))
        assert ask(server, "GET", "/readyz").status == 200
        assert server.carrier("check").returncode == 0
        assert set(ledger.statuses) <= {200, 201, 503}, ledger.statuses
        # The same process has served all requests.
        assert server.stop() == 0
        bounded(seconds < PATIENCE, seconds)
        return ledger.count, seconds, alone, together


@again
def test_a_promoted_standby_has_all_acknowledged_writes(start):
    rounds = [take_over(start, seed) for seed in range(amount(1, 10))]
    writes = sum(count for count, *_ in rounds)
    slowest = max(seconds for _, seconds, *_ in rounds)
    alone, together = (sum(figures) / len(rounds) for figures in list(zip(*rounds, strict=True))[2:])
    report("a primary that is lost under writers", len(rounds),
           f"{writes} acknowledged writes, none lost; writes again {slowest:.1f} s after the promotion", f"{PATIENCE} s")
    report("writes a second without and with a synchronous standby", len(rounds), f"{alone:.0f}, {together:.0f}", "none")

"""deploy/database/backup, which backs up the inventory of production each night."""

import datetime
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import pytest
from program import ROOT, carrier, make_script, output, run, until

SERVERS = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))


class Backup:
    """The script with its own folders, as a user who may run PostgreSQL."""

    def __init__(self, cluster):
        self.cluster = cluster
        # The path of pytest's folder is too long for a socket, and PostgreSQL's user may not enter it.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="carrier-backup."))
        self.backups, self.metrics_folder, self.programs = (
            self.folder / name for name in ("backups", "metrics", "programs"))
        for folder in (self.backups, self.metrics_folder, self.programs): folder.mkdir()
        shutil.copy(ROOT / "deploy/database/backup", self.programs)
        self.command, self.environment = [self.programs / "backup"], {
            "PATH": f"{self.programs}:{SERVERS[-1]}:{os.environ['PATH']}",
            "PGHOST": cluster.folder, "PGUSER": "postgres", "PGDATABASE": "postgres",
            "BACKUPS": self.backups, "METRICS": self.metrics_folder}
        if os.getuid() == 0:
            self.command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--", *self.command]
            output("chown", "-R", "postgres", self.folder)

    def run(self, *arguments, **environment):
        return run(*self.command, *arguments, cwd="/", env={**self.environment, **environment})

    def replace(self, program, text):
        """Replaces a program of PostgreSQL or of the system by a script."""
        make_script(self.programs / program, text)

    def dumps(self):
        return sorted(file.name for file in self.backups.glob("inventory-????-??-??T??-??-??Z.dump"))

    def files(self):
        return {file.name for file in self.backups.iterdir()}

    def add(self, *times):
        for when in times:
            for ending in ("", ".sha256"): (self.backups / (name_of(when) + ending)).touch()

    def metrics(self):
        lines = (self.metrics_folder / "backup.prom").read_text().splitlines()
        return {name.removeprefix("carrier_backup_"): float(value) for name, value in (
            line.split() for line in lines if not line.startswith("#"))}


def name_of(when):
    return when.strftime("inventory-%Y-%m-%dT%H-%M-%SZ.dump")


@pytest.fixture
def backup(cluster):
    assert carrier("seed", "--count", "100", "--database-url", cluster.url).returncode == 0
    backup = Backup(cluster)
    yield backup
    shutil.rmtree(backup.folder)


def test_a_dump_is_restored_counted_and_reported(backup):
    backup.cluster.sql("""
        INSERT INTO "user" (username, "passwordHash", role) VALUES ('ana', 'x', 'salesperson');
        INSERT INTO session (digest, "userID", "expiresAt") SELECT sha256('x'), id, 1 FROM "user" """)
    made = backup.run("once")
    assert made.returncode == 0, made.stderr
    [name] = backup.dumps()
    text = output("pg_restore", "--file=-", backup.backups / name)
    assert "CREATE TABLE public.session" in text and "COPY public.session" not in text
    assert "restored and counted: " in made.stdout and ",number 100," in made.stdout
    assert backup.files() == {name, name + ".sha256", "lock"}
    assert {file.stat().st_mode & 0o777 for file in backup.backups.iterdir()} == {0o600}
    output("sha256sum", "--check", name + ".sha256", cwd=backup.backups)
    metrics = backup.metrics()
    assert (metrics["last_attempt_succeeded"], metrics["kept"]) == (1, 1)
    assert metrics["last_success_size_bytes"] == (backup.backups / name).stat().st_size
    assert 0 <= metrics["last_attempt_timestamp_seconds"] - metrics["last_success_timestamp_seconds"] < 60
    file = backup.metrics_folder / "backup.prom"
    assert file.stat().st_mode & 0o777 == 0o644
    if promtool := shutil.which("promtool"): output(promtool, "check", "metrics", input=file.read_text())
    assert backup.run("check").returncode == 0


DAMAGED = {
    "cut": 'truncate --size 20000 "${!#}"',
    # The compressed rows are at the end.
    "changed": 'printf %064d | dd of="${!#}" bs=1 seek=$(($(stat --format %s "${!#}") - 1500)) conv=notrunc status=none',
    "without a table": f'{SERVERS[-1] if SERVERS else ""}/pg_dump --exclude-table=number_count "$@"',
}


@pytest.mark.parametrize("damage", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_dump_is_reported_and_kept_apart(backup, damage):
    assert backup.run("once").returncode == 0
    good = backup.dumps()
    whole = f'{SERVERS[-1]}/pg_dump "$@"\nfor last; do :; done; set -- "${{last#--file=}}"\n'
    backup.replace("pg_dump", damage if "exclude" in damage else whole + damage)
    refused = backup.run("once")
    assert refused.returncode == 1
    assert "the dump failed its test restore; it is kept as suspicious.dump" in refused.stdout
    # The script shows PostgreSQL's message, or the missing rows.
    assert ("\n-number_count " if "exclude" in damage else "pg_restore: error: ") in refused.stderr
    assert backup.dumps() == good
    assert backup.files() == {good[0], good[0] + ".sha256", "suspicious.dump", "lock"}
    metrics = backup.metrics()
    assert (metrics["last_attempt_succeeded"], metrics["kept"]) == (0, 1)
    (backup.programs / "pg_dump").unlink()
    assert backup.run("once").returncode == 0
    assert not (backup.backups / "suspicious.dump").exists()


def test_a_trial_server_that_does_not_start_is_reported_with_its_log(backup):
    backup.replace("initdb", f'''{SERVERS[-1]}/initdb "$@"
        for word; do case $word in --pgdata=*) echo "no_such_setting = on" >> "${{word#*=}}/postgresql.conf"; esac; done''')
    refused = backup.run("once")
    assert refused.returncode == 1 and "the dump failed its test restore" in refused.stdout
    assert 'unrecognized configuration parameter "no_such_setting"' in refused.stderr
    assert not re.search("createdb|pg_restore", refused.stderr)
    assert backup.files() == {"suspicious.dump", "lock"}


def test_rows_are_counted_in_the_snapshot_of_the_dump(backup):
    backup.replace("pg_dump", f"""
        psql --quiet --command 'INSERT INTO schema_migration VALUES (now()::text)'
        {SERVERS[-1]}/pg_dump "$@"
        psql --quiet --command 'DELETE FROM number WHERE id = 1'""")
    made = backup.run("once")
    assert made.returncode == 0 and ",number 100," in made.stdout, made.stderr


@pytest.mark.parametrize("cause", ["no database", "no tables", "pg_dump fails"])
def test_without_a_new_dump_all_old_ones_stay(backup, cause):
    old = datetime.datetime(2026, 1, 1, 3)
    backup.add(*(old + datetime.timedelta(days=day) for day in range(30)))
    if cause == "no database": backup.cluster.do("kill")
    elif cause == "pg_dump fails": backup.replace("pg_dump", "exit 1")
    else: backup.cluster.sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE TABLE schema_migration ()")
    assert backup.run("once").returncode == 1
    metrics = backup.metrics()
    assert (metrics["last_attempt_succeeded"], metrics["kept"], len(backup.dumps())) == (0, 30, 30)
    assert metrics["last_success_timestamp_seconds"] == datetime.datetime(2026, 1, 30, 3, tzinfo=datetime.UTC).timestamp()
    assert backup.run("check").returncode == 1


def test_dumps_of_the_same_second_get_different_names(backup):
    second = datetime.datetime.now(datetime.UTC).replace(tzinfo=None, microsecond=0)
    backup.add(second)
    # For each run, the clock shows the second of the previous dump, and then the next second.
    asked = backup.metrics_folder / "asked"
    backup.replace("date", f"""
        [ "$2" = +%FT%H-%M-%SZ ] || exec /bin/date "$@"
        echo >> {asked}
        exec /bin/date --utc --date "{second} UTC $(($(wc -l < {asked}) / 2)) seconds" "$2\"""")
    for _ in range(2):
        assert backup.run("once").returncode == 0
    assert backup.dumps() == [name_of(second + datetime.timedelta(seconds=later)) for later in range(3)]
    assert [(backup.backups / name).stat().st_size > 0 for name in backup.dumps()] == [False, True, True]


def test_dumps_of_seven_days_and_four_weeks_are_kept(backup):
    # A Thursday in the future, so today's dump is the oldest.
    newest = datetime.datetime(2046, 11, 29, 3)
    days = [newest - datetime.timedelta(days=day) for day in range(60)]
    backup.add(*days)
    # Add earlier dumps on three of the days, and a file with another name.
    backup.add(*(newest - datetime.timedelta(days=day, hours=2) for day in (0, 6, 11)))
    (backup.backups / "inventory-before-the-move.dump").write_text("")
    assert backup.run("once").returncode == 0
    kept = [name[10:20] for name in reversed(backup.dumps())]
    assert kept[:9] == [day.strftime("%Y-%m-%d") for day in [days[0], *days[:7], days[6]]]
    # Two of the four weeks are within the seven days.
    assert kept[9:] == ["2046-11-18", "2046-11-11"]
    assert [name[21:23] for name in backup.dumps()][:2] == ["03", "03"]
    assert (backup.backups / "inventory-before-the-move.dump").exists()
    assert len(list(backup.backups.glob("*.sha256"))) == 11


def test_days_without_a_dump_do_not_count(backup):
    old = datetime.datetime(2020, 1, 1, 3)
    backup.add(*(old + datetime.timedelta(days=50 * day) for day in range(5)))
    assert backup.run("once").returncode == 0
    assert len(backup.dumps()) == 6


def pauses(backup, time, count):
    """The first `count` pauses of the service with BACKUP_TIME `time`, in seconds. All but the last end at once."""
    file = backup.metrics_folder / "slept"
    backup.replace("sleep", f"echo $1 >> {file}; [ $(wc -l < {file}) -lt {count} ] || exec /bin/sleep 3600")
    process = subprocess.Popen(backup.command, cwd="/", env={**backup.environment, "BACKUP_TIME": time})
    try:
        until(lambda: file.exists() and file.read_text().count("\n") == count, 120)
    finally:
        process.terminate()
    assert process.wait(timeout=60) == 0
    return [int(pause) for pause in file.read_text().split()]


def test_the_first_dump_is_made_at_once_and_the_next_at_its_time(backup):
    time_of_day = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=5)
    [pause] = pauses(backup, time_of_day.strftime("%H:%M"), 1)
    assert 4 * 3600 < pause <= 5 * 3600 and len(backup.dumps()) == 1


def test_a_failed_dump_is_repeated_every_five_minutes(backup):
    backup.add(datetime.datetime.now(datetime.UTC).replace(tzinfo=None) - datetime.timedelta(hours=23, minutes=50))
    backup.replace("pg_dump", "exit 1")
    assert pauses(backup, "03:00", 3)[1:] == [300, 300]


def test_an_invalid_time_is_reported(backup):
    refused = backup.run(BACKUP_TIME="midnight-ish")
    assert refused.returncode != 0 and "midnight-ish" in refused.stderr

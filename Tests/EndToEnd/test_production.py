"""The scripts of production, with a docker-compose that runs what it is told to on this machine."""

import os
import pathlib
import shutil
import subprocess

import pytest
import requests
from program import PASSWORD, PROGRAM, ROOT, until


class Production:
    def __init__(self, folder, cluster=None):
        self.folder, self.cluster = folder, cluster
        self.log = folder / "calls"
        self.programs = folder / "programs"
        self.programs.mkdir()
        compose = self.programs / "docker-compose"
        compose.write_text(f"""#!/bin/bash
            case "$1 $2" in
                'config --services') printf 'api\\ndatabase\\nbackup\\n' ;;
                'exec -T')
                    [ "$3" = proxy ] || PGHOST={cluster and cluster.folder} exec "${{@:4}}"
                    echo "$*" >> {self.log} ;;
                *) echo "$*" >> {self.log} ;;
            esac""")
        compose.chmod(0o755)

    def run(self, script, *arguments, **environment):
        return subprocess.run(
            [ROOT / "deploy" / script, *arguments], cwd=self.folder, capture_output=True, text=True,
            timeout=120, env={**os.environ, "PATH": f"{self.programs}:{os.environ['PATH']}", **environment})

    def calls(self):
        return self.log.read_text().splitlines() if self.log.exists() else []


@pytest.fixture
def production(cluster, tmp_path):
    """An inventory of 150 numbers, and a dump from when it had 100."""
    cluster.sql("CREATE ROLE carrier LOGIN")
    cluster.sql("CREATE DATABASE inventory OWNER carrier")
    url = f"postgres://carrier@/inventory?host={cluster.folder}"
    seed = [PROGRAM, "seed", "--database-url", url, "--count"]
    subprocess.run([*seed, "100"], check=True, capture_output=True)
    with (tmp_path / "inventory.dump").open("wb") as dump:
        subprocess.run(["pg_dump", "--format=custom", url], stdout=dump, check=True)
    subprocess.run([*seed, "50", "--add"], check=True, capture_output=True)
    return Production(tmp_path, cluster)


def sql(cluster, statement, database="inventory"):
    """Runs a statement as the role of the service."""
    return subprocess.run(
        ["psql", f"postgres://carrier@/{database}?host={cluster.folder}", "-Atqc", statement],
        check=True, capture_output=True, text=True).stdout


def numbers(cluster, database="inventory"):
    return int(sql(cluster, "SELECT count(*) FROM number", database))


def databases(cluster):
    return set(cluster.sql(
        "SELECT datname FROM pg_database WHERE datname LIKE 'inventory%'").splitlines())


def test_a_dump_takes_the_place_of_the_inventory(production, cluster):
    run = production.run("production-restore", "inventory.dump")
    assert run.returncode == 0, run.stderr
    assert "has the 100 numbers of the dump. As it was, with 150, it is the database inventory_before_" in run.stdout
    assert numbers(cluster) == 100
    [before] = databases(cluster) - {"inventory"}
    assert numbers(cluster, before) == 150
    assert production.calls() == ["stop api", "start api"]
    # Whoever is neither the service nor the superuser has no business there.
    assert cluster.sql("SELECT has_database_privilege('public', 'inventory', 'CONNECT')") == "f"


def test_a_restore_ends_all_sessions(production, cluster, start):
    url = f"postgres://carrier@/inventory?host={cluster.folder}"
    server = start(DATABASE_URL=url)
    server.carrier("user", "add", "ana", "--role", "supervisor", input=PASSWORD)
    users = [server.sign_in("ana"), server.sign_in()]
    expired = """INSERT INTO session (digest, "userID", "expiresAt") SELECT sha256('x'), id, 1 FROM "user" LIMIT 1"""
    sql(cluster, expired)
    with (production.folder / "with-sessions.dump").open("wb") as dump:
        subprocess.run(["pg_dump", "--format=custom", url], stdout=dump, check=True)
    server.carrier("user", "set-role", "ana", "salesperson")
    # In the inventory alone, and in the dump alone.
    users += [server.sign_in()]
    assert users[1].delete(server.address + "/api/v1/sessions/current").status_code == 204
    run = production.run("production-restore", "with-sessions.dump")
    assert run.returncode == 0, run.stderr
    assert "All sessions have ended (3): users sign in again.\n" in run.stdout
    until(lambda: requests.get(server.address + "/readyz").status_code == 200)
    for user in users:
        assert user.get(server.address + "/api/v1/numbers").status_code == 401
    # The role is that of the dump.
    assert server.sign_in("ana").get(server.address + "/api/v1/users").status_code == 200


@pytest.mark.parametrize("damage", ["cut", "changed", "of something else", "of no inventory", "of another checksum"])
def test_a_damaged_dump_leaves_the_inventory_as_it_was(production, cluster, damage):
    dump = production.folder / "inventory.dump"
    whole = dump.read_bytes()
    if damage == "cut":
        dump.write_bytes(whole[:-2000])
    elif damage == "changed":
        dump.write_bytes(whole[:9000] + b"xxxx" + whole[9004:])
    elif damage == "of something else":
        dump.write_bytes(b"something else")
    elif damage == "of no inventory":
        dump.write_bytes(subprocess.run(
            ["pg_dump", "--format=custom", cluster.url], check=True, capture_output=True).stdout)
    else:
        (production.folder / "inventory.dump.sha256").write_text(f"{'0' * 64}  inventory.dump\n")
    run = production.run("production-restore", "inventory.dump")
    assert run.returncode == 1
    assert ("inventory.dump: FAILED" if damage.endswith("checksum") else "The inventory is as it was.") in (
        run.stdout + run.stderr)
    assert numbers(cluster) == 150
    assert databases(cluster) == {"inventory"}
    assert production.calls() == []


def test_without_a_database_nothing_is_restored(production, cluster):
    cluster.do("kill")
    run = production.run("production-restore", "inventory.dump")
    assert (run.returncode, run.stderr) == (1, "The database does not run. Nothing was done.\n")


@pytest.fixture
def certificate(tmp_path):
    def make(name):
        subprocess.run(
            [ROOT / "deploy/self-signed-certificate", tmp_path / name, name + ".example"],
            check=True, capture_output=True)
        return tmp_path / name

    return make


def test_old_paths_of_the_scripts_work():
    for script in (ROOT / "deploy").glob("production-*"):
        assert (ROOT / "scripts" / script.name).resolve() == script


@pytest.mark.skipif(os.getuid() != 0, reason="Only root may give the key to nginx' user.")
@pytest.mark.parametrize("script", ["production-certificate", "../scripts/production-certificate"])
def test_a_new_certificate_is_put_in_place(tmp_path, certificate, script):
    production = Production(tmp_path)
    old, new = certificate("old"), certificate("new")
    run = production.run(script, CERTIFICATES=str(old), RENEWED_LINEAGE=str(new))
    assert run.returncode == 0, run.stderr
    for name in ("fullchain.pem", "privkey.pem"):
        assert (old / name).read_bytes() == (new / name).read_bytes()
    key = (old / "privkey.pem").stat()
    assert (key.st_mode & 0o777, key.st_uid) == (0o400, 101)
    assert {path.name for path in old.iterdir()} == {"fullchain.pem", "privkey.pem"}
    assert production.calls() == ["exec -T proxy nginx -s reload"]


def test_a_key_of_another_certificate_is_refused(tmp_path, certificate):
    production = Production(tmp_path)
    old, new = certificate("old"), certificate("new")
    before = {path: path.read_bytes() for path in old.iterdir()}
    shutil.copy(certificate("other") / "privkey.pem", new)
    run = production.run("production-certificate", str(new), CERTIFICATES=str(old))
    assert run.returncode == 1 and "is not the certificate's. Nothing was done." in run.stderr
    assert {path: path.read_bytes() for path in old.iterdir()} == before
    assert production.calls() == []


def test_the_secrets_are_made_once(tmp_path):
    folder = tmp_path / "secrets"
    subprocess.run([ROOT / "deploy/production-secrets", folder], check=True, capture_output=True)
    made = {path.name: path.read_bytes() for path in pathlib.Path(folder).iterdir()}
    assert set(made) == {"database-password", "supervisor-password", "replication-password"}
    assert len(set(made.values())) == 3
    (folder / "replication-password").unlink()
    subprocess.run([ROOT / "deploy/production-secrets", folder], check=True, capture_output=True)
    for name in ("database-password", "supervisor-password"):
        assert (folder / name).read_bytes() == made[name]
    assert folder.stat().st_mode & 0o777 == 0o700


class Rollout(Production):
    """Replicas "one" and "two" that run, and "beside", which a rollout starts beside them.

    `migrating` is the status of the migration, `sick` are those that never become ready, and `changed` is a file that
    a container has otherwise.
    """

    def __init__(self, folder, migrating=0, sick=(), changed=None):
        super().__init__(folder)
        self.replace("docker-compose", f"""
            case $* in
                'ps -q api') printf 'one\\ntwo\\n'; exit ;;
                'exec -T '*' cat '*) [ $5 = {changed} ] || cat deploy/*/${{5##*/}}; exit ;;
            esac
            echo "$*" >> {self.log}
            case $* in
                *' migrate') exit {migrating} ;;
                'run -d '*) echo Creating; echo beside ;;
            esac""")
        self.replace("docker", f"""
            for last; do :; done
            case " {' '.join(sick)} " in *" $last "*) sick=yes ;; esac
            case $* in
                *.Health.Status*) echo ${{sick:+un}}healthy ;;
                *.State.Status*) echo running ${{sick:+1}} ;;
                *.Name*) echo /$last ;;
                logs*) echo "the last words of $last" ;;
                *) echo "docker $*" >> {self.log} ;;
            esac""")
        self.replace("sleep", "")

    def replace(self, program, text):
        file = self.programs / program
        file.write_text(f"#!/bin/bash\n{text}\n")
        file.chmod(0o755)


MIGRATE = "run --rm --no-deps -T api migrate"
BESIDE = "run -d --no-deps --use-aliases api"
REPLACE = "up -d --no-deps --force-recreate api"


# 64: a version that knows no such command, which migrates when it starts.
@pytest.mark.parametrize("migrating", [0, 64])
def test_a_rollout_migrates_and_replaces_without_a_pause(tmp_path, migrating):
    rollout = Rollout(tmp_path, migrating)
    run = rollout.run("production-rollout")
    assert (run.returncode, run.stderr) == (0, "")
    assert rollout.calls() == [MIGRATE, BESIDE, REPLACE, "docker stop --time 40 beside", "up -d",
                               "docker rm --force beside"]


def test_a_migration_that_fails_ends_a_rollout(tmp_path):
    rollout = Rollout(tmp_path, migrating=1)
    run = rollout.run("production-rollout")
    assert run.returncode == 1
    assert "The tables could not be brought up to date. Nothing else was done" in run.stderr
    assert rollout.calls() == [MIGRATE]


def test_an_image_that_does_not_work_replaces_nothing(tmp_path):
    rollout = Rollout(tmp_path, sick=["beside"])
    run = rollout.run("production-rollout")
    assert run.returncode == 1
    assert "the last words of beside\nThe new replica does not work. Those that ran before serve on." in run.stderr
    assert rollout.calls() == [MIGRATE, BESIDE, "docker rm --force beside"]


def test_the_replica_beside_serves_on_where_others_do_not(tmp_path):
    rollout = Rollout(tmp_path, sick=["two"])
    run = rollout.run("production-rollout")
    assert run.returncode == 1
    assert "/two did not become ready" in run.stderr
    assert "/beside serves on beside them" in run.stderr
    assert rollout.calls() == [MIGRATE, BESIDE, REPLACE]


def test_a_file_that_has_changed_is_mounted_anew(tmp_path):
    rollout = Rollout(tmp_path, changed="/etc/nginx/problems.conf")
    assert rollout.run("production-rollout").returncode == 0
    assert rollout.calls()[-2:] == ["up -d --no-deps --force-recreate proxy", "docker rm --force beside"]

"""The compose files, and the scripts of production with a docker-compose that runs commands on this machine."""

import itertools
import os
import re
import shutil

import pytest
import yaml
from program import NUMBERS, ROOT, carrier, make_script, output, run, until


class Production:
    def __init__(self, folder, cluster=None):
        self.folder, self.log, self.programs = folder, folder / "calls", folder / "programs"
        self.programs.mkdir()
        self.replace("docker-compose", f"""
            case "$1 $2" in
                'config --services') printf 'api\\ndatabase\\nbackup\\n' ;;
                'exec -T')
                    [ "$3" = proxy ] || PGHOST={cluster and cluster.folder} exec "${{@:4}}"
                    echo "$*" >> {self.log} ;;
                *) echo "$*" >> {self.log} ;;
            esac""")

    def replace(self, program, text):
        make_script(self.programs / program, text)

    def run(self, script, *arguments, **environment):
        environment = {**os.environ, "PATH": f"{self.programs}:{os.environ['PATH']}", **environment}
        return run(ROOT / "deploy" / script, *arguments, cwd=self.folder, env=environment)

    def calls(self):
        return self.log.read_text().splitlines() if self.log.exists() else []


@pytest.fixture
def url(cluster):
    cluster.sql("CREATE ROLE carrier LOGIN")
    cluster.sql("CREATE DATABASE inventory OWNER carrier")
    return f"postgres://carrier@/inventory?host={cluster.folder}"


def dump(url, file):
    output("pg_dump", "--format=custom", f"--file={file}", url)


@pytest.fixture
def production(cluster, url, tmp_path):
    """An inventory of 150 numbers, and a dump with 100 of them."""
    assert carrier("seed", "--database-url", url, "--count", "100").returncode == 0
    dump(url, tmp_path / "inventory.dump")
    assert carrier("seed", "--database-url", url, "--count", "50", "--add").returncode == 0
    return Production(tmp_path, cluster)


def sql(url, statement):
    return output("psql", url, "-Atqc", statement)


def numbers(url):
    return int(sql(url, "SELECT count(*) FROM number"))


def databases(cluster):
    return set(cluster.sql("SELECT datname FROM pg_database WHERE datname LIKE 'inventory%'").splitlines())


def test_a_restored_dump_replaces_the_inventory(production, cluster, url):
    restored = production.run("production-restore", "inventory.dump").stdout
    assert "has the 100 numbers of the dump. The old inventory, with 150, is the database inventory_before_" in restored
    [before] = databases(cluster) - {"inventory"}
    assert (numbers(url), numbers(url.replace("/inventory?", f"/{before}?"))) == (100, 150)
    assert production.calls() == ["stop api", "start api"]
    # Only the service and the superuser may connect.
    assert cluster.sql("SELECT has_database_privilege('public', 'inventory', 'CONNECT')") == "f"


def test_a_restore_ends_all_sessions(production, url, start):
    server = start(DATABASE_URL=url)
    server.add_user("ana", "supervisor")
    users = [server.sign_in("ana"), server.sign_in()]
    sql(url, """INSERT INTO session (digest, "userID", "expiresAt") SELECT sha256('x'), id, 1 FROM "user" LIMIT 1""")
    dump(url, production.folder / "with-sessions.dump")
    server.carrier("user", "set-role", "ana", "salesperson")
    # Add a session that only the inventory has, and end one that the dump has.
    users += [server.sign_in()]
    assert users[1].delete("/api/v1/sessions/current").status_code == 204
    restored = production.run("production-restore", "with-sessions.dump").stdout
    assert "All sessions have ended (3): users must sign in again.\n" in restored
    until(lambda: server.readiness == 200)
    assert {user.get(NUMBERS).status_code for user in users} == {401}
    # Ana has the role from the dump again.
    assert server.sign_in("ana").get("/api/v1/users").status_code == 200


def damage(kind, whole):
    return {
        "cut": whole[:-2000], "changed": whole[:9000] + b"xxxx" + whole[9004:], "of something else": b"something else",
    }.get(kind, whole)


@pytest.mark.parametrize("kind", ["cut", "changed", "of something else", "of no inventory", "of another checksum"])
def test_a_damaged_dump_changes_nothing(production, cluster, url, kind):
    file = production.folder / "inventory.dump"
    file.write_bytes(damage(kind, file.read_bytes()))
    if kind == "of no inventory": dump(cluster.url, file)
    if kind == "of another checksum":
        (production.folder / "inventory.dump.sha256").write_text(f"{'0' * 64}  inventory.dump\n")
    refused = production.run("production-restore", "inventory.dump")
    assert refused.returncode == 1
    message = "inventory.dump: FAILED" if kind == "of another checksum" else "The inventory is unchanged."
    assert message in refused.stdout + refused.stderr
    assert (numbers(url), databases(cluster), production.calls()) == (150, {"inventory"}, [])


def test_without_a_database_nothing_is_restored(production, cluster):
    cluster.do("kill")
    refused = production.run("production-restore", "inventory.dump")
    assert (refused.returncode, refused.stderr) == (1, "The database is not running. Nothing was done.\n")


@pytest.fixture
def certificate(tmp_path):
    def make(name):
        output(ROOT / "deploy/self-signed-certificate", tmp_path / name, name + ".example")
        return tmp_path / name

    return make


def test_old_paths_of_the_scripts_work():
    for script in (ROOT / "deploy").glob("production-*"):
        assert (ROOT / "scripts" / script.name).resolve() == script


@pytest.mark.skipif(os.getuid() != 0, reason="Only root may change the owner of the key.")
@pytest.mark.parametrize("script", ["production-certificate", "../scripts/production-certificate"])
def test_a_new_certificate_is_installed(tmp_path, certificate, script):
    production, old, new = Production(tmp_path), certificate("old"), certificate("new")
    installed = production.run(script, CERTIFICATES=str(old), RENEWED_LINEAGE=str(new))
    assert installed.returncode == 0, installed.stderr
    for name in ("fullchain.pem", "privkey.pem"):
        assert (old / name).read_bytes() == (new / name).read_bytes()
    key = (old / "privkey.pem").stat()
    assert (key.st_mode & 0o777, key.st_uid) == (0o400, 101)
    assert {path.name for path in old.iterdir()} == {"fullchain.pem", "privkey.pem"}
    assert production.calls() == ["exec -T proxy nginx -s reload"]


def test_a_key_of_another_certificate_is_refused(tmp_path, certificate):
    production, old, new = Production(tmp_path), certificate("old"), certificate("new")
    before = {path: path.read_bytes() for path in old.iterdir()}
    shutil.copy(certificate("other") / "privkey.pem", new)
    refused = production.run("production-certificate", str(new), CERTIFICATES=str(old))
    assert refused.returncode == 1 and "does not match the certificate. Nothing was done." in refused.stderr
    assert {path: path.read_bytes() for path in old.iterdir()} == before
    assert production.calls() == []


def test_existing_secrets_are_kept(tmp_path):
    folder = tmp_path / "secrets"

    def make():
        output(ROOT / "deploy/production-secrets", folder)
        return {path.name: path.read_bytes() for path in folder.iterdir()}

    made = make()
    assert set(made) == {"database-password", "supervisor-password", "replication-password"}
    assert len(set(made.values())) == 3
    (folder / "replication-password").unlink()
    again = make()
    assert {name for name in made if made[name] != again[name]} == {"replication-password"}
    assert folder.stat().st_mode & 0o777 == 0o700


class Rollout(Production):
    """The running replicas "one" and "two", and "beside", which a rollout starts.

    `migrating` is the status of the migration, `sick` lists replicas that never become ready, and `changed` is a file that
    differs in a container.
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


MIGRATE = "run --rm --no-deps -T api migrate"
BESIDE = "run -d --no-deps --use-aliases api"
REPLACE = "up -d --no-deps --force-recreate api"
WHOLE = [MIGRATE, BESIDE, REPLACE, "docker stop --time 40 beside", "up -d", "docker rm --force beside"]
ROLLOUTS = {
    "migrates and replaces all replicas": ({}, 0, "", WHOLE),
    # A version without the command migrate, which migrates when it starts.
    "without a migration": ({"migrating": 64}, 0, "", WHOLE),
    "ends at a failed migration": (
        {"migrating": 1}, 1, "The migration failed. Nothing else was done", [MIGRATE]),
    "replaces nothing if the new replica is not ready": (
        {"sick": ["beside"]}, 1, "the last words of beside\nThe new replica is not ready, and was removed.",
        [MIGRATE, BESIDE, "docker rm --force beside"]),
    "keeps the extra replica if another is not ready": (
        {"sick": ["two"]}, 1, "/beside keeps serving beside them", [MIGRATE, BESIDE, REPLACE]),
    "recreates the proxy after a change of its configuration": (
        {"changed": "/etc/nginx/problems.conf"}, 0, "",
        [*WHOLE[:-1], "up -d --no-deps --force-recreate proxy", "docker rm --force beside"]),
}


@pytest.mark.parametrize("options, status, message, calls", ROLLOUTS.values(), ids=ROLLOUTS)
def test_a_rollout(tmp_path, options, status, message, calls):
    rollout = Rollout(tmp_path, **options)
    ended = rollout.run("production-rollout")
    assert ended.returncode == status and message in ended.stderr and bool(ended.stderr) == bool(message), ended.stderr
    assert rollout.calls() == calls


PRODUCTION = "docker-compose.prod.yml"
STANDBY, MONITORING = "deploy/docker-compose.ha.yml", "deploy/docker-compose.monitoring.yml"
COMBINED = [
    ["docker-compose.yml"], ["deploy/docker-compose.test.yml"], [PRODUCTION], [PRODUCTION, STANDBY],
    [PRODUCTION, MONITORING], [PRODUCTION, STANDBY, MONITORING]]
SHOWN = [text for document in sorted((ROOT / "docs").rglob("*.md"))
         for text in re.findall(r"^ *```yaml\n(.*?)^ *```", document.read_text(), re.MULTILINE | re.DOTALL)
         if 'version: "2.4"' in text]


def read(*files):
    """The configuration that docker-compose merges from several files."""
    if not shutil.which("docker-compose"): pytest.skip("docker-compose is not installed")
    options = [word for file in files for word in ("--file", file)]
    return yaml.safe_load(output("docker-compose", "--project-directory", ROOT, *options, "config", cwd=ROOT))


@pytest.mark.parametrize("files", COMBINED, ids=" ".join)
def test_each_combination_is_valid(files):
    assert read(*files)["services"]


def test_each_compose_file_is_in_a_combination():
    there = [*ROOT.glob("docker-compose*.yml"), *ROOT.glob("deploy/docker-compose*.yml")]
    assert {str(file.relative_to(ROOT)) for file in there if not file.is_symlink()} == {*itertools.chain(*COMBINED)}


def test_old_paths_in_compose_file_work():
    old = [PRODUCTION, "docker-compose.ha.yml", "docker-compose.monitoring.yml"]
    assert read(*old) == read(PRODUCTION, STANDBY, MONITORING)


def test_the_files_of_the_documents_are_valid(tmp_path):
    assert len(SHOWN) >= 2
    for number, text in enumerate(SHOWN):
        file = tmp_path / f"{number}.yml"
        # The text may be indented, as part of a list.
        file.write_text(re.sub(rf"^{re.match(' *', text)[0]}", "", text, flags=re.MULTILINE))
        assert read(PRODUCTION, file)["services"]


def test_prometheus_reaches_the_services_and_the_alertmanager():
    files = read(PRODUCTION, MONITORING)
    assert files["networks"]["inside"]["internal"]
    assert not (files["networks"]["monitoring"] or {}).get("internal")
    prometheus = files["services"]["prometheus"]
    assert set(prometheus["networks"]) == {"inside", "monitoring"}
    # A service that is only in an internal network cannot publish a port.
    publishing = [service for service in files["services"].values() if service.get("ports")]
    assert publishing and not any(set(service["networks"]) == {"inside"} for service in publishing)
    # Newer versions of docker-compose print an object instead of a text.
    [port] = prometheus["ports"]
    assert "127.0.0.1" in str(port) and "9090" in str(port)
    configuration = yaml.safe_load((ROOT / "docs/operations/prometheus.yml").read_text())
    [manager] = configuration["alerting"]["alertmanagers"]
    assert manager["static_configs"] == [{"targets": ["alertmanager:9093"]}]
    assert set(files["services"]["alertmanager"]["networks"]) == {"monitoring"}

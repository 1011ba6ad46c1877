"""scripts/tour.sh, and the commands of the README."""

import os
import re
import subprocess

from program import PASSWORD, PROGRAM, ROOT

README = (ROOT / "README.md").read_text()


def test_the_commands_of_the_readme_work_in_their_order(start, tmp_path):
    server = start("--demo")
    commands = re.search(r"```sh\n(# Sign in\..*?)```", README, re.DOTALL)[1]
    commands = commands.replace("http://127.0.0.1:8080", server.address).replace("development-only", PASSWORD)
    # Twice, because the first run deletes its number.
    for _ in range(2):
        tour = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", commands], cwd=tmp_path, capture_output=True, text=True, timeout=60)
        assert tour.returncode == 0, tour.stderr
        assert re.findall(r"HTTP/1.1 (\d+)", tour.stdout) == ["200", "201", "200", "201", "204"], tour.stdout


def test_the_price_list_fits_the_demo_numbers(start):
    server = start("--demo")
    commands = re.findall(r"^(?:docker-compose exec -T api|\.build/debug/)\W*carrier (import .*)$", README, re.MULTILINE)
    assert len(commands) == 2
    created, changed, unchanged = re.search(r"(\d+) created,\s+(\d+) changed,\s+(\d+) unchanged", README).groups()
    for command in [*commands, commands[1].replace(" --dry-run", "")]:
        run = subprocess.run(
            f"{PROGRAM} {command}", shell=True, cwd=ROOT, env={"DATABASE_URL": server.database}, capture_output=True,
            text=True, timeout=60)
        assert f"{created} created, {changed} changed, {unchanged} unchanged" in run.stdout, run.stdout + run.stderr
    assert "This is change 1." in run.stdout
    assert server.carrier("undo", "1").returncode == 0


def test_the_tour_of_all_operations_succeeds(server):
    tour = subprocess.run(
        [ROOT / "scripts/tour.sh", server.address], env={**os.environ, "CARRIER_PASSWORD": PASSWORD},
        capture_output=True, text=True, timeout=120)
    assert tour.returncode == 0, tour.stdout + tour.stderr
    assert tour.stdout.rstrip().endswith(" 0 failed")
    # The output contains no credentials.
    assert PASSWORD not in tour.stdout
    assert not re.search(r"ctk_[\w-]{43}", tour.stdout)

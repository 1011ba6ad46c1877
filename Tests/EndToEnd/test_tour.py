"""The tour of the README."""

import subprocess

from conftest import ROOT


def test_tour(server):
    tour = subprocess.run(
        [ROOT / "scripts/tour.sh", server.address], capture_output=True, text=True, timeout=120)
    assert tour.returncode == 0, tour.stdout + tour.stderr
    assert tour.stdout.rstrip().endswith(" 0 failed")

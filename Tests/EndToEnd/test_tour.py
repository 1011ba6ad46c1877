"""The tour of the README."""

import os
import re
import subprocess

from program import PASSWORD, ROOT


def test_tour(server):
    tour = subprocess.run(
        [ROOT / "scripts/tour.sh", server.address], env={**os.environ, "CARRIER_PASSWORD": PASSWORD},
        capture_output=True, text=True, timeout=120)
    assert tour.returncode == 0, tour.stdout + tour.stderr
    assert tour.stdout.rstrip().endswith(" 0 failed")
    # Nothing that it shows lets anybody in.
    assert PASSWORD not in tour.stdout
    assert not re.search(r"ctk_[\w-]{43}", tour.stdout)

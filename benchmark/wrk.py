"""wrk, the generator of load, which each script in the folder wrk has print what it measured."""

import dataclasses
import json
import pathlib
import subprocess

SCRIPTS = pathlib.Path(__file__).parent / "wrk"


@dataclasses.dataclass(frozen=True)
class Load:
    """What was measured in some seconds of requests. `late` is the 99th percentile."""

    requests: int
    seconds: float
    median_ms: float
    late_ms: float

    @property
    def rate(self):
        """Requests a second."""
        return self.requests / self.seconds

    @classmethod
    def reading(cls, output):
        """Of the line that wrk/result.lua and bare_table.py print."""
        line = json.loads(output.strip().splitlines()[-1])
        # What fails is soon done, so a figure with failures in it says nothing.
        if line["failures"]: raise SystemExit(f"{line['failures']} of {line['requests']} requests failed.\n{output}")
        return cls(line["requests"], line["duration"] / 1e6, line["median"] / 1e3, line["late"] / 1e3)


def run(url, seconds, connections, script, *arguments, headers=()):
    """Sends requests for some whole seconds, from one thread, which is enough for all that is measured here."""
    command = ["wrk", "--threads=1", f"--connections={connections}", f"--duration={seconds}s", f"--script={script}.lua",
               # Only what takes longer counts as failed.
               "--timeout=10s"]
    command += [f"--header={header}" for header in headers]
    # In the folder of the scripts, where they find each other.
    run = subprocess.run(
        [*command, url, "--", *map(str, arguments)], cwd=SCRIPTS, check=True, stdout=subprocess.PIPE, text=True)
    return Load.reading(run.stdout)

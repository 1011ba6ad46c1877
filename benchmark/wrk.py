"""The load generator wrk; the scripts in the folder wrk print the measurements."""

import dataclasses
import json
import pathlib
import subprocess

SCRIPTS = pathlib.Path(__file__).parent / "wrk"


@dataclasses.dataclass(frozen=True)
class Load:
    """The measurements of some seconds of requests. `late` is the 99th percentile."""

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
        """Reads the line that wrk/result.lua prints."""
        line = json.loads(output.strip().splitlines()[-1])
        # Failures are quick, so a rate with failures says nothing.
        if line["failures"]: raise SystemExit(f"{line['failures']} of {line['requests']} requests failed.\n{output}")
        return cls(line["requests"], line["duration"] / 1e6, line["median"] / 1e3, line["late"] / 1e3)


def run(url, seconds, connections, script, *arguments, headers=()):
    """Sends requests for some seconds, from one thread, which is enough for these servers."""
    command = ["wrk", "--threads=1", f"--connections={connections}", f"--duration={seconds}s", f"--script={script}.lua",
               "--timeout=10s"]
    command += [f"--header={header}" for header in headers]
    # The scripts load each other from their folder.
    run = subprocess.run(
        [*command, url, "--", *map(str, arguments)], cwd=SCRIPTS, check=True, stdout=subprocess.PIPE, text=True)
    return Load.reading(run.stdout)

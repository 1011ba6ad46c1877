"""What a supervisor of processes asks by `carrier health`."""

import os
import subprocess

from program import PROGRAM, until


def health(port):
    return subprocess.run([PROGRAM, "health", "--port", port], capture_output=True, text=True, timeout=60)


def test_health_says_whether_requests_can_be_served(start):
    server = start("--drain", "8")
    port = server.address.rpartition(":")[2]
    ready = health(port)
    assert (ready.returncode, ready.stdout) == (0, f"The server at 127.0.0.1, port {port} is ready.\n")
    server.process.terminate()
    # It learns of it a moment later.
    draining = until(lambda: (asked := health(port)).returncode != 0 and asked)
    assert draining.returncode == 1
    assert draining.stderr == f"Error: The server at 127.0.0.1, port {port} is not ready: its status is 503.\n"
    assert server.process.wait(timeout=60) == os.EX_OK
    gone = health(port)
    assert (gone.returncode, gone.stderr) == (1, f"Error: No server responds at 127.0.0.1, port {port}.\n")

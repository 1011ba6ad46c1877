"""What a supervisor of processes asks by `carrier health`."""

import os
import subprocess
import time

from program import PROGRAM


def health(port):
    return subprocess.run([PROGRAM, "health", "--port", port], capture_output=True, text=True, timeout=30)


def test_health_says_whether_requests_can_be_served(start):
    server = start("--drain", "3")
    port = server.address.rpartition(":")[2]
    ready = health(port)
    assert (ready.returncode, ready.stdout) == (0, f"The server at 127.0.0.1, port {port} is ready.\n")
    server.process.terminate()
    time.sleep(1)
    draining = health(port)
    assert draining.returncode == 1
    assert draining.stderr == f"Error: The server at 127.0.0.1, port {port} is not ready: it answers 503.\n"
    assert server.process.wait(timeout=10) == os.EX_OK
    gone = health(port)
    assert (gone.returncode, gone.stderr) == (1, f"Error: No server answers at 127.0.0.1, port {port}.\n")

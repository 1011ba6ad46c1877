"""The repository, the program of another revision, and the peer in Go."""

import os
import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(__file__).parents[1]
# The folder of Debian's Go packages.
GO_PACKAGES = pathlib.Path("/usr/share/gocode")


def git(*arguments):
    return subprocess.run(["git", "-C", ROOT, *arguments], check=True, stdout=subprocess.PIPE).stdout


def build(revision):
    """The short name of the revision, and its program, which is built once and stays in .build-against."""
    name = git("rev-parse", "--short", f"{revision}^{{commit}}").decode().strip()
    program = subprocess.run(
        [ROOT / "scripts/build-revision", name], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    return name, pathlib.Path(program)


def build_peer():
    """The program of peer.go, or None if Go or its SQLite driver is not installed."""
    if not shutil.which("go") or not (GO_PACKAGES / "src/github.com/mattn/go-sqlite3").exists(): return None
    program, cache = ROOT / ".build/benchmark-peer", ROOT / ".build/go"
    subprocess.run(
        ["go", "build", "-tags", "libsqlite3", "-o", program, ROOT / "benchmark/peer.go"], check=True,
        env={**os.environ, "GO111MODULE": "off", "GOPATH": str(GO_PACKAGES), "GOCACHE": str(cache)})
    return program

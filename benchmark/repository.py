"""The repository that the benchmark is in, and the program as it was at another of its revisions."""

import pathlib
import subprocess

ROOT = pathlib.Path(__file__).parents[1]


def git(*arguments):
    return subprocess.run(["git", "-C", ROOT, *arguments], check=True, stdout=subprocess.PIPE).stdout


def build(revision):
    """The short name of the revision, and its program, which is built once and kept in .build-against."""
    name = git("rev-parse", "--short", f"{revision}^{{commit}}").decode().strip()
    program = subprocess.run(
        [ROOT / "scripts/build-revision", name], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    return name, pathlib.Path(program)

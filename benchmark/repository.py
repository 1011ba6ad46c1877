"""The repository, and the program of another revision."""

import pathlib
import subprocess

ROOT = pathlib.Path(__file__).parents[1]


def git(*arguments):
    return subprocess.run(["git", "-C", ROOT, *arguments], check=True, stdout=subprocess.PIPE).stdout


def build(revision):
    """The short name of the revision, and its program, which is built once and stays in .build-against."""
    name = git("rev-parse", "--short", f"{revision}^{{commit}}").decode().strip()
    program = subprocess.run(
        [ROOT / "scripts/build-revision", name], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    return name, pathlib.Path(program)

"""The repository that the benchmark is in, and the program as it was at another of its revisions."""

import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).parents[1]


def git(*arguments):
    return subprocess.run(["git", "-C", ROOT, *arguments], check=True, stdout=subprocess.PIPE).stdout


def build(revision):
    """The short name of the revision, and its program, which is built once and kept in .build-against."""
    name = git("rev-parse", "--short", f"{revision}^{{commit}}").decode().strip()
    folder = ROOT / ".build-against" / name
    if not folder.exists():
        # Not `git worktree add`, which would leave a note of the folder in the repository.
        sources = git("archive", name)
        folder.mkdir(parents=True)
        subprocess.run(["tar", "--extract", f"--directory={folder}"], check=True, input=sources)
    # Standard output is for the table.
    subprocess.run(
        ["swift", "build", "--configuration", "release", "--static-swift-stdlib", "-Xlinker", "--no-export-dynamic",
         "--product", "carrier"], cwd=folder, check=True, stdout=sys.stderr)
    return name, folder / ".build/release/carrier"

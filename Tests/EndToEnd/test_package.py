"""The Debian package, as `make package` makes it of the release program."""

import itertools
import os
import pathlib
import re
import shutil
import subprocess

import pytest
from program import ROOT

PROGRAM = pathlib.Path(os.environ.get("CARRIER", ROOT / ".build/release/carrier")).resolve()
SCRIPTS = ("postinst", "prerm", "postrm")


def output(*command, **options):
    run = subprocess.run(command, capture_output=True, text=True, timeout=600, **options)
    assert run.returncode == 0, f"{command}: {run.stdout}{run.stderr}"
    return run.stdout


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    if not PROGRAM.exists() or "libswiftCore" in output("ldd", PROGRAM):
        pytest.skip(f"{PROGRAM} is no release program with Swift's library inside: make package")
    # Not compressed, which is what takes long.
    environment = {**os.environ, "CARRIER": PROGRAM, "DPKG_DEB_COMPRESSOR_TYPE": "none"}
    return output(ROOT / "deploy/package/build", tmp_path_factory.mktemp("package"), env=environment).strip()


@pytest.fixture(scope="module")
def root(package, tmp_path_factory):
    """What it puts onto a machine, and its scripts."""
    root = tmp_path_factory.mktemp("root")
    output("dpkg-deb", "--raw-extract", package, root)
    return root


def commands(root):
    """All commands that the program tells of, such as `carrier user add`."""
    found, ahead = [], [["carrier"]]
    while ahead:
        command = ahead.pop()
        found.append(command)
        text = output(root / "usr/bin/carrier", *command[1:], "--help")
        listed = text.partition("SUBCOMMANDS:")[2].partition("See '")[0]
        ahead += [[*command, name] for name in re.findall(r"^  ([a-z][a-z-]*)", listed, re.MULTILINE)]
    return found


def test_it_has_the_programs_version_and_needs_what_the_program_needs(package, root):
    fields = dict(line.split(": ", 1) for line in output("dpkg-deb", "--field", package).splitlines()
                  if re.match(r"\S+: ", line))
    version = output(root / "usr/bin/carrier", "--version").split()[0]
    assert fields["Version"] == output(ROOT / "deploy/package/version", version, cwd=ROOT).strip()
    assert fields["Package"] == "carrier"
    for library in ("libc6", "libphonenumber8", "libpq5", "libsqlite3-0", "libstdc++6"):
        assert library in fields["Depends"]
    assert "@" not in fields["Depends"]


def test_each_revision_replaces_those_before(tmp_path):
    def version(release="1.0.0"):
        return output(ROOT / "deploy/package/version", release, cwd=tmp_path).strip()

    def git(*arguments, at="2026-11-26T10:00:00"):
        author = {f"GIT_{who}_{what}": "ana@example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        output("git", *arguments, cwd=tmp_path, env={**os.environ, **author, "GIT_COMMITTER_DATE": at + "+02:00"})

    # As from an archive, without git.
    versions = [version()]
    git("init", "--quiet")
    for minute in range(4):
        git("commit", "--quiet", "--allow-empty", "--message=more", at=f"2026-11-26T10:0{minute}:00")
        if not minute:
            git("tag", "1.0.0")
            assert version() == versions[0] == "1.0.0-1"
        else:
            versions.append(version())
    assert re.fullmatch(r"1\.0\.0\+git20261126080300\.[0-9a-f]{12}-1", versions[-1])
    git("tag", "1.0.1")
    versions += ["1.0.0+git20270101000000.000000000000-1", version("1.0.1"), "1.1.0-1"]
    assert versions[-2] == "1.0.1-1"
    for older, newer in itertools.pairwise(versions):
        output("dpkg", "--compare-versions", older, "lt", newer)


def test_a_machine_without_a_domain_builds_it_too(package, tmp_path):
    (tmp_path / "hostname").write_text('#!/bin/sh\n[ $# = 0 ] && echo builder\n')
    (tmp_path / "hostname").chmod(0o755)
    environment = {**os.environ, "CARRIER": PROGRAM, "DPKG_DEB_COMPRESSOR_TYPE": "none",
                   "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    environment.pop("DEBEMAIL", None)
    again = output(ROOT / "deploy/package/build", tmp_path, env=environment).strip()
    assert "<carrier@builder>" in output("dpkg-deb", "--field", again, "Maintainer")


def test_all_of_it_is_roots_and_the_settings_are_read_by_root_alone(package):
    listed = {line.split()[5]: line.split()[:2] for line in output("dpkg-deb", "--contents", package).splitlines()}
    assert {owner for _, owner in listed.values()} == {"root/root"}
    assert listed["./etc/carrier.env"][0] == "-rw-------"
    assert listed["./usr/bin/carrier"][0] == "-rwxr-xr-x"
    # Whoever has changed the settings keeps them.
    assert output("dpkg-deb", "--info", package, "conffiles") == "/etc/carrier.env\n"


def test_the_settings_are_those_that_the_program_has(root):
    told = output(root / "usr/bin/carrier", "serve", "--help")
    variables = re.findall(r"^#?([A-Z_]+)=", (root / "etc/carrier.env").read_text(), re.MULTILINE)
    assert "DATABASE_URL" in variables
    assert [variable for variable in variables if variable not in told] == []


def test_it_starts_with_the_settings_as_they_are_shipped(root, start, tmp_path):
    lines = (root / "etc/carrier.env").read_text().splitlines()
    values = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z]", line))
    values["DATABASE_URL"] = values["DATABASE_URL"].replace("/var/lib/carrier", str(tmp_path))
    # Those that are commented out are the defaults, and so may be written as they are.
    defaults = dict(line[1:].split("=", 1) for line in lines if re.match(r"#[A-Z]", line) and "=" in line)
    server = start(**{**defaults, **values, "SUPERVISOR_PASSWORD": "violet-5-elephants"})
    assert server.supervisor.get(server.address + "/api/v1/numbers").status_code == 200


def test_the_unit_is_valid_and_hardened(root, tmp_path):
    unit = (root / "usr/lib/systemd/system/carrier.service").read_text()
    assert "ExecStart=/usr/bin/carrier serve\n" in unit
    # systemd looks for the program, which is not installed here.
    installed = tmp_path / "carrier.service"
    installed.write_text(unit.replace("/usr/bin/carrier", str(root / "usr/bin/carrier")))
    environment = {**os.environ, "SYSTEMD_LOG_LEVEL": "warning"}
    verified = subprocess.run(["systemd-analyze", "verify", "--man=no", installed], capture_output=True, text=True,
                              timeout=60, env=environment)
    assert (verified.returncode, verified.stderr) == (0, "")
    # In tenths: less than 2.0 of 10.
    output("systemd-analyze", "security", "--offline=true", "--threshold=19", installed)


def test_the_user_is_what_sysusers_understands(root, tmp_path):
    (tmp_path / "etc").mkdir()
    shutil.copytree(root / "usr/lib/sysusers.d", tmp_path / "usr/lib/sysusers.d")
    output("systemd-sysusers", f"--root={tmp_path}", "carrier.conf")
    assert re.search(r"^carrier:.*:/var/lib/carrier:/usr/sbin/nologin$", (tmp_path / "etc/passwd").read_text(), re.MULTILINE)


def test_scripts_are_sound(root):
    shellcheck = shutil.which("shellcheck") or ROOT / ".build/lint/bin/shellcheck"
    output(shellcheck, "--shell=sh", *(root / "DEBIAN" / script for script in SCRIPTS))


def test_the_inventory_outlives_the_package(root):
    for script in SCRIPTS:
        text = (root / "DEBIAN" / script).read_text()
        assert not re.search(r"\brm\b|userdel|deluser", text), script


def test_every_command_has_a_page_of_the_manual(root):
    pages = {path.name for path in (root / "usr/share/man/man1").iterdir()}
    assert pages == {"-".join(command) + ".1.gz" for command in commands(root)}
    page = root / "usr/share/man/man1/carrier-serve.1.gz"
    text = output("man", "--local-file", page, env={**os.environ, "MANWIDTH": "80", "LC_ALL": "C.UTF-8"})
    assert "carrier-serve — Serve the API" in text
    assert "carrier serve [--host host]" in text
    assert "\n     SUPERVISOR_PASSWORD: " in text


@pytest.mark.parametrize("shell, path", [
    ("bash", "bash-completion/completions/carrier"),
    ("zsh", "zsh/vendor-completions/_carrier"),
    ("fish", "fish/vendor_completions.d/carrier.fish"),
])
def test_shells_complete(root, shell, path):
    script = root / "usr/share" / path
    assert "database-url" in script.read_text()
    if shutil.which(shell):
        output(shell, "--no-execute" if shell == "fish" else "-n", script)


def test_documents_are_there(root):
    documents = root / "usr/share/doc/carrier"
    text = (documents / "copyright").read_text()
    assert "Permission is hereby granted" in text
    assert not re.search(r"@\w+@", text)
    assert {path.name for path in documents.iterdir()} == {"changelog.Debian.gz", "changelog.gz", "copyright"}

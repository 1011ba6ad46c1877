"""The Debian package of `make package`, with the release program."""

import itertools
import os
import pathlib
import re
import shutil

import pytest
from program import PASSWORD, ROOT, make_script, output, run

PROGRAM = pathlib.Path(os.environ.get("CARRIER", ROOT / ".build/release/carrier")).resolve()


def build(folder, **environment):
    """Builds the package and returns its path. Skips compression, which takes long."""
    environment = {**os.environ, "CARRIER": PROGRAM, "DPKG_DEB_COMPRESSOR_TYPE": "none", **environment}
    return output(ROOT / "deploy/package/build", folder, env=environment, timeout=600).strip()


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    if not PROGRAM.exists() or "libswiftCore" in output("ldd", PROGRAM):
        pytest.skip(f"{PROGRAM} is no release program with Swift's library inside: make package")
    return build(tmp_path_factory.mktemp("package"))


@pytest.fixture(scope="module")
def root(package, tmp_path_factory):
    root = tmp_path_factory.mktemp("root")
    output("dpkg-deb", "--raw-extract", package, root)
    return root


def commands(root, *names):
    """All commands in the program's help, such as carrier-user-add."""
    yield "-".join(["carrier", *names])
    listed = output(root / "usr/bin/carrier", *names, "--help").partition("SUBCOMMANDS:")[2].partition("See '")[0]
    for name in re.findall(r"^  ([a-z][a-z-]*)", listed, re.MULTILINE): yield from commands(root, *names, name)


def test_version_and_dependencies_are_those_of_the_program(package, root):
    fields = dict(line.split(": ", 1) for line in output("dpkg-deb", "--field", package).splitlines()
                  if re.match(r"\S+: ", line))
    version = output(root / "usr/bin/carrier", "--version").split()[0]
    assert fields["Version"] == output(ROOT / "deploy/package/version", version, cwd=ROOT).strip()
    assert fields["Package"] == "carrier"
    for library in ("libc6", "libphonenumber8", "libpq5", "libsqlite3-0", "libstdc++6"): assert library in fields["Depends"]
    assert "@" not in fields["Depends"]


def test_versions_of_later_revisions_are_greater(tmp_path):
    def version(release="1.0.0"):
        return output(ROOT / "deploy/package/version", release, cwd=tmp_path).strip()

    def git(*arguments, at="2026-11-26T10:00:00"):
        author = {f"GIT_{who}_{what}": "ana@example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        output("git", *arguments, cwd=tmp_path, env={**os.environ, **author, "GIT_COMMITTER_DATE": at + "+02:00"})

    def commit(minute):
        git("commit", "--quiet", "--allow-empty", "--message=more", at=f"2026-11-26T10:0{minute}:00")
        return version()

    # First without git, as in an unpacked archive.
    versions = [version()]
    git("init", "--quiet")
    commit(0)
    git("tag", "1.0.0")
    assert version() == versions[0] == "1.0.0-1"
    versions += [commit(minute) for minute in range(1, 4)]
    assert re.fullmatch(r"1\.0\.0\+git20261126080300\.[0-9a-f]{12}-1", versions[-1])
    git("tag", "1.0.1")
    assert version("1.0.1") == "1.0.1-1"
    versions += ["1.0.0+git20270101000000.000000000000-1", "1.0.1-1", "1.1.0-1"]
    for older, newer in itertools.pairwise(versions):
        output("dpkg", "--compare-versions", older, "lt", newer)


def test_the_maintainer_has_an_address_on_a_machine_without_a_domain(package, tmp_path, monkeypatch):
    monkeypatch.delenv("DEBEMAIL", raising=False)
    make_script(tmp_path / "hostname", "[ $# = 0 ] && echo builder")
    again = build(tmp_path, PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert "<carrier@builder>" in output("dpkg-deb", "--field", again, "Maintainer")


def test_all_files_belong_to_root_and_only_root_reads_the_settings(package):
    listed = {line.split()[5]: line.split()[:2] for line in output("dpkg-deb", "--contents", package).splitlines()}
    assert {owner for _, owner in listed.values()} == {"root/root"}
    assert listed["./etc/carrier.env"][0] == "-rw-------"
    assert listed["./usr/bin/carrier"][0] == "-rwxr-xr-x"
    # An upgrade keeps changed settings.
    assert output("dpkg-deb", "--info", package, "conffiles") == "/etc/carrier.env\n"


def test_the_settings_exist_in_the_program(root):
    help = output(root / "usr/bin/carrier", "serve", "--help")
    variables = re.findall(r"^#?([A-Z_]+)=", (root / "etc/carrier.env").read_text(), re.MULTILINE)
    assert "DATABASE_URL" in variables
    assert [variable for variable in variables if variable not in help] == []


def test_the_program_starts_with_the_default_settings(root, start, tmp_path):
    lines = (root / "etc/carrier.env").read_text().splitlines()
    values = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z]", line))
    values["DATABASE_URL"] = values["DATABASE_URL"].replace("/var/lib/carrier", str(tmp_path))
    # Commented settings show the defaults.
    defaults = dict(line[1:].split("=", 1) for line in lines if re.match(r"#[A-Z]", line) and "=" in line)
    server = start(**{**defaults, **values, "SUPERVISOR_PASSWORD": PASSWORD})
    assert server.total() == 0


def test_the_unit_is_valid_and_hardened(root, tmp_path):
    unit = (root / "usr/lib/systemd/system/carrier.service").read_text()
    assert "ExecStart=/usr/bin/carrier serve\n" in unit
    # systemd requires that the program exists.
    installed = tmp_path / "carrier.service"
    installed.write_text(unit.replace("/usr/bin/carrier", str(root / "usr/bin/carrier")))
    environment = {**os.environ, "SYSTEMD_LOG_LEVEL": "warning"}
    verified = run("systemd-analyze", "verify", "--man=no", installed, env=environment)
    assert (verified.returncode, verified.stderr) == (0, "")
    # The exposure must be below 2.0 of 10; the threshold is in tenths.
    output("systemd-analyze", "security", "--offline=true", "--threshold=19", installed)


def test_sysusers_creates_the_user(root, tmp_path):
    (tmp_path / "etc").mkdir()
    shutil.copytree(root / "usr/lib/sysusers.d", tmp_path / "usr/lib/sysusers.d")
    output("systemd-sysusers", f"--root={tmp_path}", "carrier.conf")
    assert re.search(r"^carrier:.*:/var/lib/carrier:/usr/sbin/nologin$", (tmp_path / "etc/passwd").read_text(), re.MULTILINE)


def test_scripts_are_valid_and_remove_no_data(root):
    shellcheck = shutil.which("shellcheck") or ROOT / ".build/lint/bin/shellcheck"
    for script in ("postinst", "prerm", "postrm"):
        output(shellcheck, "--shell=sh", root / "DEBIAN" / script)
        assert not re.search(r"\brm\b|userdel|deluser", (root / "DEBIAN" / script).read_text()), script


def test_every_command_has_a_manual_page(root):
    pages = {path.name for path in (root / "usr/share/man/man1").iterdir()}
    assert pages == {command + ".1.gz" for command in commands(root)}
    page = root / "usr/share/man/man1/carrier-serve.1.gz"
    text = output("man", "--local-file", page, env={**os.environ, "MANWIDTH": "80", "LC_ALL": "C.UTF-8"})
    for part in ("carrier-serve — Serve the API", "carrier serve [--host host]", "\n     SUPERVISOR_PASSWORD: "):
        assert part in text


@pytest.mark.parametrize("shell, path", [
    ("bash", "bash-completion/completions/carrier"),
    ("zsh", "zsh/vendor-completions/_carrier"),
    ("fish", "fish/vendor_completions.d/carrier.fish"),
])
def test_completions_are_valid_scripts(root, shell, path):
    script = root / "usr/share" / path
    assert "database-url" in script.read_text()
    if shutil.which(shell): output(shell, "--no-execute" if shell == "fish" else "-n", script)


def test_documents_have_no_placeholders(root):
    documents = root / "usr/share/doc/carrier"
    text = (documents / "copyright").read_text()
    assert "Permission is hereby granted" in text and not re.search(r"@\w+@", text)
    assert {path.name for path in documents.iterdir()} == {"changelog.Debian.gz", "changelog.gz", "copyright"}

"""Files of numbers: out of one inventory and into another, and what becomes of bad ones."""

import concurrent.futures
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
import zipfile

import pytest
from program import GOOD, Server, until

EXPORT = "/api/v1/numbers/export"
IMPORT = "/api/v1/numbers/import"
HEADER = "value,monthyPrice,setupPrice,currency\n"
CSV = {"Content-Type": "text/csv"}
STYLES = {
    "commas": ("?format=csv", "text/csv"),
    "semicolons": ("?format=csv&separator=;", "text/csv"),
    "decimal commas": ("?format=csv&separator=;&decimal=,", "text/csv"),
    "lines of JSON": ("?format=ndjson", "application/x-ndjson"),
}
CURRENCIES = ["U$", "R$", "€", "£", "¥", "₿", "US$", "A$b", "元$", "BRL", "USD", "EUR", "JPY", "KWD"]
PRICES = ["0", "0.0001", "0.03", "1.1", "12.345", "1000", "123456789.1234", "999999999.9999"]


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def inventories(request, tmp_path):
    """Starts servers, each with an empty inventory of its own."""
    servers = []
    cluster = request.getfixturevalue("cluster") if request.param == "PostgreSQL" else None

    def start():
        folder = tmp_path / str(len(servers))
        folder.mkdir()
        environment = {}
        if cluster:
            cluster.sql(f"CREATE DATABASE inventory{len(servers)}")
            environment["DATABASE_URL"] = cluster.url.replace("/postgres?", f"/inventory{len(servers)}?")
        servers.append(Server(folder, **environment))
        return servers[-1]

    yield start
    for server in servers:
        assert server.stop() == 0
        assert "status=500" not in server.log.read_text()


def numbers(count):
    """Rows of Brazilian mobile numbers, with currencies and prices of all kinds."""
    for index in range(count):
        value = f"+55 84 9{8000 + index // 10000:04}-{index % 10000:04}"
        yield [value, PRICES[index % 8], PRICES[(index // 8) % 8], CURRENCIES[index % len(CURRENCIES)]]


def table(rows, separator=","):
    return (HEADER.replace(",", separator) + "".join(separator.join(row) + "\n" for row in rows)).encode()


def import_(server, data, query="", type="text/csv", **options):
    return server.supervisor.post(
        server.address + IMPORT + query, data=data, headers={"Content-Type": type}, timeout=300, **options)


def export(server, query=""):
    answer = server.supervisor.get(server.address + EXPORT + query, timeout=300)
    assert answer.status_code == 200, answer.text[:500]
    return answer.content


def total(server):
    return int(server.supervisor.get(server.address + "/api/v1/numbers?perPage=1").headers["X-Total-Count"])


def test_what_goes_out_comes_in_and_goes_out_the_same(inventories):
    count = 100_000
    first = inventories()
    answer = import_(first, table(numbers(count)))
    assert answer.status_code == 200, answer.text[:500]
    assert answer.json() == {
        "rows": count, "created": count, "changed": 0, "unchanged": 0, "errorCount": 0, "errors": [], "decimal": "."}
    for query, type in STYLES.values():
        file = export(first, query)
        assert file.count(b"\n") == count + (type == "text/csv")
        second = inventories()
        assert import_(second, file, type=type).status_code == 200
        assert export(second, query) == file
        second.stop()
    # Where it came from, it changes nothing.
    answer = import_(first, file, "?mode=upsert", type)
    assert (answer.json()["unchanged"], answer.headers.get("Change-Id")) == (count, None)


@pytest.mark.parametrize("query, cells", [
    ("", "1.125,{}"), ("?separator=;", "1.1250;{}"), ("?separator=;&decimal=,", "1,1250;{}")])
@pytest.mark.parametrize("setup, cell", [("2", "2.00"), ("0.125", "0.125"), ("1.125", "1.125")])
def test_an_export_with_three_decimals_imports_unchanged(start, query, cells, setup, cell):
    server = start()
    assert import_(server, table([["+55 84 98000-0000", "1.125", setup, "U$"]])).status_code == 200
    file = export(server, query)
    if query and setup != "2": cell += "0"
    assert cells.format(cell.replace(".", cells[1])) in file.decode()
    answer = import_(server, file, "?mode=update")
    assert (answer.status_code, answer.json()["unchanged"]) == (200, 1), answer.text


def test_an_export_is_sorted_filtered_and_named(server):
    began = time.time()
    answer = server.supervisor.get(server.address + EXPORT + "?sort=-setupPrice&currency=R$&q=55&ids=true")
    page = server.supervisor.get(
        server.address + "/api/v1/numbers?sort=-setupPrice&currency=R$&q=55&perPage=1000").json()
    rows = [line.split(",") for line in answer.content.decode("utf-8-sig").splitlines()]
    assert rows[0] == ["id", "value", "monthyPrice", "setupPrice", "currency"]
    assert [int(row[0]) for row in rows[1:]] == [number["id"] for number in page]
    # The day may have ended meanwhile.
    names = [time.strftime("numbers-%Y-%m-%d.csv", time.gmtime(when)) for when in (began, time.time())]
    assert answer.headers["Content-Disposition"] in [f'attachment; filename="{name}"' for name in names]
    head = server.supervisor.head(server.address + EXPORT)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Type"] == answer.headers["Content-Type"]


def test_a_salesperson_exports_and_does_not_import(server):
    assert server.carrier("user", "add", "exporter", "--role", "salesperson", input="violet-5-elephants\n").returncode == 0
    salesperson = server.sign_in("exporter")
    assert salesperson.get(server.address + EXPORT).status_code == 200
    assert salesperson.post(server.address + IMPORT, data=table(numbers(1)), headers=CSV).status_code == 403


def open_export(server, version="1.1"):
    """A connection on which an export was asked for, and little of it read: its head, and what came with that."""
    host, port = server.address.removeprefix("http://").split(":")
    connection = socket.socket()
    # Said before there is a connection, so that never more than this is on its way.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(60)
    connection.connect((host, int(port)))
    connection.sendall(
        f"GET {EXPORT} HTTP/{version}\r\nHost: {host}\r\n".encode() + server.authorization + b"\r\n")
    beginning = b""
    while b"\r\n\r\n" not in beginning:
        piece = connection.recv(1000)
        assert piece, "It was closed before there was an answer."
        beginning += piece
    return connection, beginning


def rest_of(connection):
    """What still comes, and whether the end was an error."""
    received = b""
    try:
        while piece := connection.recv(1 << 20):
            received += piece
        return received, False
    except ConnectionResetError:
        return received, True


def test_few_exports_at_once(start):
    server = start()
    assert server.carrier("seed", "--count", "30000").returncode == 0
    connections = [open_export(server)[0] for _ in range(2)]
    answer = server.supervisor.get(server.address + EXPORT)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert server.supervisor.head(server.address + EXPORT).status_code == 200
    # Others read and write meanwhile.
    other = {**GOOD, "value": "+55 84 93333-0001"}
    assert server.supervisor.post(server.address + "/api/v1/numbers", json=other).status_code == 201
    # Whoever goes away makes room.
    for connection in connections: connection.close()
    answer = until(lambda: (asked := server.supervisor.get(server.address + EXPORT)).status_code == 200 and asked)
    assert answer.content.count(b"\n") == 30_002


def test_an_export_is_of_one_moment(inventories):
    server = inventories()
    assert import_(server, table(numbers(60_000))).status_code == 200
    with server.supervisor.get(server.address + EXPORT, stream=True, timeout=60) as answer:
        pieces = answer.iter_content(1000)
        beginning = next(pieces)
        assert server.supervisor.delete(server.address + "/api/v1/numbers/60000").status_code == 204
        assert (beginning + b"".join(pieces)).count(b"\r\n'+55") == 60_000
    assert export(server).count(b"\r\n'+55") == 59_999


def all_that_comes(connection):
    """What is on its way to a client, until nothing more is."""
    received = b""
    connection.settimeout(2)
    with contextlib.suppress(TimeoutError):
        while piece := connection.recv(1 << 20): received += piece
    connection.settimeout(60)
    return received


@pytest.mark.parametrize("has_taken_all", [False, True])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_an_export_that_breaks_never_looks_whole(cluster, start, version, has_taken_all):
    server = start(DATABASE_URL=cluster.url)
    assert server.carrier("seed", "--count", "60000").returncode == 0
    connection, beginning = open_export(server, version)
    assert b" 200 OK" in beginning
    assert (b"chunked" in beginning.lower()) == (version == "1.1")
    # PostgreSQL's process for it is there a moment later. Between two pieces it is idle in its transaction, and active
    # while it fetches one.
    process = int(until(lambda: cluster.sql(
        "SELECT pid FROM pg_stat_activity WHERE query LIKE 'FETCH %' AND state IN ('active', 'idle in transaction')")))
    if has_taken_all:
        # Then nothing is on its way that would be cut: the end itself has to tell.
        os.kill(process, signal.SIGSTOP)
        beginning += all_that_comes(connection)
    assert cluster.sql(f"SELECT pg_terminate_backend({process})") == "t"
    if has_taken_all: os.kill(process, signal.SIGCONT)
    received, is_reset = rest_of(connection)
    assert is_reset or not (beginning + received).endswith(b"0\r\n\r\n")
    assert version == "1.1" or is_reset
    assert (beginning + received).count(b"'+") < 60_000


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_who_closes_after_a_file_gets_all_of_it_however_slowly(start, version):
    server = start()
    assert server.carrier("seed", "--count", "30000").returncode == 0
    connection, beginning = open_export(server, version + "\r\nConnection: close")
    time.sleep(3)
    received, is_reset = rest_of(connection)
    head, _, body = (beginning + received).partition(b"\r\n\r\n")
    assert not is_reset and (b"chunked" in head.lower()) == (version == "1.1")
    assert body == export(server) if version == "1.0" else body.endswith(b"\r\n0\r\n\r\n")


BAD = {
    "not UTF-8": (HEADER.encode() + b"+55 84 91234-0001,1,1,R\xa4\n", 400, 2),
    "UTF-16": (HEADER.encode("utf-16"), 400, None),
    "no header": (b"+55 84 91234-0001,1,1,R$\n", 422, 1),
    "an unknown column": (b"value,monthlyPrice,setupPrice,currency\n", 422, 1),
    "a doubled column": (b"value,value,monthyPrice,setupPrice,currency\n", 422, 1),
    "too few cells": (HEADER.encode() + b"+55 84 91234-0001,1,1\n", 422, 2),
    "a quote that never closes": (HEADER.encode() + b'+55 84 91234-0001,1,1,"R$\n' * 2, 422, 2),
    "a number twice": (HEADER.encode() + b"+55 84 91234-0001,1,1,R$\n" * 2, 422, 3),
    "an id that is no number's": (b"id," + HEADER.encode() + b"99999999,+55 84 91234-0001,1,1,R$\n", 422, 2),
    "a row that is too long": (HEADER.encode() + b"+" * 70_000 + b",1,1,R$\n", 422, 2),
    "a good row and a bad one": (HEADER.encode() + b"+55 84 91234-0001,1,1,R$\n+55,1,1,R$\n", 422, 3),
}


@pytest.mark.parametrize("data, status, line", BAD.values(), ids=BAD)
def test_a_bad_file_leaves_the_inventory_as_it_was(server, data, status, line):
    before = export(server, "?ids=true")
    for query in ("", "?dryRun=true"):
        answer = import_(server, data, query)
        assert answer.status_code == status, answer.text
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert "Change-Id" not in answer.headers
        if status == 422:
            report = answer.json()
            assert report["errors"][0]["line"] == line
            assert report["errorCount"] == len(report["errors"])
        elif line:
            assert f"line {line}" in answer.json()["detail"]
    assert export(server, "?ids=true") == before


def test_ten_million_empty_lines(server):
    answer = import_(server, HEADER.encode() + b"\n" * 10_000_000)
    assert (answer.status_code, answer.json()["rows"]) == (200, 0)


def import_in_turn(server, *arguments):
    """As a client does that is told to try again while another file is taken in."""
    return until(lambda: (answer := import_(server, *arguments)).status_code != 503 and answer)


def test_a_body_that_ends_early_leaves_nothing(start):
    server = start()
    data = table(numbers(5000))
    host, port = server.address.removeprefix("http://").split(":")
    for framing in (f"Content-Length: {len(data) + 1}", "Transfer-Encoding: chunked"):
        with socket.create_connection((host, int(port)), timeout=60) as connection:
            connection.sendall(
                f"POST {IMPORT} HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/csv\r\n{framing}\r\n".encode()
                + server.authorization + b"\r\n")
            connection.sendall(data if "Length" in framing else b"%x\r\n%s\r\n" % (len(data), data))
            # Most of it is read by then.
            time.sleep(0.5)
        # The next one has its turn once it is noticed that this one is gone.
        assert import_in_turn(server, table(numbers(1)), "?dryRun=true").status_code == 200
        assert total(server) == 0
    assert import_(server, data).status_code == 200
    assert total(server) == 5000


def arriving(server, body, length, query=""):
    """A connection on which a file has begun to arrive."""
    host, port = server.address.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)), timeout=60)
    connection.sendall(
        f"POST {IMPORT}{query} HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/csv\r\n"
        f"Content-Length: {length}\r\n".encode() + server.authorization + b"\r\n" + body)
    return connection


def test_who_sends_slowly_keeps_nobody_from_importing(start):
    server = start()
    data = table(numbers(2))
    with arriving(server, data[:-5], len(data)) as connection:
        time.sleep(0.5)
        assert import_(server, table(numbers(1))).status_code == 200
        assert server.supervisor.post(server.address + "/api/v1/numbers", json=GOOD).status_code == 201
        connection.sendall(data[-5:])
        # What is imported meanwhile is there when the rest has come.
        assert connection.recv(1000).startswith(b"HTTP/1.1 422 ")
    assert total(server) == 2


def test_so_many_bytes_may_be_arriving(start):
    server = start()
    largest = 64 * 1024 * 1024
    # Nobody tells when all that was sent has arrived; on a slow machine that may be later.
    for seconds in (1, 3, 9, 20):
        connections = [arriving(server, HEADER.encode().ljust(largest - 10, b"\n"), largest) for _ in range(2)]
        time.sleep(seconds)
        answer = import_(server, table(numbers(1000)), "?dryRun=true")
        for connection in connections: connection.close()
        if answer.status_code == 503: break
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert answer.json()["detail"] == "Too many files are arriving just now; try again in 10 s."
    assert import_in_turn(server, table(numbers(1000))).status_code == 200


def test_two_processes_import_at_once(inventories):
    """The same numbers in other rows: one is whole, and the other is refused or comes after it."""
    first = inventories()
    second = Server(first.folder, DATABASE_URL=first.database)
    try:
        files = [table([value, price, price, "R$"] for value, *_ in numbers(5000)) for price in ("1", "2")]
        with concurrent.futures.ThreadPoolExecutor() as pool:
            answers = list(pool.map(import_, [first, second], files, ["?mode=upsert"] * 2))
        assert {answer.status_code for answer in answers} <= {200, 422, 503}, [answer.text for answer in answers]
        assert any(answer.status_code == 200 for answer in answers)
        rows = export(first).decode("utf-8-sig").splitlines()[1:]
        assert len(rows) == 5000
        assert len({tuple(row.split(",")[1:]) for row in rows}) == 1
    finally:
        second.stop()


def test_64_mib_and_one_byte(server):
    largest = 64 * 1024 * 1024
    before = total(server)
    # Blank lines are no rows.
    data = HEADER.encode().ljust(largest, b"\n")
    assert import_(server, data).status_code == 200
    assert import_(server, iter([data, b"\n"])).status_code == 413
    host, port = server.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(
            f"POST {IMPORT} HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/csv\r\n"
            f"Content-Length: {largest + 1}\r\n".encode() + server.authorization + b"\r\n")
        assert connection.recv(1000).startswith(b"HTTP/1.1 413 ")
    assert total(server) == before


def test_curl_need_not_send_what_is_expected(server, tmp_path):
    """Whoever waits for 100-continue gets it for a file, and none for a body that is too large anyway."""
    file = tmp_path / "numbers.csv"
    file.write_bytes(HEADER.encode().ljust(2_000_000, b"\n"))
    run = subprocess.run(
        ["curl", "--silent", "--verbose", "--data-binary", f"@{file}", "--header", "Content-Type: text/csv",
         "--header", "Expect: 100-continue", "--header", server.authorization.decode().strip(),
         server.address + IMPORT], capture_output=True, text=True, timeout=60)
    assert "100 Continue" in run.stderr
    assert '"rows":0' in run.stdout


def test_the_command_line_does_the_same(inventories, tmp_path):
    server = inventories()
    file = tmp_path / "numbers.csv"
    file.write_bytes(table(numbers(2000)))
    tried = server.carrier("import", file, "--dry-run")
    assert (tried.returncode, tried.stderr) == (0, "")
    assert tried.stdout.startswith("Nothing was done. Of 2000 rows would be: 2000 created")
    taken = server.carrier("import", file)
    assert taken.stdout == (
        "Imported 2000 rows: 2000 created, 0 changed, 0 unchanged. This is change 1. Prices read with a decimal point.\n")
    again = server.carrier("import", file)
    assert again.returncode == 1
    assert "Nothing was imported: the file has 2000 errors." in again.stderr
    assert "Line 2: value is already in the inventory as id 1" in again.stderr
    assert "… and 1900 more" in again.stderr
    out = tmp_path / "out.csv"
    assert server.carrier("export", out).stdout == f"Exported 2000 numbers to {out}.\n"
    assert out.read_bytes() == export(server)
    for query, *arguments in (
        ["?format=ndjson&sort=-value&currency=R$&q=1",
         "--format", "ndjson", "--sort=-value", "--currency", "R$", "--query", "1"],
        ["?separator=;&decimal=,&ids=true", "--separator", ";", "--decimal", ",", "--ids"],
    ):
        assert server.carrier("export", "-", *arguments).stdout.encode() == export(server, query).replace(b"\r\n", b"\n")
    piped = server.carrier("import", "-", "--mode", "update", input="value;setupPrice\n+55 84 98000-0000;7,5\n")
    assert piped.stdout.startswith("Imported 1 rows: 0 created, 1 changed")
    assert server.carrier("import", "-", input="\n").returncode == 1
    assert server.carrier("import", tmp_path / "absent.csv").stderr.startswith("Error: ")


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice Calc is not installed")
@pytest.mark.parametrize("query, separator", [("", 44), ("?separator=;", 59)])
def test_a_spreadsheet_opens_and_saves_it(start, tmp_path, query, separator):
    server = start()
    rows = list(numbers(2000))
    # Among them those whose text is a number to a spreadsheet but for its plus.
    rows += [["+8835100012345", "1", "1", "U$"], ["+80012345678", "1", "1", "U$"], ["+1 212 555 2368", "1", "1", "U$"]]
    assert import_(server, table(rows)).status_code == 200
    before = export(server)
    file = tmp_path / "numbers.csv"
    file.write_bytes(export(server, query))
    options = f"CSV:{separator},34,76,1"

    def convert(source, target, folder):
        run = subprocess.run(
            ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", f"--infilter={options}",
             "--convert-to", target, "--outdir", tmp_path / folder, source],
            capture_output=True, text=True, timeout=300)
        assert run.returncode == 0, run.stderr

    convert(file, "ods", "ods")
    content = zipfile.ZipFile(tmp_path / "ods/numbers.ods").read("content.xml").decode()
    assert "'+55 84 98000-0000" in content.replace("&apos;", "'")
    assert "table:formula" not in content
    convert(file, f"csv:Text - txt - csv (StarCalc):{separator},34,76", "saved")
    saved = (tmp_path / "saved/numbers.csv").read_bytes()
    assert saved.count(b"\n") == len(rows) + 1
    answer = import_(server, saved, "?mode=upsert")
    assert (answer.status_code, answer.json()["unchanged"]) == (200, len(rows)), answer.text
    assert export(server) == before


def test_the_title_of_a_file_in_another_encoding_names_the_file(server):
    problem = import_(server, table([["+55 84 91234-4321", "0.03", "3.40", "€"]]).decode().encode("cp1252")).json()
    assert "file" in problem["title"] and "JSON" not in problem["title"]
    assert problem["detail"] == "The file is not UTF-8 in line 2."

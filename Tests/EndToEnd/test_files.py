"""Files of numbers: exports, imports, and rejected files, with a real socket and real processes."""

import concurrent.futures
import contextlib
import os
import shutil
import signal
import time
import zipfile

import pytest
from program import NUMBERS, output, until
from wire import Wire

EXPORT, IMPORT = NUMBERS + "/export", NUMBERS + "/import"
HEADER = "value,monthyPrice,setupPrice,currency\n"
LARGEST = 64 * 1024 * 1024
STYLES = [
    ("?format=csv", "text/csv"), ("?format=csv&separator=;", "text/csv"),
    ("?format=csv&separator=;&decimal=,", "text/csv"), ("?format=ndjson", "application/x-ndjson")]
CURRENCIES = ["U$", "R$", "€", "£", "¥", "₿", "US$", "A$b", "元$", "BRL", "USD", "EUR", "JPY", "KWD"]
PRICES = ["0", "0.0001", "0.03", "1.1", "12.345", "1000", "123456789.1234", "999999999.9999"]


def numbers(count):
    """Rows of Brazilian mobile numbers, with currencies and prices of all kinds."""
    for index in range(count):
        value = f"+55 84 9{8000 + index // 10000:04}-{index % 10000:04}"
        yield [value, PRICES[index % 8], PRICES[(index // 8) % 8], CURRENCIES[index % len(CURRENCIES)]]


def table(rows, separator=","):
    return (HEADER.replace(",", separator) + "".join(separator.join(row) + "\n" for row in rows)).encode()


def import_(server, data, query="", type="text/csv", **options):
    return server.supervisor.post(IMPORT + query, data=data, headers={"Content-Type": type}, timeout=300, **options)


def export(server, query=""):
    response = server.supervisor.get(EXPORT + query, timeout=300)
    assert response.status_code == 200, response.text[:500]
    return response.content


def test_what_is_exported_is_imported_and_exported_the_same(start, store):
    count = 100_000
    server = start(**store)
    response = import_(server, table(numbers(count)))
    assert response.status_code == 200, response.text[:500]
    assert response.json() == {
        "rows": count, "created": count, "changed": 0, "unchanged": 0, "errorCount": 0, "errors": [], "decimal": ".",
        "separator": ",", "encoding": "UTF-8", "ignored": [], "unknown": [], "notes": []}
    for query, type in STYLES:
        file = export(server, query)
        assert file.count(b"\n") == count + (type == "text/csv")
        deletion = server.supervisor.post("/api/v1/changes", json={"select": {"all": True}, "delete": True})
        assert (deletion.status_code, server.total()) == (201, 0)
        assert import_(server, file, type=type).status_code == 200
        assert export(server, query) == file
    # Importing the file into the inventory that wrote it changes nothing.
    response = import_(server, file, "?mode=upsert", type)
    assert (response.json()["unchanged"], response.headers.get("Change-Id")) == (count, None)


def open_export(server, version="1.1"):
    """A connection on which an export has begun and little was read."""
    wire = Wire(server, timeout=60, receive_buffer=4096)
    wire.send(f"GET {EXPORT} HTTP/{version}\r\nHost: x\r\n".encode() + server.authorization + b"\r\n")
    while b"\r\n\r\n" not in wire.rest: wire.rest += wire.socket.recv(1000)
    return wire


def is_reset(wire):
    """Receives the rest, and returns whether the connection ended with an error."""
    try:
        wire.received()
    except ConnectionResetError:
        return True


def test_a_third_export_at_once_has_to_wait(start):
    server = start()
    assert server.carrier("seed", "--count", "30000").returncode == 0
    wires = [open_export(server) for _ in range(2)]
    response = server.supervisor.get(EXPORT)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")
    assert server.supervisor.head(EXPORT).status_code == 200
    server.create(value="+55 84 93333-0001")
    for wire in wires: wire.socket.close()
    response = until(lambda: (response := server.supervisor.get(EXPORT)).status_code == 200 and response)
    assert response.content.count(b"\n") == 30_002


@pytest.mark.parametrize("was_read", [False, True])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_an_interrupted_export_never_looks_complete(cluster, start, version, was_read):
    server = start(DATABASE_URL=cluster.url)
    assert server.carrier("seed", "--count", "60000").returncode == 0
    wire = open_export(server, version)
    assert b" 200 OK" in wire.rest and (b"chunked" in wire.rest.lower()) == (version == "1.1")
    # Between two pieces PostgreSQL's process is idle in its transaction, and active while it fetches one.
    process = int(until(lambda: cluster.sql(
        "SELECT pid FROM pg_stat_activity WHERE query LIKE 'FETCH %' AND state IN ('active', 'idle in transaction')")))
    if was_read:
        # If no bytes are on their way, only the connection's end can show the error.
        os.kill(process, signal.SIGSTOP)
        wire.socket.settimeout(2)
        with contextlib.suppress(TimeoutError): wire.received()
        wire.socket.settimeout(60)
    assert cluster.sql(f"SELECT pg_terminate_backend({process})") == "t"
    if was_read: os.kill(process, signal.SIGCONT)
    assert is_reset(wire) or (version == "1.1" and not wire.rest.endswith(b"0\r\n\r\n"))
    assert wire.rest.count(b"'+") < 60_000


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_slow_client_gets_all_of_a_file_before_the_connection_closes(start, version):
    server = start()
    assert server.carrier("seed", "--count", "30000").returncode == 0
    wire = open_export(server, version + "\r\nConnection: close")
    time.sleep(3)
    assert not is_reset(wire)
    head, _, body = wire.rest.partition(b"\r\n\r\n")
    assert (b"chunked" in head.lower()) == (version == "1.1")
    assert body == export(server) if version == "1.0" else body.endswith(b"\r\n0\r\n\r\n")


def import_in_turn(server, *arguments):
    """Imports, and tries again while another file is being imported."""
    return until(lambda: (response := import_(server, *arguments)).status_code != 503 and response)


def arriving(server, body, framing, query=""):
    """A connection on which a file has begun to arrive."""
    wire = Wire(server, timeout=60)
    wire.send(f"POST {IMPORT}{query} HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n{framing}\r\n".encode()
              + server.authorization + b"\r\n" + body)
    return wire


def test_a_body_that_ends_early_leaves_nothing(start):
    server = start()
    data = table(numbers(5000))
    chunk = b"%x\r\n%s\r\n" % (len(data), data)
    for framing, sent in ((f"Content-Length: {len(data) + 1}", data), ("Transfer-Encoding: chunked", chunk)):
        with arriving(server, sent, framing):
            # By then, the server has read most of it.
            time.sleep(0.5)
        # The next import starts when the server notices that the connection ended.
        assert import_in_turn(server, table(numbers(1)), "?dryRun=true").status_code == 200
        assert server.total() == 0


def test_a_slow_upload_blocks_no_other_import(start):
    server = start()
    data = table(numbers(2))
    with arriving(server, data[:-5], f"Content-Length: {len(data)}") as wire:
        time.sleep(0.5)
        assert import_(server, table(numbers(1))).status_code == 200
        server.create()
        wire.send(data[-5:])
        # The numbers imported meanwhile conflict with the slow file.
        assert wire.response().status == 422
    assert server.total() == 2


def test_the_bytes_of_arriving_files_are_bounded(start):
    server = start()
    # The server does not report how much has arrived, so wait longer each time.
    for seconds in (1, 3, 9, 20):
        beginning = HEADER.encode().ljust(LARGEST - 10, b"\n")
        wires = [arriving(server, beginning, f"Content-Length: {LARGEST}") for _ in range(2)]
        time.sleep(seconds)
        response = import_(server, table(numbers(1000)), "?dryRun=true")
        for wire in wires: wire.socket.close()
        if response.status_code == 503: break
    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")
    assert response.json()["detail"] == "Too many files are arriving just now; try again in 10 s."
    assert import_in_turn(server, table(numbers(1000))).status_code == 200


def test_of_two_processes_that_import_the_same_numbers_one_is_whole(start, store):
    servers = [start(**store), start(**store)]
    files = [table([value, price, price, "R$"] for value, *_ in numbers(5000)) for price in ("1", "2")]
    with concurrent.futures.ThreadPoolExecutor() as pool:
        responses = list(pool.map(import_, servers, files, ["?mode=upsert"] * 2))
    statuses = {response.status_code for response in responses}
    assert 200 in statuses and statuses <= {200, 422, 503}, [response.text for response in responses]
    rows = export(servers[0]).decode("utf-8-sig").splitlines()[1:]
    assert len(rows) == 5000
    assert len({tuple(row.split(",")[1:]) for row in rows}) == 1


def test_a_file_has_at_most_64_mib(server):
    before = server.total()
    data = HEADER.encode().ljust(LARGEST, b"\n")
    assert import_(server, data).status_code == 200
    assert import_(server, iter([data, b"\n"])).status_code == 413
    with arriving(server, b"", f"Content-Length: {LARGEST + 1}") as wire: assert wire.response().status == 413
    assert server.total() == before


def test_the_commands_do_the_same_as_the_api(start, store, tmp_path):
    server = start(**store)
    (tmp_path / "numbers.csv").write_bytes(table(numbers(2000)))
    first, again = (server.carrier("import", tmp_path / "numbers.csv") for _ in range(2))
    assert first.stdout.startswith("Imported 2000 rows: 2000 created, 0 changed, 0 unchanged.")
    assert again.returncode == 1
    line = 'Line 2: value "+55 84 98000-0000" is already in'
    for text in ("the file has 2000 errors.", line, "… and 1900 more"): assert text in again.stderr
    for query, arguments in (
        ("", ""), ("?format=ndjson&sort=-value&currency=R$&q=1", "--format ndjson --sort=-value --currency R$ --query 1"),
        ("?separator=;&decimal=,&ids=true", "--separator ; --decimal , --ids"),
    ):
        exported = server.carrier("export", "-", *arguments.split()).stdout
        assert exported.encode() == export(server, query).replace(b"\r\n", b"\n")


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice Calc is not installed")
@pytest.mark.parametrize("query, separator", [("", 44), ("?separator=;", 59)])
def test_a_file_that_a_spreadsheet_saved_imports_unchanged(start, tmp_path, query, separator):
    server = start()
    rows = list(numbers(2000))
    # Without the plus, a spreadsheet would read these as numbers.
    rows += [["+8835100012345", "1", "1", "U$"], ["+80012345678", "1", "1", "U$"], ["+1 212 555 2368", "1", "1", "U$"]]
    assert import_(server, table(rows)).status_code == 200
    before = export(server)
    file = tmp_path / "numbers.csv"
    file.write_bytes(export(server, query))

    def convert(target, folder):
        profile, options = f"-env:UserInstallation=file://{tmp_path}/profile", f"--infilter=CSV:{separator},34,76,1"
        output("soffice", "--headless", profile, options, "--convert-to", target, "--outdir", tmp_path / folder, file,
               timeout=300)

    convert("ods", "ods")
    content = zipfile.ZipFile(tmp_path / "ods/numbers.ods").read("content.xml").decode()
    assert "'+55 84 98000-0000" in content.replace("&apos;", "'")
    assert "table:formula" not in content
    convert(f"csv:Text - txt - csv (StarCalc):{separator},34,76", "saved")
    saved = (tmp_path / "saved/numbers.csv").read_bytes()
    assert saved.count(b"\n") == len(rows) + 1
    response = import_(server, saved, "?mode=upsert")
    assert (response.status_code, response.json()["unchanged"]) == (200, len(rows)), response.text
    assert export(server) == before

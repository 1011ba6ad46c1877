"""Workbooks (.xlsx) that other programs read and write, and hostile ones."""

import contextlib
import csv
import datetime
import io
import shutil
import sqlite3
import struct
import time
import zipfile
import zlib

import openpyxl
import pytest
from program import output
from test_files import HEADER, export, import_, numbers

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MIB = 1024 * 1024
NAMES = HEADER.strip().split(",")
OTHERS = [["+8835100012345", "1", "1", "U$"], ["+80012345678", "1", "1", "U$"], ["+1 212 555 2368", "1", "1", "U$"]]


def saved(rows, **options):
    """A workbook that openpyxl writes."""
    workbook = openpyxl.Workbook(**options)
    sheet = workbook.active
    for row in rows: sheet.append(row)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def import_workbook(server, data, query=""):
    return import_(server, data, query, XLSX)


def filled(start, count=2000):
    server = start()
    rows = list(numbers(count)) + OTHERS
    assert import_workbook(server, saved([NAMES, *rows])).json()["created"] == len(rows)
    return server, len(rows)


@pytest.mark.parametrize("query", ["", "&ids=true"])
def test_an_exported_workbook_is_imported_and_exported_the_same(start, query):
    server, count = filled(start)
    file = export(server, "?format=xlsx" + query)
    assert import_workbook(server, file, "?mode=upsert").json()["unchanged"] == count
    if not query:
        deletion = server.supervisor.post("/api/v1/changes", json={"select": {"all": True}, "delete": True})
        assert (deletion.status_code, server.total()) == (201, 0)
        # The media type of an unknown file is often that of CSV.
        assert import_(server, file).json()["created"] == count
    assert export(server, "?format=xlsx" + query) == file


def test_an_exported_workbook_has_texts_and_numbers(start, tmp_path):
    server, count = filled(start, 100)
    response = server.supervisor.get("/api/v1/numbers/export?format=xlsx&ids=true")
    assert response.headers["Content-Type"] == XLSX
    assert response.headers["Content-Disposition"].endswith('.xlsx"')
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    header, first, *_ = rows = list(sheet.iter_rows())
    assert [cell.value for cell in header] == ["id", *NAMES] and len(rows) == count + 1
    assert [cell.data_type for cell in first] == ["n", "s", "n", "n", "s"]
    assert (first[1].number_format, first[2].number_format) == ("@", "0.00##")
    assert first[1].value == "+55 84 98000-0000"
    # The same as a command, by the file's name.
    assert server.carrier("export", tmp_path / "numbers.xlsx", "--ids").returncode == 0
    assert (tmp_path / "numbers.xlsx").read_bytes() == response.content
    again = server.carrier("import", tmp_path / "numbers.xlsx", "--mode", "upsert")
    assert f"{count} unchanged" in again.stdout, again.stderr


def test_cells_of_other_kinds_are_errors_of_their_rows(start):
    server = start()
    good = ["+55 84 91234-4321", 0.1 + 0.2, 3.4, "U$"]
    rows = [
        NAMES, good, [5584912344321, *good[1:]], [good[0], datetime.date(2026, 10, 3), *good[2:]],
        [good[0], "=1/0", *good[2:]], [good[0], True, *good[2:]], [good[0], -0.5, *good[2:]]]
    response = import_workbook(server, saved(rows))
    errors = [(error["line"], error["pointer"], error["detail"].split(":")[0]) for error in response.json()["errors"]]
    assert errors == [
        (3, "/value", "has lost its +"), (4, "/monthyPrice", "is a date or a time"),
        (5, "/monthyPrice", "is a formula without a result"), (6, "/monthyPrice", "is TRUE"),
        (7, "/monthyPrice", "must not be negative")]
    assert import_workbook(server, saved([NAMES, good])).status_code == 200
    assert server.supervisor.get("/api/v1/numbers/1").json()["monthyPrice"] == "0.30"


def test_a_sheet_is_chosen_by_its_name(start, tmp_path):
    server = start()
    workbook = openpyxl.Workbook()
    workbook.active.title = "Notes"
    sheet = workbook.create_sheet("Prices")
    for row in [NAMES, *numbers(3)]: sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    file = tmp_path / "prices.xlsx"
    workbook.save(file)
    data = file.read_bytes()
    assert "no cells in the sheet. For another sheet, give sheet=Prices" in import_workbook(server, data).json()["detail"]
    response = import_workbook(server, data, "?sheet=Price")
    assert (response.status_code, response.json()["detail"]) == (
        400, 'The file has no sheet "Price"; its sheets are "Notes", "Prices".')
    assert import_workbook(server, data, "?sheet=prices&dryRun=true").json()["created"] == 3
    imported = server.carrier("import", file, "--sheet", "Prices")
    assert imported.stdout.startswith("Imported 3 rows"), imported.stderr
    response = import_(server, HEADER, "?sheet=prices")
    assert (response.status_code, response.json()["detail"]) == (
        400, "The file is not an Excel workbook, so it has no sheets.")


@pytest.fixture
def convert(tmp_path):
    """Lets LibreOffice save a file in another format, and returns the saved bytes."""
    def convert(file, target, options=()):
        folder = tmp_path / target.partition(":")[2].replace(" ", "") / target[:4]
        output("soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", *options, "--convert-to", target,
               "--outdir", folder, file, timeout=300)
        return next(folder.iterdir()).read_bytes()

    return convert


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice Calc is not installed")
def test_libreoffice_opens_our_workbook_and_we_read_what_it_saves(start, tmp_path, convert):
    server, count = filled(start)
    file = tmp_path / "numbers.xlsx"
    file.write_bytes(export(server, "?format=xlsx"))
    # 44 is a comma, 34 a quote, 9 a tab; 76 is UTF-8, 65535 UTF-16.
    saved = convert(file, "csv:Text - txt - csv (StarCalc):44,34,76")
    ours = list(csv.reader(io.StringIO(export(server).decode("utf-8-sig"))))
    assert list(csv.reader(io.StringIO(saved.decode()))) == [
        [row[0].removeprefix("'"), *row[1:]] for row in ours]
    tabs = convert(file, "csv:Text - txt - csv (StarCalc):9,34,65535")
    for data in (saved, tabs, convert(file, "xlsx:Calc MS Excel 2007 XML")):
        response = import_(server, data, "?mode=upsert")
        assert (response.status_code, response.json().get("unchanged")) == (200, count), response.text
    for target, kind in (("ods", "an OpenDocument spreadsheet"), ("xls", "an old Excel workbook"), ("html", "HTML")):
        response = import_workbook(server, convert(file, target))
        assert response.status_code == 400 and kind in response.json()["detail"], response.text


def archive(files):
    """A zip archive. Each file has its name, its packed bytes, and the size that the archive declares."""
    body, directory = b"", b""
    for name, packed, size, checksum in files:
        fields = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0, checksum, len(packed), size, len(name), 0)
        directory += b"PK\1\2" + b"\x14\0" + fields + bytes(10) + struct.pack("<I", len(body)) + name.encode()
        body += b"PK\3\4" + fields + name.encode() + packed
    return body + directory + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, len(files), len(files), len(directory), len(body), 0)


def packed(content):
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    return compressor.compress(content) + compressor.flush()


def bomb(size, declared):
    """A workbook whose sheet unpacks to `size` bytes."""
    with zipfile.ZipFile(io.BytesIO(saved([NAMES]))) as source:
        parts = [(name, packed(source.read(name)), len(source.read(name)), zlib.crc32(source.read(name)))
                 for name in source.namelist() if "sheet1" not in name]
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    start = compressor.compress(b"<worksheet><sheetData>") + compressor.flush(zlib.Z_FULL_FLUSH)
    # After a full flush, the same bytes unpack to the same megabyte again.
    megabyte = compressor.compress(b" " * MIB) + compressor.flush(zlib.Z_FULL_FLUSH)
    return archive([*parts, ("xl/worksheets/sheet1.xml", start + megabyte * (size // MIB), declared, 0)])


@pytest.mark.parametrize("size, declared, detail", [
    # A zip archive declares at most 4 GiB.
    (10240 * MIB, 4096 * MIB - 2, "unpacks to more than 512 MiB"), (10240 * MIB, 500 * MIB, "is not valid XML"),
    (10240 * MIB, MIB, "cannot be unpacked"), (500 * MIB, 500 * MIB, "is compressed more than 200 times")])
def test_a_workbook_that_unpacks_to_10_gb_is_refused_at_once(start, size, declared, detail):
    server = start()
    server.supervisor.get("/livez")
    data = bomb(size, declared)
    assert len(data) < 20 * MIB
    began = time.monotonic()
    response = import_workbook(server, data)
    # A tenth of a second in the release build.
    assert time.monotonic() - began < 20
    assert response.status_code == 400 and detail in response.json()["detail"], response.text


def test_an_export_of_more_numbers_than_a_sheet_has_rows_is_refused(start):
    server = start("--demo")
    with contextlib.closing(sqlite3.connect(server.database.removeprefix("sqlite:"))) as database, database:
        # The total of a list is the sum of these counts.
        database.execute("UPDATE number_count SET count = count + 1048576 - 800 "
                         "WHERE currency = (SELECT min(currency) FROM number_count)")
    response = server.supervisor.get("/api/v1/numbers/export?format=xlsx")
    assert response.status_code == 400, response.text[:300]
    assert response.json()["errors"] == [{
        "parameter": "format", "detail":
        "cannot be xlsx, which has room for 1048575 numbers, for 1048576: filter them, or use csv"}]
    assert export(server).count(b"\n") == 801

"""Hostile files: refused by name, quickly, without reading anything else or filling the memory."""

import io
import zipfile
import zlib
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from recouvrement.domain.records import InvoiceRecord
from recouvrement.intake.limits import Limits
from recouvrement.intake.reading import stream
from recouvrement.intake.tables import written
from tests.intake import samples

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    "<Document><BkToCstmrStmt>&b;</BkToCstmrStmt></Document>"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_before_parsing(reading: Any, encoding: str) -> None:
    data = BOMB.replace('version="1.0"', f'version="1.0" encoding="{encoding}"').encode(encoding)
    found = reading("x.xml", data)
    assert (found.verdict, found.problems[0].reason) == ("rejected", "doctype_refused")


def test_a_local_file_is_never_read_through_an_entity(reading: Any, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("TOP-SECRET")
    body = samples.cii().split(b"?>", 1)[1]
    data = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY f SYSTEM "{secret.as_uri()}">]>'.encode() + body
    found = reading("x.xml", data.replace(b"Alpha SARL", b"&f;"))
    assert found.problems[0].reason == "doctype_refused"
    assert "TOP-SECRET" not in repr(found)


def test_a_document_type_behind_a_long_comment_is_refused_too(reading: Any) -> None:
    comment = b"<!-- " + b"x" * 70_000 + b" -->"
    data = samples.camt053().replace(b"<Document", comment + b"<!DOCTYPE Document><Document", 1)
    found = reading("x.xml", data)
    assert found.verdict == "rejected"


@pytest.mark.parametrize(
    ("name", "data"), [("i.xml", samples.cii()), ("f.pdf", samples.facturx()), ("b.json", samples.bodacc())]
)
def test_a_document_larger_than_the_limit_is_refused_unread(reading: Any, name: str, data: bytes) -> None:
    found = reading(name, data, limits=Limits(document_bytes=100))
    assert found.problems[0].reason == "too_large"


@pytest.mark.parametrize("name", ["camt053.xml", "cfonb120.txt", "mt940.sta", "statement.ofx", "releve.csv"])
def test_a_stream_larger_than_the_limit_is_refused(reading: Any, name: str) -> None:
    found = reading(name, samples.every_format()[name], limits=Limits(stream_bytes=100))
    assert found.problems[0].reason == "too_large"


def test_a_zip_bomb_is_refused_whatever_its_directory_claims(reading: Any) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    limits = Limits(unpacked_bytes=5_000_000)
    honest = out.getvalue()
    lying = honest.replace((30_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    for data in (honest, lying):
        assert reading("b.xlsx", data, limits=limits).problems[0].reason == "archive_bomb"


def test_an_archive_of_statements_says_to_unpack_it(reading: Any) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("camt053.xml", samples.camt053())
    problem = reading("statements.zip", out.getvalue()).problems[0]
    assert problem.reason == "unknown_format"
    assert "unpack" in problem.message


def test_a_workbook_that_spreads_over_the_whole_sheet_is_refused(reading: Any) -> None:
    book = openpyxl.Workbook()
    book.active.cell(1_048_576, 16_384, "far away")  # type: ignore[union-attr]
    out = io.BytesIO()
    book.save(out)
    assert reading("b.xlsx", out.getvalue()).problems[0].reason == "archive_bomb"
    head = ["invoice_number", "customer_id", "issue_date", "due_date", "amount"]
    good = samples.ods([head])
    content = zipfile.ZipFile(io.BytesIO(good)).read("content.xml").decode()
    far = content.replace("<table:table-row>", '<table:table-row table:number-rows-repeated="900000">')
    far = far.replace("<table:table-cell ", '<table:table-cell table:number-columns-repeated="16000" ')
    spread = io.BytesIO()
    with zipfile.ZipFile(spread, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", far)
    assert reading("b.ods", spread.getvalue()).problems[0].reason == "archive_bomb"


def test_texts_made_to_confuse_the_sniffing_take_no_time(reading: Any) -> None:
    for data in (
        b":20:\n" * 200_000,
        b"<!--" * 200_000,
        b"<?" * 200_000,
        b"a," * 400_000,
        b";\n" * 200_000,
        b"1" * 900_000,
    ):
        assert reading("x", data).verdict == "rejected"


def test_a_pdf_whose_attachment_unpacks_to_a_gigabyte_is_refused(reading: Any) -> None:
    good = samples.facturx(b"<CrossIndustryInvoice/>" + b" " * 1000)
    packed = zlib.compress(b"\0" * 100_000_000, 9)
    start = good.index(b"/Type /EmbeddedFile")
    begin, end = good.index(b"stream\n", start) + 7, good.index(b"\nendstream", start)
    header = good[:begin].rpartition(b"/Length ")
    length = header[2].split(b"\n")[0].split(b" ")[0]
    assert length
    spoiled = (
        header[0]
        + b"/Filter /FlateDecode /Length "
        + str(len(packed)).encode()
        + header[2][len(length) :]
        + packed
        + good[end:]
    )
    found = reading("f.pdf", spoiled)
    assert found.verdict == "rejected"
    assert found.problems[0].reason in {"unreadable", "no_embedded_xml"}


def test_deep_nesting_is_refused_not_endured(reading: Any) -> None:
    deep = b"<?xml version='1.0'?><Invoice>" + b"<a>" * 100_000
    assert reading("x.xml", deep).verdict == "rejected"
    assert reading("b.json", b"[" * 100_000).verdict == "rejected"
    assert reading("s.ofx", b"OFXHEADER:100\n\n<OFX>" + b"<A>" * 100_000).verdict == "rejected"


def test_formula_cells_are_shown_not_run() -> None:
    text = written([["=HYPERLINK(1)", "+1", "-5,00", "@SUM(A1)", "Alpha"]])
    assert text == "'=HYPERLINK(1);+1;-5,00;'@SUM(A1);Alpha\r\n"


def test_one_bad_file_does_not_stop_the_others(reading: Any) -> None:
    files = {"bad.xml": b"<x", **samples.every_format(), "worse.pdf": b"%PDF-1.4 nothing"}
    verdicts = {name: reading(name, data).verdict for name, data in files.items()}
    assert verdicts.pop("bad.xml") == verdicts.pop("worse.pdf") == "rejected"
    assert set(verdicts.values()) == {"read"}


def test_a_million_rows_would_not_be_held(mappings: Any, tmp_path: Path) -> None:
    path = tmp_path / "invoices.csv"
    rows = "".join(f"FA-{n},invoice,C1,2026-01-15,2026-02-14,{n}.00,EUR\n" for n in range(1, 3001))
    path.write_text("invoice_number,kind,customer_id,issue_date,due_date,amount,currency\n" + rows)
    flow = iter(stream("invoices.csv", path, mappings))
    first = next(flow)
    assert isinstance(first, InvoiceRecord)
    assert first.number == "FA-1"
    assert sum(1 for _ in flow) == 2999

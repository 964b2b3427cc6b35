"""The press: exact bytes, archival marks, refusals that name what stands in the way."""

import io
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from recouvrement.typesetting import (
    FONTS,
    LAYOUTS,
    Attachment,
    LayoutFault,
    UnsupportedCharacters,
    pictures,
    presentable,
    typeset,
    unsupported_characters,
)

MOMENT = datetime(2026, 11, 20, 9, 30, tzinfo=ZoneInfo("Europe/Paris"))
PROBE = """#import "common.typ": *
#show: document-of-the-house.with(title: data.title, author: "Probe")
= #data.title
#for line in data.lines [#line \\ ]
#attach-files()
"""


@pytest.fixture
def layouts(tmp_path: Path) -> Path:
    folder = tmp_path / "layouts"
    folder.mkdir()
    (folder / "common.typ").write_bytes((LAYOUTS / "common.typ").read_bytes())
    (folder / "probe.typ").write_text(PROBE, encoding="utf-8")
    return folder


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_same_input_gives_same_bytes_whatever_the_zone_object(layouts: Path) -> None:
    data = {"title": "Relevé de compte", "lines": ["1 234,56 €"]}
    first = typeset("probe", data, moment=MOMENT, layouts=layouts)
    same_instant = MOMENT.astimezone(timezone(timedelta(hours=-5)))
    assert typeset("probe", data, moment=same_instant, layouts=layouts) == first
    assert typeset("probe", data, moment=MOMENT + timedelta(days=1), layouts=layouts) != first


def test_another_process_gives_the_same_bytes(layouts: Path) -> None:
    program = f"""
import hashlib, sys
from datetime import UTC, datetime
from pathlib import Path
from recouvrement.typesetting import typeset
moment = datetime(2026, 1, 2, tzinfo=UTC)
pdf = typeset("probe", {{"title": "É", "lines": []}}, moment=moment, layouts=Path({str(layouts)!r}))
sys.stdout.write(hashlib.sha256(pdf).hexdigest())
"""
    digests = {
        subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
        for _ in range(2)
    }
    assert len(digests) == 1
    assert len(digests.pop()) == 64


def test_the_file_is_tagged_archival_and_ends_with_a_newline(layouts: Path) -> None:
    pdf = typeset("probe", {"title": "T", "lines": []}, moment=MOMENT, layouts=layouts)
    reader = PdfReader(io.BytesIO(pdf))
    assert pdf.endswith(b"%%EOF\n")
    metadata = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"].startswith("fr")


def test_hostile_text_comes_out_as_text(layouts: Path) -> None:
    hostile = [
        '#import "x"',
        "<script>",
        "{{7*7}}",
        "*b* _i_ $x$ @ref #eval",
        "// all",
        '=HYPERLINK("x")',
        "#panic",
        "\\",
    ]
    printed = text_of(typeset("probe", {"title": "T", "lines": hostile}, moment=MOMENT, layouts=layouts)).splitlines()
    assert [line.strip() for line in printed] == ["T", *hostile, "Page 1/1"]


def test_unsupported_characters_are_named_not_dropped(layouts: Path) -> None:
    with pytest.raises(UnsupportedCharacters) as refusal:
        typeset("probe", {"title": "Société 😀", "lines": ["漢"]}, moment=MOMENT, layouts=layouts)
    assert set(refusal.value.characters) == {"😀", "漢"}
    assert "U+1F600" in str(refusal.value)


def test_a_missing_value_is_a_fault_of_the_layout(layouts: Path) -> None:
    with pytest.raises(LayoutFault, match="lines"):
        typeset("probe", {"title": "T"}, moment=MOMENT, layouts=layouts)


def test_layouts_read_nothing_outside_their_folder(layouts: Path) -> None:
    (layouts.parent / "secret.txt").write_text("secret", encoding="utf-8")
    (layouts / "thief.typ").write_text('#read("../secret.txt")', encoding="utf-8")
    with pytest.raises(LayoutFault):
        typeset("thief", {}, moment=MOMENT, layouts=layouts)


@pytest.mark.parametrize("name", ["../probe", "/etc/passwd", "absent", ""])
def test_layout_names_do_not_leave_the_folder(layouts: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no layout"):
        typeset(name, {}, moment=MOMENT, layouts=layouts)


def test_a_moment_without_zone_and_a_float_are_refused(layouts: Path) -> None:
    with pytest.raises(ValueError, match="time zone"):
        typeset("probe", {"title": "T", "lines": []}, moment=MOMENT.replace(tzinfo=None), layouts=layouts)
    with pytest.raises(TypeError, match="float"):
        typeset("probe", {"title": 1.5, "lines": []}, moment=MOMENT, layouts=layouts)


def test_attachments_keep_their_bytes(layouts: Path) -> None:
    binary, text = bytes(range(256)), "é;1\r\n".encode()
    pdf = typeset(
        "probe",
        {"title": "T", "lines": []},
        moment=MOMENT,
        attachments=[
            Attachment("octets.bin", binary, "application/octet-stream", "Octets"),
            Attachment("lignes.csv", text, "text/csv", "Lignes"),
        ],
        layouts=layouts,
    )
    assert PdfReader(io.BytesIO(pdf)).attachments == {"octets.bin": [binary], "lignes.csv": [text]}


def test_threads_share_the_press(layouts: Path) -> None:
    made: list[bytes] = []

    def work() -> None:
        made.extend(typeset("probe", {"title": "T", "lines": []}, moment=MOMENT, layouts=layouts) for _ in range(3))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 9
    assert len(set(made)) == 1


def test_pictures_are_one_png_per_page(layouts: Path) -> None:
    pages = pictures("probe", {"title": "T", "lines": ["x"] * 100}, ppi=30, layouts=layouts)
    assert len(pages) == 2
    assert all(page.startswith(b"\x89PNG") for page in pages)


def test_invisible_and_direction_changing_marks_are_removed() -> None:
    assert presentable("ACME\u202e\u2066 \u200bSARL\x00\ufeff\ue000\u00ad") == "ACME SARL"
    assert presentable("a\r\nBcc: x\u2028y") == "a Bcc: x y"
    assert presentable("12\u202f345") == "12\u00a0345"


def test_the_fonts_draw_what_french_letters_use() -> None:
    assert unsupported_characters("ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆàâäçéèêëîïôöùûüÿœæ « » — – ’ … € ° × \u00a0 ß ñ ¿ ł Ž ő") == ()
    assert unsupported_characters("ok 漢 漢 😀") == ("漢", "😀")


def test_the_licence_of_the_fonts_is_beside_them() -> None:
    assert {font.name for font in FONTS.glob("*.ttf")} == {
        f"LiberationSans-{style}.ttf" for style in ("Regular", "Bold", "Italic", "BoldItalic")
    }
    assert "Liberation" in (FONTS / "LICENSE.txt").read_text(encoding="utf-8")


def test_moment_in_utc_is_written_into_the_file(layouts: Path) -> None:
    pdf = typeset(
        "probe", {"title": "T", "lines": []}, moment=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), layouts=layouts
    )
    created = PdfReader(io.BytesIO(pdf)).metadata
    assert created is not None
    assert created.creation_date == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

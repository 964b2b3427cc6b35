"""The printed letter: whole, tagged, the same bytes, with a QR code that holds what the words say."""

import hashlib
import io
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import segno
from pypdf import PdfReader
from segno.consts import TYPE_DATA_DARK as DATA_DARK
from segno.consts import TYPE_DATA_LIGHT as DATA_LIGHT

from recouvrement.domain.parties import DebtorKind
from recouvrement.letters import (
    Composed,
    Message,
    MessageCode,
    compose,
    pages_of,
    render_pdf,
    render_pictures,
    specimen,
)
from recouvrement.letters.blocks import Facts, Lines, Paragraph, Table
from recouvrement.letters.iban import MASK, normal_iban, payment_qr
from recouvrement.letters.types import Quote, QuoteKind, totals_of
from recouvrement.typesetting import UnsupportedCharacters

WRITTEN = [(code, language) for language in ("fr", "en") for code in MessageCode] + [
    (code, language)
    for language in ("de", "es", "it")
    for code in (MessageCode.COURTESY, MessageCode.FRIENDLY_REMINDER)
]


def squeezed(text: str) -> str:
    """Characters alone: lines are cut where the page wants, so blanks prove nothing."""
    return re.sub(r"[\s\u00a0\u200b]", "", text)


def read(pdf: bytes) -> str:
    return squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def every_word(composed: Composed) -> list[str]:
    words = [composed.stage]
    for block in composed.blocks:
        if isinstance(block, Paragraph):
            words.append(block.text)
        elif isinstance(block, Table):
            words += [block.title, *(column.title for column in block.columns), *block.notes]
            words += [cell for row in (*block.rows, block.total) for cell in row]
        elif isinstance(block, Facts):
            words += [block.title, *(word for pair in block.pairs for word in pair)]
        elif isinstance(block, Lines):
            words += block.lines
    return words


@pytest.mark.parametrize(("code", "language"), WRITTEN)
def test_every_word_of_the_text_is_on_paper(code: MessageCode, language: str, moment: datetime) -> None:
    message = specimen(code, language=language)
    printed = read(render_pdf(message, moment))
    missing = [word for word in every_word(compose(message)) if squeezed(word) not in printed]
    # A paragraph cut by the end of a page has the foot of that page in its middle.
    assert [word for word in missing if not _is_cut_by_a_page(word, printed)] == []


def _is_cut_by_a_page(word: str, printed: str) -> bool:
    bare = squeezed(word)
    cuts = range(1, len(bare))
    return len(bare) > 60 and any(bare[:cut] in printed and bare[cut:] in printed for cut in cuts)


def test_long_text_is_not_cut_in_the_pdf(moment: datetime) -> None:
    """dolibarr-mahnwesen#25: what followed the greeting was lost."""
    words = " ".join(f"mot{rank}" for rank in range(2_000))
    message = replace(specimen(MessageCode.LAST_REMINDER), quotes=(Quote(QuoteKind.REPLY, moment.date(), words),))
    pdf = render_pdf(message, moment)
    printed = read(pdf)
    assert pages_of(pdf) >= 4
    assert all(f"mot{rank}" in printed for rank in range(2_000))
    assert squeezed("nos salutations distinguées") in printed


def test_one_hundred_invoices_are_all_there(moment: datetime) -> None:
    base = specimen(MessageCode.STATEMENT)
    lines = tuple(replace(base.lines[0], invoice_number=f"FA-{rank:05d}") for rank in range(100))
    total = replace(base.totals, principal_cents=100 * base.lines[0].open_cents)
    printed = read(render_pdf(replace(base, lines=lines, totals=total), moment))
    assert all(line.invoice_number in printed for line in lines)
    assert "184250,00€" in printed
    assert printed.count("Factures") >= 1 and printed.count("RestedûFA") >= 2, "headings come back on each page"


@pytest.mark.parametrize("code", [MessageCode.FRIENDLY_REMINDER, MessageCode.MISE_EN_DEMEURE])
def test_the_signature_never_stands_alone_on_a_page(code: MessageCode, moment: datetime) -> None:
    """However many invoices push it down, the last words of the letter go with it."""
    base = specimen(code, rich=False)
    for count in (7, 8, 9, 45, 57, 58):  # those where it did, before the paragraphs that precede it kept to it
        lines = tuple(
            replace(base.lines[0], invoice_number=f"FA-{rank:05d}", penalty_cents=None) for rank in range(count)
        )
        letter = replace(base, lines=lines, segments=(), terms=None, totals=totals_of(lines, base.credits))
        last = PdfReader(io.BytesIO(render_pdf(letter, moment))).pages[-1].extract_text()
        assert not squeezed(last).startswith(squeezed(base.sender.contact.name)), count


@pytest.mark.parametrize("number", ["X" * 120, "FACT/2026/0001-A-TRES-LONG-NUMERO-DE-FACTURE"])
def test_long_number_wraps_in_its_column(number: str, moment: datetime) -> None:
    base = specimen(MessageCode.FRIENDLY_REMINDER)
    first, *others = base.lines
    pdf = render_pdf(replace(base, lines=(replace(first, invoice_number=number), *others)), moment)
    assert number in read(pdf)
    assert _right_edge(pdf) <= 595 - 20 / 25.4 * 72 + 1, "nothing stands beyond the right margin"


def _right_edge(pdf: bytes) -> float:
    """How far right the words go, in points, as poppler sees them (0 where it is not installed)."""
    if not shutil.which("pdftotext"):
        return 0
    laid_out = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True).stdout
    return max(float(edge) for edge in re.findall(r'xMax="([\d.]+)"', laid_out.decode()))


@pytest.mark.parametrize("code", [MessageCode.MISE_EN_DEMEURE, MessageCode.FIRM_REMINDER])
def test_same_message_gives_same_bytes(code: MessageCode, moment: datetime) -> None:
    digests = {hashlib.sha256(render_pdf(specimen(code), moment)).hexdigest() for _ in range(2)}
    assert len(digests) == 1


def test_letter_is_tagged_archival_with_embedded_fonts(moment: datetime) -> None:
    reader = PdfReader(io.BytesIO(render_pdf(specimen(MessageCode.MISE_EN_DEMEURE), moment)))
    root = reader.trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in metadata and "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root
    assert reader.metadata and "Mise en demeure" in (reader.metadata.title or "")
    fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]
    for font in fonts:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert "LiberationSans" in descriptor["/FontName"]
        assert "/FontFile2" in descriptor or "/FontFile3" in descriptor


@pytest.mark.parametrize(("language", "tag"), [("fr", "fr"), ("en", "en"), ("de", "de")])
def test_pdf_states_its_language(language: str, tag: str, moment: datetime) -> None:
    pdf = render_pdf(specimen(MessageCode.COURTESY, language=language), moment)
    assert PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/Lang"].startswith(tag)


def test_pages_are_numbered_and_company_mentions_stand_on_each(moment: datetime) -> None:
    pages = PdfReader(io.BytesIO(render_pdf(specimen(MessageCode.MISE_EN_DEMEURE), moment))).pages
    for rank, page in enumerate(pages, start=1):
        text = squeezed(page.extract_text())
        assert f"Page{rank}/{len(pages)}" in text
        assert squeezed("SARL au capital de 15 000 €") in text
        assert squeezed("RCS Nantes 732 829 320") in text


def test_registered_letter_says_so_and_bears_its_number(moment: datetime) -> None:
    message = replace(specimen(MessageCode.MISE_EN_DEMEURE), registered_number="1E00232062142")
    assert squeezed("Lettre recommandée avec avis de réception n° 1E00232062142") in read(render_pdf(message, moment))
    assert "recommandéeavec" not in read(render_pdf(specimen(MessageCode.FIRM_REMINDER), moment))


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext (poppler) is not installed")
def test_address_stands_in_the_window(moment: datetime) -> None:
    """Window of a DL envelope: 110 mm from the left, 50 mm from the top, 85 × 33 mm."""
    message = specimen(MessageCode.MISE_EN_DEMEURE)
    six = ("L2", "L3", "L4", "L5", "44100 NANTES " + "X" * 25)
    message = replace(message, recipient=replace(message.recipient, name="N" * 38, address=six))
    window = [str(round(mm / 25.4 * 72)) for mm in (110, 50, 85, 33)]
    seen = subprocess.run(
        ["pdftotext", "-f", "1", "-l", "1", "-x", window[0], "-y", window[1], "-W", window[2], "-H", window[3], "-", "-"],
        input=render_pdf(message, moment), capture_output=True, check=True,
    ).stdout.decode()  # fmt: skip
    assert seen.split() == ["N" * 38, "L2", "L3", "L4", "L5", "44100", "NANTES", "X" * 25]


def test_even_a_name_that_preflight_refuses_stays_on_the_sheet(moment: datetime) -> None:
    message = specimen(MessageCode.FRIENDLY_REMINDER)
    pdf = render_pdf(replace(message, recipient=replace(message.recipient, name="X" * 60)), moment)
    assert read(pdf).count("X") == 60
    assert _right_edge(pdf) <= 595


def test_text_is_read_back_by_poppler_with_amounts_and_accents(moment: datetime) -> None:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler) is not installed")
    pdf = render_pdf(specimen(MessageCode.MISE_EN_DEMEURE), moment)
    seen = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    for expected in ("14 571,09 €", "Hôtel du Port SAS", "Échéance", "réglé", "pénalités"):
        assert expected in seen.replace("\u00a0", " ")


def test_qr_code_holds_the_transfer() -> None:
    message = specimen(MessageCode.MISE_EN_DEMEURE)
    payload = (
        "BCD\n002\n1\nSCT\nAGRIFRPP\nAtelier Nord Menuiserie\nFR7630006000011234567890189\nEUR14571.09\n\n\nD-00042"
    )
    code = segno.make_qr(payload.encode(), error="m", boost_error=False, mask=MASK)
    dark = {(y + 2, x + 2) for y, row in enumerate(code.matrix) for x, module in enumerate(row) if module}
    drawn = payment_qr(message.sender.account, message.totals.total_cents, "D-00042")
    assert drawn is not None
    strokes = [(int(y), int(x), int(length)) for x, y, length in re.findall(r"M(\d+) (\d+)\.5h(\d+)", drawn)]
    assert {(y, x + n) for y, x, length in strokes for n in range(length)} == dark
    assert f'width="{4 * (len(code.matrix) + 4)}"' in drawn, "two white modules on each side"


def test_the_mask_of_the_qr_code_changes_none_of_its_data() -> None:
    """What a reader sees once it has taken the mask away (ISO/IEC 18004 §7.8) is what the best of the eight would give."""
    lines = "BCD\n002\n1\nSCT\n\nAtelier\nFR7630006000011234567890189\nEUR14571.09\n\n\nD-00042"
    formula: dict[int, Callable[[int, int], bool]] = {
        0: lambda i, j: (i + j) % 2 == 0,
        1: lambda i, _: i % 2 == 0,
        2: lambda _, j: j % 3 == 0,
        3: lambda i, j: (i + j) % 3 == 0,
        4: lambda i, j: (i // 2 + j // 3) % 2 == 0,
        5: lambda i, j: i * j % 2 + i * j % 3 == 0,
        6: lambda i, j: (i * j % 2 + i * j % 3) % 2 == 0,
        7: lambda i, j: ((i + j) % 2 + i * j % 3) % 2 == 0,
    }

    def unmasked(code: segno.QRCode) -> list[tuple[int, int, bool]]:
        kinds = enumerate(code.matrix_iter(border=0, verbose=True))
        data = {DATA_DARK: True, DATA_LIGHT: False}
        return [
            (i, j, data[kind] ^ formula[code.mask](i, j))
            for i, row in kinds
            for j, kind in enumerate(row)
            if kind in data
        ]

    best = segno.make_qr(lines.encode(), error="m", boost_error=False)
    ours = segno.make_qr(lines.encode(), error="m", boost_error=False, mask=MASK)
    assert len(unmasked(ours)) > 1000
    assert unmasked(ours) == unmasked(best)
    others = [segno.make_qr(lines.encode(), error="m", boost_error=False, mask=mask) for mask in range(8)]
    assert all(unmasked(each) == unmasked(ours) for each in others)


def test_qr_code_has_an_alternative_text_and_is_left_out_when_it_cannot_be(moment: datetime) -> None:
    message = specimen(MessageCode.MISE_EN_DEMEURE)
    (alternative,) = _alternatives(render_pdf(message, moment))
    assert alternative == (
        "QR code de virement SEPA : 14 571,09 € à Atelier Nord Menuiserie, "
        "IBAN FR76 3000 6000 0112 3456 7890 189, référence D-00042"
    )
    dollars = replace(specimen(MessageCode.FRIENDLY_REMINDER), currency="USD")
    assert _alternatives(render_pdf(dollars, moment)) == []


def _alternatives(pdf: bytes) -> list[str]:
    found = []
    reader = PdfReader(io.BytesIO(pdf))
    for number in range(1, reader.trailer["/Size"]):
        thing = reader.get_object(number)
        if isinstance(thing, dict) and thing.get("/S") == "/Figure" and "/Alt" in thing:
            found.append(str(thing["/Alt"]).replace("\u00a0", " "))
    return found


@pytest.mark.parametrize(
    "wrong", ["FR7630006000011234567890188", "FR76", "", "FR76300060000112345678901890", "XX00 <script>"]
)
def test_wrong_iban_is_never_drawn(wrong: str) -> None:
    account = replace(specimen(MessageCode.COURTESY).sender.account, iban=wrong)
    assert normal_iban(wrong) is None
    assert payment_qr(account, 100, "D-1") is None


def test_qr_limits() -> None:
    account = specimen(MessageCode.COURTESY).sender.account
    assert payment_qr(account, 0, "D-1") is None
    assert payment_qr(account, 99_999_999_999, "D-1") is not None
    assert payment_qr(account, 100_000_000_000, "D-1") is None
    assert payment_qr(account, 100, "x" * 141) is None
    assert payment_qr(replace(account, holder="x" * 71), 100, "D-1") is None


def test_assigned_debt_is_paid_to_the_assignee(moment: datetime) -> None:
    base = specimen(MessageCode.FIRM_REMINDER)
    factor = replace(
        base.sender.account, holder="Factor Exemple SA", iban="FR14 2004 1010 0505 0001 3M02 606", bic=None
    )
    printed = read(render_pdf(replace(base, sender=replace(base.sender, account=factor)), moment))
    assert "FR1420041010050500013M02606" in printed
    assert "FR7630006" not in printed


def test_call_sheet_has_no_window_and_no_code(moment: datetime) -> None:
    pdf = render_pdf(specimen(MessageCode.CALL), moment)
    assert "quaidelaFosse" not in read(pdf)
    assert _alternatives(pdf) == []


def hostile(text: str) -> Message:
    base = specimen(MessageCode.FRIENDLY_REMINDER, DebtorKind.BUSINESS)
    first, *others = base.lines
    quotes = (Quote(QuoteKind.REPLY, base.on, text),)
    return replace(
        base,
        recipient=replace(base.recipient, name=text),
        sender=replace(base.sender, name=text),
        lines=(replace(first, invoice_number=text), *others),
        quotes=quotes,
    )


HOSTILE = [
    '#import "x"', "<script>alert(1)</script>", "{{7*7}}", "{% raw %}", '=HYPERLINK("http://x")', "**gras** _i_ $x$ @ref",
    "#panic()", "// tout", "</b></para>", "@lines", "---", "- item", "## titre", "\\", "100% & co; <b>", "x" * 300,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_come_out_as_text(text: str, moment: datetime) -> None:
    message = hostile(text)
    composed = compose(message)
    assert composed.text.count(text) >= 3
    assert "49" not in composed.text.replace("49 j", "") if text == "{{7*7}}" else True
    assert "<script" not in composed.html
    assert len([block for block in composed.blocks if isinstance(block, Table)]) == 3
    assert squeezed(text) in read(render_pdf(message, moment))


@pytest.mark.parametrize(
    ("text", "shown"),
    [("ACME\r\nBcc: x@y.z", "ACME Bcc: x@y.z"), ("A\u202egepj\u202c", "Agepj"), ("A\ue000**x**\ue001", "A**x**")],
)
def test_control_and_direction_marks_are_removed(text: str, shown: str, moment: datetime) -> None:
    message = hostile(text)
    composed = compose(message)
    assert shown in composed.text
    assert "\r" not in composed.text + composed.html + composed.subject
    assert not set("\u202e\u202c\ue000\ue001") & set(composed.text + composed.html)
    assert squeezed(shown) in read(render_pdf(message, moment))


def test_characters_that_cannot_be_printed_are_refused_by_name(moment: datetime) -> None:
    with pytest.raises(UnsupportedCharacters) as refusal:
        render_pdf(hostile("Café 😀 漢"), moment)
    assert set(refusal.value.characters) == {"😀", "漢"}
    assert "Café 😀 漢" in compose(hostile("Café 😀 漢")).text


def test_pictures_for_approval_have_as_many_pages(moment: datetime, tmp_path: Path) -> None:
    message = specimen(MessageCode.MISE_EN_DEMEURE)
    assert len(render_pictures(message, ppi=20)) == pages_of(render_pdf(message, moment))

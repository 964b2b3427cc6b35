"""What a dossier holds: the same bytes twice, frozen numbers, only one debtor, and an answer to every bad exhibit."""

import io
import json
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date
from functools import cache
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject
from pypdf.generic import NameObject as N
from pypdf.generic import TextStringObject as T

from recouvrement.domain.completeness import EvidenceKind
from recouvrement.domain.journal import digest
from recouvrement.dossier.build import build_dossier
from recouvrement.dossier.reading import MAX_BYTES, Placeholder, read_file
from recouvrement.dossier.types import Annex, Dossier, FrozenNumber
from recouvrement.dossier.verify import verify_zip
from recouvrement.dossier.volumes import numbered_pdfs
from tests.dossier.sample_case import (
    MOMENT,
    email,
    exhibit,
    members_of,
    other,
    plain_pdf,
    sample,
    with_exhibits,
    words_of,
)

REPOSITORY = Path(__file__).resolve().parents[2]


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + png_chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 1, 8, 2, 0, 0, 0))
    + png_chunk(b"IDAT", zlib.compress(b"\x00\xff\x00\x00\x00\xff\x00"))
    + png_chunk(b"IEND", b"")
)


@pytest.fixture(scope="module")
def made() -> Dossier:
    return build_dossier(sample())


def test_the_same_case_gives_the_same_bytes_wherever_the_moment_is_written(made: Dossier) -> None:
    assert build_dossier(sample()).zip_bytes == made.zip_bytes
    elsewhere = replace(sample(), moment=MOMENT.astimezone(UTC))
    assert build_dossier(elsewhere).zip_bytes == made.zip_bytes


def test_exhibits_stand_in_the_order_of_a_court_file_with_their_exact_bytes(made: Dossier) -> None:
    assert [row.kind.value for row in made.numbering] == [
        "general_terms", "quote", "order", "delivery_note", "invoice", "invoice", "invoice", "reminder",
        "formal_notice", "deposit_proof", "delivery_proof", "reply",
    ]  # fmt: skip
    assert [row.number for row in made.numbering] == list(range(1, 13))
    members = members_of(made)
    held = {digest(each.content) for each in sample().exhibits}
    assert {digest(members[row.member]) for row in made.numbering} == held
    assert [row.pages for row in made.numbering] == [4, 2, 1, 1, 1, 1, 1, 4, 2, 1, 1, 1]


def test_the_bordereau_names_every_exhibit_with_date_pages_and_hash(made: Dossier) -> None:
    words = words_of(members_of(made)["00-bordereau.pdf"])
    for row in made.numbering:
        assert row.title in words
        assert row.sha256[:32] in words
        assert row.sha256[32:] in words
        assert row.on is not None
        assert f"{row.on:%d/%m/%Y}" in words


def test_every_page_of_the_reading_copy_bears_its_number(made: Dossier) -> None:
    reader = PdfReader(io.BytesIO(members_of(made)["lecture/combine.pdf"]))
    pages = [page.extract_text() for page in reader.pages]
    expected = [row.number for row in made.numbering for _ in range(row.pages)]
    assert len(pages) == 1 + len(expected)
    for number, page in zip(expected, pages[1:], strict=True):
        assert re.search(rf"Pièce n° {number}\b", page)


def test_an_email_is_readable_with_its_attachment_and_the_servers_answer(made: Dossier) -> None:
    words = words_of(members_of(made)["lecture/combine.pdf"])
    for expected in (
        "Sauf erreur de notre part",
        "compta@atelier-durand.example",
        "250 2.0.0 Ok: queued as 4F7C21",
        "relance.pdf",
    ):
        assert expected in words
    assert "Relance 1/1" in words, "the attached PDF is shown too"


def test_the_decompte_prints_every_step_and_its_totals(made: Dossier) -> None:
    words = words_of(members_of(made)["01-decompte.pdf"]).replace("\u00a0", " ")
    for figure in (
        "4 800,00 €",
        "12,15 %",
        "49,5321",
        "130,4548",
        "179,9868",
        "179,99 €",
        "1 820,01 €",
        "2 979,99 €",
        "17 136,82 €",
    ):
        assert figure in words, figure


def test_printed_amounts_add_up_again_from_the_pdf(made: Dossier) -> None:
    """A clerk with a pencil: the columns of the summary, read back from the page, make the printed totals."""
    words = words_of(members_of(made)["01-decompte.pdf"]).replace("\u00a0", " ")
    summary = words[words.index("Récapitulatif") : words.index("Livrée ou exécutée")]
    rows = [
        re.findall(r"-?\d{1,3}(?: \d{3})*,\d{2}(?= €)", chunk) for chunk in re.split(r"F-2026-\d+|Total\b", summary)
    ]
    figures = [[int(re.sub(r"[ ,]", "", each)) for each in row] for row in rows if len(row) == 7]
    assert len(figures) == 4
    assert [sum(column) for column in zip(*figures[:3], strict=True)] == figures[3]
    for original, credited, paid, principal, penalties, indemnity, total in figures:
        assert original + credited + paid == principal
        assert principal + penalties + indemnity == total


def test_the_covering_letter_carries_the_hash_of_the_manifest(made: Dossier) -> None:
    words = words_of(made.covering_letter).replace("\n", "")
    assert made.manifest_sha256 == digest(members_of(made)["SHA256SUMS"])
    assert made.manifest_sha256 in words
    assert "Contrôle BODACC du jour" in words


def test_case_json_follows_the_published_schema(made: Dossier) -> None:
    schema = json.loads((REPOSITORY / "docs/case.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    record = json.loads(members_of(made)["case.json"])
    jsonschema.Draft202012Validator(schema).validate(record)
    assert record["amounts"]["total"] == sample().amounts.total
    assert record["events"][0]["exhibits"] == [1, 2], "terms and quote"
    broken = record | {"amounts": record["amounts"] | {"principal": "12.50"}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema).validate(broken)


def test_the_published_schema_describes_every_field_and_admits_no_other() -> None:
    def undescribed(node: object, path: str) -> list[str]:
        if isinstance(node, list):
            return [one for rank, inner in enumerate(node) for one in undescribed(inner, f"{path}/{rank}")]
        if not isinstance(node, dict):
            return []
        fields = node.get("properties", {})
        lacking = [f"{path}/{name}" for name, field in fields.items() if not field.get("description")]
        lacking += [path] if fields and "additionalProperties" not in node else []
        return lacking + [one for name, inner in node.items() for one in undescribed(inner, f"{path}/{name}")]

    schema = json.loads((REPOSITORY / "docs/case.schema.json").read_text("utf-8"))
    assert undescribed(schema, "") == []
    assert set(schema["$defs"]["exhibit"]["properties"]["kind"]["enum"]) == {kind.value for kind in EvidenceKind}


def test_the_reading_copy_carries_no_action_of_a_strangers_pdf() -> None:
    trap = PdfWriter(clone_from=io.BytesIO(plain_pdf("Piege")))
    script, launch = ({"/S": "/JavaScript", "/JS": "app.alert(1)"}, {"/S": "/Launch", "/F": "cmd.exe"})
    actions = [DictionaryObject({N(k): N(v) if v[0] == "/" else T(v) for k, v in a.items()}) for a in (script, launch)]
    link = {"/Type": N("/Annot"), "/Subtype": N("/Link"), "/Rect": ArrayObject(map(FloatObject, (0, 0, 500, 800)))}
    annotation = DictionaryObject({N(key): value for key, value in link.items()} | {N("/A"): actions[1]})
    trap.pages[0][N("/Annots")] = ArrayObject([annotation])
    trap.root_object[N("/OpenAction")] = actions[0]
    out = io.BytesIO()
    trap.write(out)
    assert b"/JavaScript" in out.getvalue()

    dossier = build_dossier(with_exhibits(sample(), other("Pièce piégée", out.getvalue())))

    copy = members_of(dossier)["lecture/combine.pdf"]
    numbered = [file.content for lot in numbered_pdfs(dossier, 10**8).lots for file in lot]
    assert "Piege" in words_of(copy)
    for pdf in (copy, *numbered):
        held = [str(key) for thing in objects_of(pdf) for key in (*thing, *thing.values()) if isinstance(key, str)]
        assert not {"/JavaScript", "/JS", "/Launch", "/OpenAction", "/AA", "/EmbeddedFiles"} & set(held)


def objects_of(pdf: bytes) -> Iterator[DictionaryObject]:
    """Every dictionary of a PDF."""
    reader = PdfReader(io.BytesIO(pdf))
    for number in range(1, int(reader.trailer["/Size"])):
        thing = reader.get_object(number)
        if isinstance(thing, DictionaryObject):
            yield thing


def frozen(dossier: Dossier) -> tuple[FrozenNumber, ...]:
    return tuple(FrozenNumber(r.number, r.first_version, r.kind, r.title, r.on, r.sha256) for r in dossier.numbering)


def test_numbers_stay_frozen_and_later_exhibits_continue_them(made: Dossier) -> None:
    contract = replace(
        exhibit(EvidenceKind.CONTRACT, "Contrat-cadre", date(2026, 1, 5), plain_pdf("Contrat")), payload_salt=""
    )
    second = replace(with_exhibits(sample(), contract), version=2, previous=frozen(made))
    dossier = build_dossier(second)
    assert [(r.number, r.sha256) for r in dossier.numbering[:12]] == [(r.number, r.sha256) for r in made.numbering]
    assert (dossier.numbering[12].number, dossier.numbering[12].title, dossier.numbering[12].first_version) == (
        13,
        "Contrat-cadre",
        2,
    )
    words = words_of(members_of(dossier)["00-bordereau.pdf"])
    assert "Pièces déjà communiquées" in words
    assert "Pièces nouvelles (version 2)" in words
    assert "Pièces nouvelles dans cette version : n° 13" in words_of(dossier.covering_letter)


def test_a_version_without_anything_new_says_so(made: Dossier) -> None:
    again = build_dossier(replace(sample(), version=2, previous=frozen(made)))
    assert "Aucune pièce nouvelle dans la version 2." in words_of(members_of(again)["00-bordereau.pdf"])
    assert "Aucune pièce nouvelle" not in words_of(members_of(made)["00-bordereau.pdf"])


def test_a_withdrawn_exhibit_keeps_its_number_and_nobody_takes_it(made: Dossier) -> None:
    fewer = replace(
        sample(), version=2, previous=frozen(made), events=(),
        exhibits=tuple(each for each in sample().exhibits if each.kind is not EvidenceKind.ORDER),
    )  # fmt: skip
    dossier = build_dossier(with_exhibits(fewer, other("Note", b"note", "text/plain")))
    assert [(r.number, r.withdrawn) for r in dossier.numbering if r.withdrawn or r.number > 12] == [
        (3, True),
        (13, False),
    ]
    assert not any(name.startswith("pieces/03") for name in members_of(dossier))
    assert verify_zip(dossier.zip_bytes).ok


def test_the_same_bytes_given_twice_are_one_exhibit_that_both_references_name() -> None:
    case = sample()
    copy = replace(case.exhibits[2], reference="copie", annexes=())
    event = replace(case.events[0], exhibits=("Devis D-2026-017 signé", "copie"))
    dossier = build_dossier(replace(case, exhibits=(*case.exhibits, copy), events=(event,)))
    assert len(dossier.numbering) == 12
    assert "n° 2" in words_of(members_of(dossier)["02-chronologie.pdf"])


@given(st.permutations(range(12)))
@settings(max_examples=5, deadline=None)
def test_the_order_in_which_exhibits_are_given_changes_nothing(order: list[int]) -> None:
    shuffled = replace(sample(), exhibits=tuple(sample().exhibits[index] for index in order))
    assert build_dossier(shuffled).zip_bytes == build_dossier(sample()).zip_bytes


def encrypted_pdf() -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(plain_pdf("secret")))
    writer.encrypt("mot de passe")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@cache
def bad_exhibits() -> dict[str, tuple[bytes, str, str]]:
    good = plain_pdf("bon", 3)
    return {
        "empty": (b"", "application/pdf", "fichier vide"),
        "not a PDF": (b"<html>", "application/pdf", "n'en est pas un"),
        "cut": (good[: len(good) // 3], "application/pdf", "endommagé"),
        "encrypted": (encrypted_pdf(), "application/pdf", "mot de passe"),
        "huge": (b"%PDF-1.4\n" + bytes(100_000_000), "application/pdf", "trop volumineux"),
        "sheet": (b"PK\x03\x04....", "application/vnd.ms-excel", "ce format ne se montre pas"),
        "damaged picture": (PNG[:40], "image/png", "endommagé"),
        "bomb picture": (PNG[:16] + b"\x00\x01\x00\x00\x00\x01\x00\x00" + PNG[24:], "image/png", "trop grande"),
        "damaged mail": (b"\xff\xfe\x00", "message/rfc822", "illisibles"),
        "noise": (bytes(range(256)) * 8, "", "inconnu"),
    }


def test_bad_exhibits_never_break_a_dossier_keep_their_bytes_and_say_why() -> None:
    case = with_exhibits(sample(), *(other(name, content, kind) for name, (content, kind, _) in bad_exhibits().items()))
    dossier = build_dossier(case)
    members = members_of(dossier)
    rows = {row.title: row for row in dossier.numbering}
    words = words_of(members["lecture/combine.pdf"])
    for name, (content, _, reason) in bad_exhibits().items():
        assert members[rows[name].member] == content
        assert reason in rows[name].unreadable, name
        assert f"Pièce n° {rows[name].number} non reproduite ici" in words
    assert verify_zip(dossier.zip_bytes).ok


def test_what_an_exhibit_proves_is_said_in_the_bordereau_and_a_bad_annex_in_the_reading_copy() -> None:
    annexed = replace(
        other("Relance", email("Relance", "Bonjour"), "message/rfc822"),
        note="La réponse 250 prouve la remise au relais.",
        annexes=(Annex("Suivi", b"\x00\x01", "application/octet-stream"),),
    )
    dossier = build_dossier(with_exhibits(sample(), annexed))
    members = members_of(dossier)
    assert "La réponse 250 prouve la remise au relais." in words_of(members["00-bordereau.pdf"])
    assert "Pièce n° 13 (annexe 1, Suivi) non reproduite ici" in words_of(members["lecture/combine.pdf"])
    assert members["pieces/13-autre-annexe-1.bin"] == b"\x00\x01"


def test_pictures_and_texts_are_shown() -> None:
    case = with_exhibits(
        sample(), other("Photo", PNG, "image/png"), other("Export", "Aé;b\n1;2\n".encode("cp1252"), "text/csv")
    )
    dossier = build_dossier(case)
    assert [row.unreadable for row in dossier.numbering] == [""] * 14
    assert "Aé;b" in words_of(members_of(dossier)["lecture/combine.pdf"])


@given(
    st.binary(max_size=400),
    st.sampled_from(["application/pdf", "message/rfc822", "text/html", "text/plain", "image/png", ""]),
)
@settings(max_examples=150, deadline=None)
def test_any_bytes_of_any_kind_are_read_or_set_aside(content: bytes, media_type: str) -> None:
    assert len(read_file(content, media_type)) >= 1


@given(st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_pdf_with_flipped_bytes_still_makes_a_dossier(data: st.DataObject) -> None:
    content = bytearray(plain_pdf("victime", 2))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(8, len(content) - 1))] = data.draw(st.integers(0, 255))
    bare = replace(sample(), exhibits=(), events=(), anchors=(), anchor_salts=(), journal_lines=())
    dossier = build_dossier(replace(bare, exhibits=(other("Victime", bytes(content)),)))
    assert members_of(dossier)["pieces/01-autre.pdf"] == bytes(content)


HOSTILE = (
    '#import "x"', "*gras* _x_ $z$ @ref #eval(1)", "</b><script>alert(1)</script>", "=HYPERLINK(1)", "../../etc/passwd",
    "a\u202eb\u0000c\nd", "漢字 😀",
    "é\u0301\u0302x\u20dd", "a\u0489 q\u0300\u0315 z\u0324\u0331\u0342 \U00010330",
    "x" * 400, "$case_code ${debtor} $$", "\\u{1F600} `raw` ```",
)  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_print_as_words_and_name_no_file(words: str) -> None:
    case = sample()
    hostile = replace(
        case,
        debtor=replace(case.debtor, name=words, address=(words,), representative=words),
        creditor=replace(case.creditor, name=words),
        exhibits=(*case.exhibits, replace(other(words, email(words.replace("\n", " ").replace("\0", ""), words.replace("\0", "")),
                                                "message/rfc822"), file_name=words)),
        contact=words, letter_text=(words,),
    )  # fmt: skip
    dossier = build_dossier(hostile)
    names = list(members_of(dossier))
    assert all(re.fullmatch(r"[A-Za-z0-9._/-]+", name) and ".." not in name for name in names)
    assert "pieces/13-autre.eml" in names
    assert verify_zip(dossier.zip_bytes).ok


def test_member_names_hold_nothing_personal(made: Dossier) -> None:
    for name in members_of(made):
        assert not re.search(r"lefort|durand|2026-0|menuiserie", name.replace("ancre-2026", ""), re.IGNORECASE), name


def test_a_case_with_nothing_yet_is_still_a_dossier() -> None:
    bare = replace(
        sample(), exhibits=(), events=(), anchors=(), anchor_salts=(), journal_lines=(), items=(), missing=(),
        amounts=replace(sample().amounts, principal=0, penalties=0, indemnities=0, payments=0), statements_until=None,
    )  # fmt: skip
    dossier = build_dossier(bare)
    assert verify_zip(dossier.zip_bytes).ok
    assert "à compléter" in words_of(members_of(dossier)["01-decompte.pdf"])


def test_the_limit_of_the_reading_copy_is_a_size_not_a_guess() -> None:
    (part,) = read_file(b"%PDF-" + bytes(MAX_BYTES), "application/pdf")
    assert isinstance(part, Placeholder)

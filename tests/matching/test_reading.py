"""What the words of a bank line say, whatever the bank."""

from datetime import date

import pytest

from recouvrement.matching.mentions import find_mentions
from recouvrement.matching.reading import LineKind, Third, read_line
from tests.matching.scene import DAY, book_of, credit, item


@pytest.mark.parametrize(
    ("label", "text", "name", "read"),
    [
        ("VIR RECU 4693625986S DE: SASU A", "VIR RECU 4693625986S DE: SASU AMENAGEMENT GUERIN MOTIF: X REF: Y", "", ("AMENAGEMENT", "GUERIN")),
        ("VIR SEPA RECU /DE ROUSSEAU NETT", "VIR SEPA RECU /DE ROUSSEAU NETTOYAGE /MOTIF 2 FACTURES /REF Z", "", ("ROUSSEAU", "NETTOYAGE")),
        ("VIR SEPA RECU /DE /MOTIF SOLDE", "", "", ()),
        ("VIR INST DUPONT ET FILS", "", "", ("DUPONT", "FILS")),
        ("VIREMENT EN VOTRE FAVEUR", "", "Société Générale d'Électricité", ("GENERALE", "ELECTRICITE")),
        ("VIR SEPA SARL GUERIN & F FA2024", "", "", ("GUERIN", "F")),
    ],
)  # fmt: skip
def test_the_payers_words_are_found_in_every_layout(label, text, name, read):
    assert read_line(credit("L1", 100, text, name, label=label)).name == read


@pytest.mark.parametrize(
    ("words", "third"),
    [("HOLDING MARTIN", Third.GROUP), ("SCP NOTAIRES MARTIN", Third.NOTARY), ("BNP PARIBAS FACTOR", Third.FACTOR), ("HUISSIERS REUNIS", Third.BAILIFF), ("MARTIN", Third.NOBODY)],
)  # fmt: skip
def test_third_parties_are_known_by_their_words(words, third):
    assert read_line(credit("L1", 100, "", words)).third is third


@pytest.mark.parametrize(
    ("label", "cents", "kind"),
    [
        ("REMISE CHEQUES BORD 1416982 2 C", 100, LineKind.DEPOSIT), ("REMISE CB 32106067", 100, LineKind.OTHER),
        ("REJET PRLV", -100, LineKind.RETURNED), ("PRLV EDF", -100, LineKind.OTHER), ("VIR IMPRIMERIE MARTIN", 100, LineKind.PAYMENT),
    ],
)  # fmt: skip
def test_the_kind_of_a_line_is_read_from_its_words(label, cents, kind):
    assert read_line(credit("L1", cents, label=label)).kind is kind


FORMATS = ["2026-01-0177", "FA202600177", "FA-2026/0177", "INV0010177", "F26-0177", "2026.0177", "VTE 260177"]


def named(number: str, text: str, **more: str) -> frozenset[str]:
    book = book_of(item(number, "C1", 50_000, date(2026, 1, 20)))
    book.advance(DAY)
    return find_mentions(book, read_line(credit("L1", 50_000, text, **more))).items()


@pytest.mark.parametrize("number", FORMATS)
@pytest.mark.parametrize("wear", ["{}", "FACTURE N {} MERCI", "{}.", "votre facture {}"])
def test_every_format_of_number_is_recognised_verbatim(number, wear):
    assert number in named(number, wear.format(number.lower() if "votre" in wear else number))


@pytest.mark.parametrize("number", FORMATS)
def test_every_format_survives_what_people_do_to_numbers(number):
    bare = number.replace("-", "").replace("/", "").replace(".", "").replace(" ", "")
    digits = "".join(c for c in number if c.isdigit())
    exchanged = digits[:-2] + digits[-1] + digits[-2]
    for text in (
        bare,
        number.replace("0", "O"),
        digits,
        number.replace("-", " ").replace("/", " "),
        exchanged,
        digits[:-4] + digits[-3:],
    ):
        assert number in named(number, f"REGLT {text}"), text


def test_a_tail_is_enough_to_be_a_candidate():
    assert "2026-01-0177" in named("2026-01-0177", "FACTURE 177")


def test_a_creditor_reference_iso_11649_names_the_invoice():
    from stdnum import iso11649  # type: ignore[import-untyped]

    checked = next(f"RF{n:02d}FA202600177" for n in range(2, 99) if iso11649.is_valid(f"RF{n:02d}FA202600177"))
    assert "FA202600177" in named("FA202600177", checked)


def test_the_customers_own_reference_is_read_when_the_ledger_holds_it():
    book = book_of(item("2026-01-0177", "C1", 50_000, customer_reference="PO 4500013503"))
    book.advance(DAY)
    assert "2026-01-0177" in find_mentions(book, read_line(credit("L1", 50_000, "CDE PO4500013503"))).items()


def test_a_number_cut_by_the_width_of_the_field_is_no_other_number():
    book = book_of(item("FA202600017", "C1", 50_000), item("FA2026000170", "C2", 50_000))
    book.advance(DAY)
    line = credit("L1", 50_000, label="VIR SEPA LOPEZ MECA FA202600017")
    assert find_mentions(book, read_line(line)).items() == {"FA202600017", "FA2026000170"}


@pytest.mark.parametrize(
    "text", ["", "É" * 300, "//--..", "\u0000\u202e", "9" * 400, "FACT " * 50, "A-" * 100, "…" * 40]
)
def test_bad_text_is_read_without_harm(text):
    book = book_of(item("2026-01-0177", "C1", 50_000))
    book.advance(DAY)
    reading = read_line(credit("L1", 50_000, text, text))
    assert find_mentions(book, reading).items() == frozenset()

"""From a bank line to what it says: the payer's words, the pieces of numbers, the marks of a cut or partial text."""

import re
from enum import StrEnum
from typing import NamedTuple

from recouvrement.matching.types import Credit
from recouvrement.matching.words import (
    BAILIFF_WORDS,
    BANK_WORDS,
    CHEQUE_COUNT,
    CHEQUE_DEPOSIT,
    COUNTED,
    CUT_MARK,
    FACTOR_WORDS,
    GROUP_WORDS,
    LEGAL_FORMS,
    NOTARY_WORDS,
    OTHER_INCOME,
    PART_PAYMENT,
    RETURNED,
    WORD,
    listed,
    name_tokens,
    plain_upper,
)

# Widths at which banks cut their fields: CFONB 120 label, MT940 lines, SEPA name and remittance.
FIELD_WIDTHS = frozenset({31, 32, 35, 65, 70, 105, 140})
SENDER = re.compile(
    r"(?:\bDE\s*:|/DE\b|\bDONNEUR(?:\s+D\s*ORDRE)?\s*:|\bEMETTEUR\s*:|\bORDRE\s*:|/NAME/|\bNOM\s*:)\s*(.*?)\s*(?=/?\bMOTIF\b|/?\bREF\b|/REMI|/EREF|$)"
)
SUBJECT = re.compile(r"/?\bMOTIF\s*:?\s*(.*?)\s*(?=/?\bREF\s*:|/REF\b|/EREF|$)")
CODE_BEFORE = frozenset("CMD COMMANDE PO BC LOT DEVIS BL BORD".split())  # noqa: SIM905
BILL_BEFORE = listed(
    """
    FACT FACTS FACTURE FACTURES FAC FCT FRE INVOICE INVOICES INV RECHNUNG RECHNUNGEN RECHNUNGSNR RG FACTURA FACTURAS FRA
    FATTURA FATTURE FATT FACTUUR FACTUURNR
    """
)
NUMBER_SIGNS = frozenset({"N", "NO", "NR", "NUM", "NUMERO"})
ARTICLES = frozenset({"DE", "DU", "DES", "LA", "LE", "LES", "ET", "AU", "AUX"})


class LineKind(StrEnum):
    """What the words of a line say it is."""

    PAYMENT = "payment"
    DEPOSIT = "deposit"
    OTHER = "other"
    RETURNED = "returned"


class Third(StrEnum):
    """Who pays in the place of the debtor."""

    NOBODY = ""
    GROUP = "group"
    NOTARY = "notary"
    FACTOR = "factor"
    BAILIFF = "bailiff"


class Fragment(NamedTuple):
    """A word that may be a number or a piece of one, with what stands before it in the text.

    `coded`: after a word for an order or a parcel; `billed`: after a word for an invoice.
    """

    text: str
    separator: str
    cut: bool
    coded: bool
    billed: bool = False


class Reading(NamedTuple):
    """All that the text of one line says; nothing here knows the ledger."""

    credit: Credit
    kind: LineKind
    third: Third
    name: tuple[str, ...]
    name_field: bool
    name_cut: bool
    words: frozenset[str]
    fragments: tuple[Fragment, ...]
    text_cut: bool
    list_cut: bool
    part: bool
    counted: int
    fingerprint: tuple[str, ...]


def _is_cut(field: str) -> bool:
    return len(field) in FIELD_WIDTHS or len(field) + 1 in FIELD_WIDTHS


def _fragments(text: str, *, cut: bool) -> list[Fragment]:
    found = []
    before, word_before = 0, ""
    for match in WORD.finditer(text):
        word = match.group()
        if len(word) <= 6 or not word.isalpha():
            last = cut and match.end() == len(text)
            coded, billed = word_before in CODE_BEFORE, word_before in BILL_BEFORE
            found.append(Fragment(word, text[before : match.start()], last, coded, billed))
        else:
            found.append(Fragment("", text[before : match.start()], cut=False, coded=False))
        before = match.end()
        word_before = word_before if word in NUMBER_SIGNS else word
    return found


def _free_name(text: str, *, cut: bool) -> tuple[tuple[str, ...], bool]:
    """The run of words that names somebody in a label without structure, and whether the end of the field cuts it."""
    kept: list[str] = []
    ends = False
    words = [(m.group(), m.end() == len(text)) for m in re.finditer(r"[A-Z0-9]+|&", text)]
    for word, last in words:
        numeric = word != "&" and not word.isalpha()
        if numeric or (word in BANK_WORDS and word not in ARTICLES):
            if kept:
                break
            continue
        if last and cut and len(word) >= 2 and any(b.startswith(word) for b in BANK_WORDS) and len(kept) > 1:
            break
        if word not in ARTICLES and word != "&":
            kept.append(word)
            ends = last and cut
    return tuple(w for w in kept if w not in LEGAL_FORMS), ends


def _third(words: frozenset[str]) -> Third:
    for third, vocabulary in (
        (Third.BAILIFF, BAILIFF_WORDS),
        (Third.FACTOR, FACTOR_WORDS),
        (Third.NOTARY, NOTARY_WORDS),
        (Third.GROUP, GROUP_WORDS),
    ):
        if not words.isdisjoint(vocabulary):
            return third
    return Third.NOBODY


def _kind(text: str, amount_cents: int) -> LineKind:
    if amount_cents < 0:
        return LineKind.RETURNED if RETURNED.search(text) else LineKind.OTHER
    if CHEQUE_DEPOSIT.search(text):
        return LineKind.DEPOSIT
    return LineKind.OTHER if OTHER_INCOME.search(text) else LineKind.PAYMENT


def _count(text: str, kind: LineKind) -> int:
    found = (CHEQUE_COUNT if kind is LineKind.DEPOSIT else COUNTED).search(text)
    return int(found.group(1)) if found else 0


def read_line(credit: Credit) -> Reading:
    """Read the words of one bank line.

    The remittance counts before the label, which is often only its beginning cut at the width of the bank's field.
    """
    label, remittance = plain_upper(credit.label).strip(), plain_upper(credit.remittance).strip()
    main = remittance or label
    cut = _is_cut(main)
    sender = SENDER.search(main) or SENDER.search(label)
    subject = SUBJECT.search(main)
    body = subject.group(1) if subject else main
    body_cut = cut and main.endswith(body)
    if sender and not subject:
        body = main.replace(sender.group(0), " ")
    field = plain_upper(credit.counterparty_name)
    whole = remittance if remittance.startswith(label) else label
    name_cut = False
    if field:
        name, dedicated = name_tokens(field), True
    elif sender and sender.group(1):
        name, dedicated = name_tokens(sender.group(1)), True
    elif sender:
        name, dedicated = (), True
    else:
        name, name_cut = _free_name(whole, cut=_is_cut(whole))
        dedicated = False
    everything = f"{label} {remittance} {field}"
    words = frozenset(WORD.findall(everything))
    kind = _kind(everything, credit.amount_cents)
    fragments = _fragments(body, cut=body_cut)
    for extra in (credit.reference, credit.end_to_end_id):
        if extra and extra != "NOTPROVIDED":
            fragments.append(Fragment("", "|", cut=False, coded=False))
            fragments.extend(_fragments(plain_upper(extra), cut=False))
    return Reading(
        credit=credit,
        kind=kind,
        third=_third(words),
        name=name,
        name_field=dedicated,
        name_cut=name_cut,
        words=words,
        fragments=tuple(fragments),
        text_cut=body_cut,
        list_cut=bool(CUT_MARK.search(body)),
        part=bool(PART_PAYMENT.search(body)),
        counted=_count(everything, kind),
        fingerprint=(*name, "|", *WORD.findall(body)),
    )

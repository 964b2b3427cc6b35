"""The account of a bank table that has no column for it: said by the caller, above the heading, or in the file's name."""

import re
from collections.abc import Iterable
from dataclasses import replace

from recouvrement.intake import identifiers
from recouvrement.intake.tables import Layout

IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[0-9A-Z]{4}){2,7}(?: ?[0-9A-Z]{1,3})?\b")
NUMBER = re.compile(r"(?<![0-9A-Za-z])(?=[0-9A-Z]*\d{5})[0-9A-Z]{7,23}(?![0-9A-Za-z])")
DAY = re.compile(r"(19|20)\d{6}$|\d{2}(0[1-9]|1[0-2])(19|20)\d{2}$")


def completed(layout: Layout, file: str, account: str) -> Layout:
    """The layout with the account as a constant, when the table is a bank's and its columns do not say it."""
    mapping = layout.mapping
    if mapping.target != "bank" or "account" in layout.placed or mapping.constants.get("account"):
        return layout
    found = account or found_in((*layout.preamble, file.rpartition("/")[2].rpartition(".")[0]))
    return replace(layout, mapping=replace(mapping, constants={**mapping.constants, "account": found}))


def found_in(texts: Iterable[str]) -> str:
    r"""The first valid IBAN of these texts, else the first thing that looks like an account number, else ''.

    >>> found_in(['="00000000001";01/02/2026;50,00 EUR\r\n']), found_in(["Compte FR76 9999 9000 0100 0000 0000 115"])
    ('00000000001', 'FR7699999000010000000000115')
    >>> found_in(["releve_20260301_20260331"])
    ''
    """
    stated = list(texts)
    for text in stated:
        for match in IBAN.findall(text.upper()):
            if valid := identifiers.iban(match):
                return valid
    for text in stated:
        for match in NUMBER.findall(text.replace("_", " ")):
            if not DAY.match(match):
                return str(match)
    return ""

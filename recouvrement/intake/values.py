"""Amounts and days as strangers write them, into cents and dates; never through a float."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache

SPACES = dict.fromkeys(map(ord, " \u00a0\u202f\u2009\t'’"))
MISPLACED_SPACE = re.compile(r"\d[ \u00a0\u202f\u2009\t'’](?=\d)(?!\d{3}(?!\d))")
NOT_DIGITS = re.compile(r"[^\d.,]")
MAXIMUM_CENTS = 10**15
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$")
FRENCH = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(?: .*)?$")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{6}.*)?$")
LETTERS = {"YYYY": r"(?P<y>\d{4})", "YY": r"(?P<y>\d{2})", "MM": r"(?P<m>\d{1,2})", "DD": r"(?P<d>\d{1,2})"}


class AmbiguousAmountError(ValueError):
    """One thousand or one and some thousandths: the text alone cannot tell."""


def amount(text: str, decimal: str = "auto") -> int:
    """Cents (hundredths) of an amount written in French or English; ValueError says what is wrong.

    A trailing or leading minus, brackets (accountants' negatives), currency marks and any thousands space are
    understood. With `decimal="auto"` a single separator followed by three digits is refused as ambiguous.

    >>> [amount(t) for t in ("1 234,56", "1.234,56", "1,234.56", "-12,3", "(5,00)", "7-", "12 €", "EUR 3.10")]
    [123456, 123456, 123456, -1230, -500, -700, 1200, 310]
    >>> amount("1.234", decimal=","), amount("1.2300", decimal=".")
    (123400, 123)
    """
    stated = text.strip()
    plain = stated.translate(SPACES)
    if len(plain) != len(stated) and MISPLACED_SPACE.search(stated):
        raise ValueError("thousands are not grouped by three")
    whole, _, rest = plain.partition(".")
    if decimal != "," and len(rest) <= 2 and len(whole) <= 12 and whole.isdigit() and whole.isascii():
        if not rest:
            return int(whole) * 100
        if rest.isdigit() and rest.isascii():
            return int(whole) * 100 + int(rest) * (10 if len(rest) == 1 else 1)
    return _worded_amount(plain, decimal)


def _worded_amount(text: str, decimal: str) -> int:
    negative = False
    for mark in ("EUR", "€", "eur"):
        text = text.removesuffix(mark).removeprefix(mark)
    if text.startswith("(") and text.endswith(")"):
        negative, text = True, text[1:-1]
    if text[:1] in {"-", "+", "\u2212"}:
        negative, text = negative ^ (text[0] != "+"), text[1:]
    elif text[-1:] in {"-", "+", "\u2212"}:
        negative, text = negative ^ (text[-1] != "+"), text[:-1]
    for mark in ("EUR", "€"):
        text = text.removesuffix(mark).removeprefix(mark)
    if not text or not text.isascii() or NOT_DIGITS.search(text) or len(text) > 30:
        raise ValueError("not an amount")
    cents = _unsigned(text, decimal)
    return -cents if negative else cents


def _unsigned(text: str, decimal: str) -> int:
    mark = decimal if decimal in {",", "."} else _decimal_mark(text)
    other = "." if mark == "," else ","
    whole, found, rest = text.rpartition(mark) if mark in text else (text, "", "")
    if mark in whole or other in rest:
        raise ValueError("separators out of order")
    groups = whole.split(other)
    if len(groups) > 1 and (not 1 <= len(groups[0]) <= 3 or any(len(group) != 3 for group in groups[1:])):
        raise ValueError("thousands are not grouped by three")
    try:
        scaled = Decimal("".join(groups) + ("." + rest if found else "")) * 100
    except InvalidOperation:
        raise ValueError("not an amount") from None
    if scaled != int(scaled):
        raise ValueError("more than two decimals")
    if scaled > MAXIMUM_CENTS:
        raise ValueError("larger than any amount here")
    return int(scaled)


def _decimal_mark(text: str) -> str:
    commas, points = text.count(","), text.count(".")
    if commas and points:
        return "," if text.rindex(",") > text.rindex(".") else "."
    if commas + points > 1:
        return "." if commas else ","  # repeated: it groups thousands
    mark = "," if commas else "."
    whole, _, rest = text.partition(mark)
    if len(rest) == 3 and 1 <= len(whole) <= 3 and whole.strip("0"):
        raise AmbiguousAmountError("the separator may mark thousands or decimals")
    return mark


@lru_cache(maxsize=20_000)
def day(text: str, forms: tuple[str, ...] = ()) -> date:
    """A date in ISO, French (day first) or compact form, or in the given forms only; ValueError otherwise.

    >>> day("2026-03-09"), day("09/03/2026"), day("20260309"), day("9.3.26") == day("2026-03-09T00:00:00")
    (datetime.date(2026, 3, 9), datetime.date(2026, 3, 9), datetime.date(2026, 3, 9), True)
    >>> day("03/09/2026", ("MM/DD/YYYY",))
    datetime.date(2026, 3, 9)
    """
    text = text.strip()
    if len(text) > 40 or not text.isascii():  # what is returned is kept: never keep long texts
        raise ValueError("not a date")
    for form in forms:
        found = _form(form).fullmatch(text)
        if found:
            return _plausible(int(found["y"]), int(found["m"]), int(found["d"]))
    if not forms:
        if found := ISO.match(text) or COMPACT.match(text):
            return _plausible(int(found[1]), int(found[2]), int(found[3]))
        if found := FRENCH.match(text):
            return _plausible(int(found[3]), int(found[2]), int(found[1]))
    raise ValueError("not a date in a known form")


@lru_cache(maxsize=100)
def _form(form: str) -> re.Pattern[str]:
    pattern = re.escape(form)
    for letters, group in LETTERS.items():
        pattern = pattern.replace(letters, group, 1) if f"?P<{group[4]}>" not in pattern else pattern
    return re.compile(pattern + r"(?:[T ].*)?")


def _plausible(year: int, month: int, day_of_month: int) -> date:
    if year < 100:
        year += 2000 if year < 60 else 1900
    if not 1900 <= year <= 2200:
        raise ValueError("a year out of reach")
    return date(year, month, day_of_month)

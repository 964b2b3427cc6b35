"""The words around the texts in each language: dates, rates, labels, and the language chosen for a message."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

from recouvrement.domain.money import NO_BREAK_SPACE, printed
from recouvrement.letters.types import MessageCode
from recouvrement.typesetting import TEMPLATES

DEFAULT_LANGUAGE = "fr"


class TextFault(Exception):
    """A text or its labels cannot be used as written; the message names the file."""


FRENCH_SPACES = (
    (re.compile(r" +([:;?!€%»])"), "\u00a0\\1"),
    (re.compile(r"« +"), "«\u00a0"),
    (re.compile(r"\b([LRD]\.|n°|art\.) (?=\d|$)"), "\\1\u00a0"),
)


def typographic(text: str, language: str) -> str:
    """Set apostrophes, and in French the no-break spaces, that an editor at a keyboard does not type.

    >>> typographic("l'offre : « oui » ; art. 5 !", "fr").replace(NO_BREAK_SPACE, "_")
    'l’offre_: «_oui_»_; art._5_!'
    """
    text = text.replace("'", "’").replace(" × ", "\u00a0×\u00a0")
    if language == "fr":
        for pattern, replacement in FRENCH_SPACES:
            text = pattern.sub(replacement, text)
    return text


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """The language used, and why it is not the one asked for (None when it is)."""

    used: str
    asked: str
    reason: str | None = None


def language_for(code: MessageCode, asked: str, templates: Path = TEMPLATES) -> LanguageChoice:
    """Choose the debtor's language when the text exists in it, else French with the reason.

    >>> language_for(MessageCode.FRIENDLY_REMINDER, "de").used
    'de'
    >>> language_for(MessageCode.MISE_EN_DEMEURE, "de")
    LanguageChoice(used='fr', asked='de', reason='mise_en_demeure is not written in de')
    """
    wanted = asked.strip().lower().replace("_", "-").split("-")[0]
    if wanted.isalpha() and _is_written(code, wanted, templates):
        return LanguageChoice(wanted, asked)
    return LanguageChoice(DEFAULT_LANGUAGE, asked, f"{code} is not written in {asked or 'an unknown language'}")


@cache
def _is_written(code: MessageCode, language: str, templates: Path) -> bool:
    return (templates / language / f"{code}.md.j2").is_file()


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The labels of one language and how it writes days, amounts and rates."""

    language: str
    labels: Mapping[str, str]
    months: tuple[str, ...]

    def label(self, key: str, **values: object) -> str:
        """The label of that key with its braces filled; KeyError names a key that does not exist."""
        return self.labels[key].format_map(values) if values else self.labels[key]

    def day(self, day: date) -> str:
        """A day in words, its parts kept on one line."""
        return self._written(self.labels["date"], day)

    def _written(self, pattern: str, day: date) -> str:
        number = self.labels["first_of_month"] if day.day == 1 else str(day.day)
        words_ = pattern.format(day=number, month=self.months[day.month - 1], year=day.year)
        return words_.replace(" ", NO_BREAK_SPACE)

    def short_day(self, day: date) -> str:
        """A day in figures for tables; day before month in every language of the house."""
        return self.labels["date_in_figures"].format(day=day.day, month=day.month, year=day.year)

    def amount(self, cents: int, currency: str) -> str:
        """Cents as printed in that language, with a true minus sign."""
        return printed(cents, currency, self.language).replace("-", "−")

    def rate(self, percent: Fraction) -> str:
        """A yearly rate in percent, two decimals, or as many as it has up to six.

        >>> words("fr").rate(Fraction(124, 10)).replace(NO_BREAK_SPACE, "_"), words("en").rate(Fraction(12155, 1000))
        ('12,40_%', '12.155%')
        """
        exact = (Decimal(percent.numerator) / Decimal(percent.denominator)).quantize(Decimal("1.000000"))
        whole, _, rest = f"{exact:f}".partition(".")
        decimals = rest.rstrip("0").ljust(2, "0")
        return f"{whole}.{decimals}%" if self.language == "en" else f"{whole},{decimals}{NO_BREAK_SPACE}%"

    def days(self, days: Sequence[date]) -> str:
        """Days in a sentence, the year said once when it is the same.

        >>> words("fr").days([date(2026, 10, 1), date(2026, 10, 3)]).replace(NO_BREAK_SPACE, "_")
        '1er_octobre et 3_octobre_2026'
        """
        short = self.labels["date_without_year"]
        return self.listed(
            self.day(day) if day is days[-1] or day.year != days[-1].year else self._written(short, day) for day in days
        )

    def listed(self, items: Iterable[str]) -> str:
        """Items in a sentence.

        >>> words("fr").listed(["a", "b", "c"])
        'a, b et c'
        """
        *others, last = list(items)
        return f"{', '.join(others)} {self.labels['and']} {last}" if others else last


@cache
def words(language: str, templates: Path = TEMPLATES) -> Words:
    """Read the labels of a language once.

    Raises:
        TextFault: the file is missing, is not TOML, or has not the keys of the French one.
    """
    labels, months = _read(language, templates)
    expected, _ = _read(DEFAULT_LANGUAGE, templates)
    if odd := labels.keys() ^ expected.keys():
        raise TextFault(f"{language}/labels.toml: keys missing or unknown: {', '.join(sorted(odd))}")
    return Words(language, labels, months)


def _read(language: str, templates: Path) -> tuple[dict[str, str], tuple[str, ...]]:
    source = templates / language / "labels.toml"
    try:
        raw = tomllib.loads(source.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise TextFault(f"{language}/labels.toml: {fault}") from fault
    months = tuple(str(month) for month in raw.pop("months", ()))
    if len(months) != 12:
        raise TextFault(f"{language}/labels.toml: twelve months are needed")
    flat: dict[str, str] = {}
    for key, value in raw.items():
        if isinstance(value, dict):
            flat.update({f"{key}.{inner}": typographic(str(text), language) for inner, text in value.items()})
        else:
            flat[key] = typographic(str(value), language)
    return flat, months

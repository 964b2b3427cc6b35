"""Which characters a letter can carry: what is cleaned silently and what must be corrected by a person."""

import unicodedata
from functools import cache

from recouvrement.typesetting.fonts import FONTS, drawn_by_all

NO_BREAK_SPACE = "\u00a0"
INVISIBLE = {"Cc", "Cf", "Co", "Cs"}
"""Controls, format marks (bidi overrides, zero widths, soft hyphens), private use, lone surrogates."""


def presentable(text: str) -> str:
    r"""Return the text as it may be printed: composed, on one line, without invisible or direction-changing marks.

    Narrow no-break spaces become U+00A0, the only no-break space that Liberation Sans has; other blanks become spaces.

    >>> presentable("Cafe\u0301 \u202egepj.exe\u202c\r\n1\u202f234")
    'Café gepj.exe 1\xa0234'
    """
    if _kept_as_they_are().issuperset(text) and unicodedata.is_normalized("NFC", text):
        return text
    kept = (_kept(character) for character in unicodedata.normalize("NFC", text.replace("\r\n", "\n")))
    return "".join(kept)


def _kept(character: str) -> str:
    if character in "\u202f\u2007":
        return NO_BREAK_SPACE
    category = unicodedata.category(character)
    if character in "\n\t\r\v\f" or category in {"Zl", "Zp"} or (category == "Zs" and character != NO_BREAK_SPACE):
        return " "
    return "" if category in INVISIBLE else character


def unsupported_characters(text: str) -> tuple[str, ...]:
    """Return the characters of the text that the bundled fonts cannot draw, each once, in order of appearance.

    >>> unsupported_characters("Société Łódź & Ωmega — 12 €"), unsupported_characters("漢 Café 😀 漢")
    ((), ('漢', '😀'))
    """
    drawable = _drawable()
    if drawable.issuperset(text):
        return ()
    return tuple(dict.fromkeys(character for character in presentable(text) if character not in drawable))


@cache
def _drawable() -> frozenset[str]:
    return frozenset(map(chr, drawn_by_all(FONTS)))


@cache
def _kept_as_they_are() -> frozenset[str]:
    return frozenset(character for character in _drawable() if _kept(character) == character)

"""The numbers that a text names: spans of fragments looked up in the book, exact, altered, shortened or cut."""

import re
from collections.abc import Iterable
from math import log10

from stdnum import iso11649

from recouvrement.matching.book import Book
from recouvrement.matching.numbers import LOOKALIKES, digits_of, folded
from recouvrement.matching.reading import Reading
from recouvrement.matching.spans import Mention, Mentions
from recouvrement.matching.types import Reason

NUMERIC = re.compile(r"[A-Z]{0,5}[0-9OIL]*[0-9][0-9OIL]*")
JOINING = re.compile(r"[ \-/._#:]{0,3}")
LISTING = re.compile(r"\s*(?:[/,;+&]|-|ET|\s)\s*")
ANDS = frozenset({"ET", "AND", "UND", "EN", "Y", "E"})
RANGE_WORDS = frozenset({"A", "AU", "TO", "JUSQU"})
NEAR_PENALTY = 110
TAIL_PENALTY = 60
PREFIX_LIMIT = 400
EVIDENCE_CAP = 420
# A year, a month of a year or a day of it, in either order.
_MONTH, _DAY = r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])"
DATED = re.compile(rf"(?:{_DAY}?{_MONTH})?(?:20)?2\d|20[1-4]\d(?:{_MONTH}{_DAY}?)?")
DAY = re.compile(rf"{_DAY}([/.-]){_MONTH}\1(?:20)?2\d?")
NONE: frozenset[str] = frozenset()
UNKNOWN = Reason.REFERENCE_CONTRADICTED
LONG_NUMBER = 220


class _Finder:
    def __init__(self, book: Book, reading: Reading) -> None:
        self.book = book
        self.numbers = book.numbers
        self.fragments = reading.fragments
        self.day = reading.credit.booking_on
        self.found: list[Mention] = []
        self.ends: list[tuple[int, int]] = []

    def seen(self, found: Iterable[str]) -> list[str]:
        return self.book.visible(found, self.day)

    def weight(self, matches: int, penalty: int) -> int:
        """Evidence for one item among `matches` of those in the book, less what the kind of match costs."""
        rarity = round(100 * log10(self.book.known_items(self.day) / max(matches, 1)))
        return max(20, min(rarity - penalty, EVIDENCE_CAP))

    def joins(self, start: int) -> list[tuple[int, str]]:
        """Texts made of the fragments from `start` on, longest first, with the position after each."""
        made, text = [], ""
        for position in range(start, min(start + 5, len(self.fragments))):
            fragment = self.fragments[position]
            if not fragment.text or (position > start and not JOINING.fullmatch(fragment.separator)):
                break
            text += fragment.text
            made.append((position + 1, text))
        return made[::-1]

    def run(self) -> Mentions:
        position, verbatim_only = 0, False
        while position < len(self.fragments):
            fragment = self.fragments[position]
            verbatim_only = verbatim_only or fragment.separator == "|"
            if fragment.text in RANGE_WORDS:
                position += 1
                continue
            end = self.verbatim(position) or (None if verbatim_only else self.read_loosely(position))
            position = end or position + 1
        return Mentions(tuple(self.found), self.is_ranged())

    def read_loosely(self, position: int) -> int | None:
        return (
            self.dated(position)
            or self.cut(position)
            or self.altered(position)
            or self.tail(position)
            or self.unknown(position)
        )

    def dated(self, start: int) -> int | None:
        """Past the day, the month and the year of a date, the last of them perhaps cut."""
        three = self.fragments[start : start + 3]
        written = "".join([f.separator * (n > 0) + f.text for n, f in enumerate(three)])
        return start + 3 if DAY.fullmatch(written) and (len(three[2].text) != 3 or three[2].cut) else None

    def may_be_dated(self, start: int, end: int, text: str) -> bool:
        """Whether a text may be a month or a day: 01/2026 or 20260131, but not 2025/0917."""
        pieces = [f.text for f in self.fragments[start:end]]
        return bool(DATED.fullmatch(text)) and (
            len(pieces) == 1 or all(len(p) <= 2 or p.startswith("20") for p in pieces)
        )

    def keep(self, start: int, end: int, mention: Mention) -> int:
        self.found.append(mention)
        self.ends.append((start, end))
        return end

    def verbatim(self, start: int) -> int | None:
        for end, text in self.joins(start):
            if text.isalpha() and not self.numbers.by_reference:
                continue
            if self.fragments[end - 1].cut and end - 1 > start - 1 and self.longer_exists(text):
                continue
            key = folded(text)
            found, penalty = self.seen(self.numbers.by_key.get(key, ())), 0
            digits = digits_of(text)
            if not found and len(digits) >= 5 and NUMERIC.fullmatch(text):
                found, penalty = self.seen(self.numbers.with_digits(digits)), 20
            if not found and text.startswith("RF") and iso11649.is_valid(text):
                found = self.seen(self.numbers.by_key.get(folded(text[4:].lstrip("0")), ()))
            if found and not text.isalpha():
                weight = self.limited(digits, self.weight(len(found), penalty))
                near = self.seen(self.numbers.near(digits)) if 5 <= len(digits) <= 14 else []
                close = frozenset(near) - frozenset(found)
                close_weight = self.weight(len(near) + len(found), NEAR_PENALTY + 40)
                mention = Mention(
                    frozenset(found),
                    close,
                    weight,
                    close_weight,
                    Reason.REFERENCE_EXACT,
                    Reason.REFERENCE_ALTERED,
                    firm=len(digits) >= 5 or (self.fragments[start].billed and not self.may_be_dated(start, end, text)),
                )
                return self.keep(start, end, mention)
            own = self.seen(self.numbers.by_reference.get(key, ()))
            if own:
                weight = self.limited(digits, self.weight(len(own), 30))
                return self.keep(start, end, _single(own, weight, Reason.REFERENCE_CUSTOMER, firm=False))
        return None

    def longer_exists(self, text: str) -> bool:
        found = self.seen(self.numbers.with_prefix(folded(text)))
        return len(found) > len(self.numbers.by_key.get(folded(text), ()))

    def limited(self, digits: str, weight: int) -> int:
        """A long number tells much even in a small book; a short one, or a year, little even in a large one."""
        if len(digits) <= 4:
            year = len(digits) == 4 and digits.startswith("20")
            return min(weight, 40 if year else 80 * len(digits) - 80)
        return max(weight, LONG_NUMBER) if len(digits) >= 6 else weight

    def cut(self, start: int) -> int | None:
        """A number cut by the end of the field: all the items that begin so."""
        for end, text in self.joins(start):
            if end == len(self.fragments) and self.fragments[end - 1].cut and len(digits_of(text)) >= 3:
                found = self.seen(self.numbers.with_prefix(folded(text)))
                if found and len(found) <= PREFIX_LIMIT:
                    weight = self.weight(len(found), 10)
                    return self.keep(start, end, _single(found, weight, Reason.REFERENCE_TAIL, firm=False))
        return None

    def altered(self, start: int) -> int | None:
        if self.fragments[start].coded:
            return None
        for end, text in self.joins(start):
            digits = digits_of(text)
            plausible = any(len(digits) + d in self.numbers.by_digits for d in (-1, 0, 1))
            if plausible and 5 <= len(digits) <= 14 and NUMERIC.fullmatch(text):
                near = self.seen(self.numbers.near(digits))
                if near:
                    weight = max(self.weight(len(near), NEAR_PENALTY), LONG_NUMBER // 2 if len(digits) >= 6 else 0)
                    mention = Mention(
                        frozenset(),
                        frozenset(near),
                        0,
                        weight,
                        Reason.REFERENCE_ALTERED,
                        Reason.REFERENCE_ALTERED,
                        firm=self.fragments[start].billed,
                    )
                    return self.keep(start, end, mention)
        return None

    def tail(self, start: int) -> int | None:
        listed = self.is_listed(start)
        for end, text in self.joins(start):
            digits = text.translate(LOOKALIKES)
            if not digits.isdigit() or self.fragments[start].coded or not 1 <= len(digits) <= 6:
                continue
            if listed:
                debtors = {self.book.items[i].debtor_id for i in self.found[-1].exact | self.found[-1].close}
                found = [
                    i for i in self.seen(self.numbers.with_tail(digits)) if self.book.items[i].debtor_id in debtors
                ]
                if found:
                    weight = max(40, min(100 * len(digits) - 60, 250))
                    return self.keep(start, end, _single(found, weight, Reason.REFERENCE_LIST, firm=True))
            if 3 <= len(digits) <= 6 and not (len(digits) == 4 and digits.startswith("20")):
                found = self.seen(self.numbers.with_tail(digits))
                if found and len(found) <= PREFIX_LIMIT:
                    weight = self.weight(len(found), TAIL_PENALTY)
                    return self.keep(start, end, _single(found, weight, Reason.REFERENCE_TAIL, firm=False))
        return None

    def is_listed(self, start: int) -> bool:
        """Whether a piece stands right behind a number, at most a joining sign or an "and" between them."""
        before = start - (start > 0 and self.fragments[start - 1].text in ANDS)
        return (
            bool(self.ends) and self.ends[-1][1] == before and bool(LISTING.fullmatch(self.fragments[start].separator))
        )

    def unknown(self, start: int) -> int | None:
        """The number of an invoice that the book does not hold: said to be one, or written like the book's own."""
        first = self.fragments[start]
        for end, text in self.joins(start):
            if self.fragments[end - 1].cut or len(digits_of(text)) < 3 or self.may_be_dated(start, end, text):
                continue
            like = len(text) >= 7 and not first.coded and self.numbers.is_like(text)
            if like or (first.billed and any(c.isdigit() for c in first.text)):
                return self.keep(start, end, Mention(NONE, NONE, 0, 0, UNKNOWN, UNKNOWN, firm=True))
        return None

    def is_ranged(self) -> bool:
        for (_, first_end), (second_start, _) in zip(self.ends, self.ends[1:], strict=False):
            between = [f.text for f in self.fragments[first_end:second_start]]
            if between and all(t in RANGE_WORDS for t in between):
                return True
        return False


def _single(found: list[str], weight: int, reason: Reason, *, firm: bool) -> Mention:
    return Mention(frozenset(found), frozenset(), weight, 0, reason, reason, firm=firm)


def find_mentions(book: Book, reading: Reading) -> Mentions:
    """Look up every piece of number of a line; a hit is only a candidate: amounts or payer must agree."""
    return _Finder(book, reading).run()

"""Which item a text names: an index of the numbers in the book and evidence for what a fragment may stand for."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import islice
from string import ascii_uppercase

from recouvrement.matching.types import OpenItem

LOOKALIKES = str.maketrans("OIL", "011")
LONGEST_TAIL = 6
_SEPARATORS = re.compile(r"[^A-Z0-9]")
_LETTERS = re.compile(r"\D")
_DIGIT = re.compile(r"\d")


def folded(number: str) -> str:
    """A number without separators, look-alike letters as digits, upper case.

    >>> folded("fa-2O25/0012"), folded("2025-01-0009")
    ('FA20250012', '2025010009')
    """
    return _bare(number).translate(LOOKALIKES)


def digits_of(number: str) -> str:
    """The digits of a number after its leading letters.

    >>> digits_of("FA202500012"), digits_of("2025-01-0009"), digits_of("F25-0101")
    ('202500012', '2025010009', '250101')
    """
    return _digits(_bare(number))


def _bare(number: str) -> str:
    upper = number.upper()
    return upper if upper.isalnum() and upper.isascii() else _SEPARATORS.sub("", upper)


def _digits(bare: str) -> str:
    kept = bare if bare.isdigit() else bare.lstrip(ascii_uppercase).translate(LOOKALIKES)
    return kept if kept.isdigit() else _LETTERS.sub("", kept)


class NumberIndex:
    """Folded numbers, their digits, their tails and the customers' own references, each to item ids."""

    def __init__(self) -> None:
        self.by_key: dict[str, list[str]] = defaultdict(list)
        self.by_digits: dict[int, dict[int, list[str]]] = defaultdict(dict)  # how many digits, their value
        self.by_reference: dict[str, list[str]] = defaultdict(list)
        self._heads = Sorted()
        self._tails = Sorted()
        self._shapes: set[str] = set()

    def add(self, item: OpenItem) -> None:
        """Index the number and the customer's reference of one item."""
        bare = _bare(item.invoice_number)
        key, digits = bare.translate(LOOKALIKES), _digits(bare)
        if key not in self.by_key:
            self._heads.add(key)
            self._shapes.add(_DIGIT.sub("9", key))
        self.by_key[key].append(item.id)
        of_length, value = self.by_digits[len(digits)], int(digits or 0)
        if value not in of_length:
            self._tails.add(digits[::-1])
            of_length[value] = []
        of_length[value].append(item.id)
        if item.customer_reference:
            for word in item.customer_reference.split("|"):
                if len(folded(word)) >= 4:
                    self.by_reference[folded(word)].append(item.id)

    def is_like(self, text: str) -> bool:
        """Whether a text has letters and digits where a number of the book has them."""
        return _DIGIT.sub("9", folded(text)) in self._shapes

    def with_digits(self, digits: str) -> list[str]:
        """Items whose number has exactly these digits."""
        return self.by_digits.get(len(digits), {}).get(int(digits or 0), [])

    def with_prefix(self, prefix: str) -> list[str]:
        """Items whose folded number begins with this, at most 400 numbers."""
        return [i for key in islice(self._heads.beginning(prefix), 400) for i in self.by_key[key]]

    def with_tail(self, digits: str) -> list[str]:
        """Items whose longer number ends with these digits; those that show them after a zero or a break come alone."""
        tail = digits if len(digits) >= 2 else f"0{digits}"
        if len(tail) > LONGEST_TAIL:
            return []
        longer = [key[::-1] for key in self._tails.beginning(tail[::-1]) if len(key) > len(tail)]
        bare = digits.lstrip("0")
        whole = [number for number in longer if number[: -len(bare)].endswith("0")] if bare else []
        return [i for number in whole or longer for i in self.with_digits(number)]

    def near(self, digits: str) -> list[str]:
        """Items whose digits are one slip away: one digit changed, lost, added, or two neighbours exchanged."""
        size, value = len(digits), int(digits or 0)
        found = []
        for length, slips in ((size - 1, _one_lost), (size, _one_changed), (size + 1, _one_added)):
            of_length = self.by_digits.get(length)
            if of_length:
                found += [i for other in of_length.keys() & slips(value, size) for i in of_length[other]]
        return found


class Sorted:
    """Texts in order, to find those that begin with some letters; new ones are merged in when they are asked for."""

    def __init__(self) -> None:
        self._ordered: list[str] = []
        self._new: list[str] = []

    def add(self, text: str) -> None:
        """Take one more text; each is given once."""
        self._new.append(text)

    def beginning(self, prefix: str) -> Iterator[str]:
        """Every text that begins so, in order."""
        if self._new:
            self._ordered += self._new
            self._ordered.sort()  # two sorted runs: one pass
            self._new = []
        for position in range(bisect_left(self._ordered, prefix), len(self._ordered)):
            if not self._ordered[position].startswith(prefix):
                break
            yield self._ordered[position]


def _one_lost(value: int, size: int) -> set[int]:
    return {value // ten // 10 * ten + value % ten for ten in _tens(size)} if size > 1 else set()


def _one_added(value: int, size: int) -> set[int]:
    split = [(value // ten * ten * 10 + value % ten, ten) for ten in _tens(size + 1)]
    return {spread + ten * digit for spread, ten in split for digit in range(10)}


def _one_changed(value: int, size: int) -> set[int]:
    """One digit changed, or two neighbours exchanged."""
    tens = _tens(size)
    digits = [value // ten % 10 for ten in tens]
    found = {
        value + ten * change for ten, digit in zip(tens, digits, strict=True) for change in range(-digit, 10 - digit)
    }
    found.update([value + 9 * ten * (low - high) for ten, low, high in zip(tens, digits, digits[1:], strict=False)])
    found.discard(value)
    return found


@cache
def _tens(size: int) -> tuple[int, ...]:
    return tuple(10**place for place in range(size))

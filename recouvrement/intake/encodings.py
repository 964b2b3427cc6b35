"""The chain that finds a file's encoding: mark, UTF-8, then the French code page that reads best."""

import codecs
from collections import Counter
from collections.abc import Iterable

MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
GOOD_FOR_ONE_BAD = 10  # another page would not hold ten sequences that happen to be UTF-8
CODE_PAGES = ("cp1252", "iso8859-15", "cp850", "mac_roman")
FRENCH = frozenset("éèêëàâäùûüîïôöçÉÈÊËÀÂÄÙÛÜÎÏÔÖÇœŒæÆÿ€°«»’–—…§\u00a0²³µ·")


class EncodingProbe:
    """Fed with the bytes of a file, piece by piece, then asked for the encoding; memory stays flat."""

    def __init__(self) -> None:
        self._head = b""
        self._utf8 = codecs.getincrementaldecoder("utf-8")("replace")
        self._good = self._bad = 0
        self._high: Counter[int] = Counter()

    def feed(self, piece: bytes) -> None:
        """Take the next bytes."""
        if len(self._head) < 4:
            self._head += piece[:4]
        if piece.isascii() and not self._utf8.getstate()[0]:
            return
        text = self._utf8.decode(piece)
        bad = text.count("\ufffd") - piece.count(b"\xef\xbf\xbd")
        self._bad += max(0, bad)
        self._good += len(text) - len(text.encode("ascii", "ignore")) - bad
        self._high.update({byte: count for byte, count in Counter(piece).items() if byte >= 0x80})

    def encoding(self) -> str:
        """The name of the Python codec."""
        for mark, name in MARKS:
            if self._head.startswith(mark):
                return name
        cut = bool(self._utf8.getstate()[0])
        if self._bad + cut == 0 or self._good >= GOOD_FOR_ONE_BAD * (self._bad + cut):
            return "utf-8"  # strictly, or but for a byte or two lost on the way
        return best_code_page(self._high)


def best_code_page(high_bytes: Counter[int]) -> str:
    """The code page in which the high bytes give the most French letters; ties go to the first of the list.

    >>> best_code_page(Counter("déjà réglé".encode("cp850")[i] for i in (1, 3, 6, 9)))
    'cp850'
    >>> best_code_page(Counter({0xE9: 4, 0xE8: 1}))
    'cp1252'
    """

    def score(page: str) -> int:
        return sum(
            count if bytes([byte]).decode(page, "replace") in FRENCH else -count for byte, count in high_bytes.items()
        )

    return max(CODE_PAGES, key=score)


def detected(pieces: Iterable[bytes]) -> str:
    """The encoding of these bytes.

    >>> detected(["Libellé".encode("cp1252")]), detected(["Libellé".encode()]), detected([b"abc"])
    ('cp1252', 'utf-8', 'utf-8')
    """
    probe = EncodingProbe()
    for piece in pieces:
        probe.feed(piece)
    return probe.encoding()


def decoded(data: bytes) -> tuple[str, str]:
    """Text and codec name; bytes that the code page leaves undefined become U+FFFD.

    >>> decoded("CREAT° d'entreprise réglée".encode("cp850"))
    ("CREAT° d'entreprise réglée", 'cp850')
    """
    encoding = detected([data])
    return data.decode(encoding, "replace"), encoding

"""Who pays: evidence for each payer from the words of a line, weighed by how rare each word is in the book."""

from bisect import bisect_left
from collections import defaultdict
from functools import lru_cache
from heapq import nsmallest
from math import log10

from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.fuzz import ratio

from recouvrement.matching.types import Payer
from recouvrement.matching.words import GROUP_WORDS, name_tokens

UNEXPLAINED = 45
MISSING = 40
MISSING_OF_CUT = 10
# A word of the name stands there with another word in the place of the rest: more often somebody else of that name.
ANOTHER = 80
NAME_CAP = 450
COMMON = 300
REMEMBERED = 50_000


class NameIndex:
    """Words of payers' names and aliases; `evidence` answers in hundredths of a factor of ten against a random payer."""

    def __init__(self) -> None:
        self.names: dict[str, list[tuple[str, ...]]] = {}
        self.by_word: dict[str, set[str]] = defaultdict(set)
        self.by_alias: dict[tuple[str, ...], set[str]] = defaultdict(set)
        self._vocabulary: list[str] = []
        self._near: dict[str, tuple[str, ...]] = {}
        self._by_shortened: dict[str, list[str]] = defaultdict(list)
        self._stale = False
        self._evidence: dict[tuple[tuple[str, ...], bool, bool], dict[str, int]] = {}
        self._rarity: dict[str, int] = {}
        self._worth: dict[str, list[tuple[int, set[str]]]] = {}

    def add(self, payer: Payer) -> None:
        """Index the name and the confirmed aliases of one payer."""
        variants = [name_tokens(payer.name), *(name_tokens(alias) for alias in payer.aliases)]
        self.names[payer.debtor_id] = [v for v in variants if v]
        for variant in self.names[payer.debtor_id]:
            for word in variant:
                self.by_word[word].add(payer.debtor_id)
        for alias in payer.aliases:
            self.by_alias[tuple(sorted(name_tokens(alias)))].add(payer.debtor_id)
        self._stale = True
        self._forget()

    def _forget(self) -> None:
        self._evidence, self._rarity, self._worth = {}, {}, {}

    def rarity(self, word: str) -> int:
        """Hundredths of a factor of ten that one payer in the book carries this word."""
        known = self._rarity.get(word)
        if known is None:
            carriers = len(self.by_word.get(word, ())) or 1
            known = max(5, min(round(100 * log10((len(self.names) + 1) / carriers)), 400))
            self._rarity[word] = known
        return known

    def _refresh(self) -> None:
        if self._stale:
            self._vocabulary = sorted(self.by_word)
            self._by_shortened = defaultdict(list)
            for word in self._vocabulary:
                if len(word) >= 4:
                    for form in _shortened(word):
                        self._by_shortened[form].append(word)
            self._near = {}
            self._stale = False

    def similar(self, word: str) -> tuple[str, ...]:
        """Words of the book that this word may stand for: itself, a longer form, a slip of the pen, its parts when glued."""
        self._refresh()
        known = self._near.get(word)
        if known is None:
            known = self._near[word] = self._find_similar(word)
        return known

    def _find_similar(self, word: str) -> tuple[str, ...]:
        found = {word} if word in self.by_word else set()
        start = bisect_left(self._vocabulary, word)
        for longer in self._vocabulary[start : start + 400]:
            if not longer.startswith(word):
                break
            found.add(longer)
        if len(word) >= 4:
            near = {other for form in _shortened(word) for other in self._by_shortened.get(form, ())}
            found.update(other for other in near if _slip(word, other))
        if len(word) >= 8:
            pieces = (word[i:j] for i in range(len(word) - 3) for j in range(i + 4, len(word) + 1))
            found.update(piece for piece in pieces if piece in self.by_word)
        return tuple(sorted(found))

    def candidates(self, words: tuple[str, ...], limit: int) -> list[str]:
        """Payers that share the rarest words of the text, best first; common words only weigh among those."""
        gains = [self._gains(word) for word in words]
        few = {d for word in gains for _, carriers in word if len(carriers) <= COMMON for d in carriers}
        if not few:
            fewest = min((c for word in gains for _, c in word), key=len, default=set())
            few = set(sorted(fewest)[:COMMON])
        weights = dict.fromkeys(few, 0)
        for gains_of_word in gains:
            for debtor, gain in _best(gains_of_word, few).items():
                weights[debtor] += gain
        return nsmallest(limit, weights, key=lambda debtor: (-weights[debtor], debtor))

    def _gains(self, word: str) -> list[tuple[int, set[str]]]:
        """What each word of the book that this one may stand for is worth, with the payers that carry it."""
        known = self._worth.get(word)
        if known is None:
            known = []
            for other in self.similar(word):
                quality = match_quality(word, other, last=True)
                if quality:
                    known.append((self.rarity(other) * quality // 100, self.by_word[other]))
            self._worth[word] = known
        return known

    def evidence(self, debtor: str, words: tuple[str, ...], *, dedicated: bool, cut: bool = False) -> int:
        """Evidence that these words name this payer, its best variant counting; a cut name may have lost its last words."""
        if not words:
            return 0
        if len(self._evidence) >= REMEMBERED:
            self._forget()
        of_words = self._evidence.setdefault((words, dedicated, cut), {})
        known = of_words.get(debtor)
        if known is None:
            variants = self.names.get(debtor, ())
            known = max((self._variant_evidence(v, words, dedicated=dedicated, cut=cut) for v in variants), default=0)
            of_words[debtor] = known
        return known

    def _variant_evidence(self, variant: tuple[str, ...], words: tuple[str, ...], *, dedicated: bool, cut: bool) -> int:
        glued = _glued(variant, words)
        if glued:
            return min(sum(self.rarity(w) for w in variant) * glued // 100, NAME_CAP)
        total, used = 0, set()
        missing = []
        end = len(words) - 1
        for core in variant:
            quality, position = 0, 0
            for i, word in enumerate(words):  # the first of the best
                found = match_quality(word, core, last=i == end)
                if found > quality:
                    quality, position = found, i
            if quality:
                used.add(position)
                total += self.rarity(core) * quality // 100
            else:
                missing.append(core)
        initials = _initials(variant, words, used)
        if initials:
            total += 30 * len(missing)
            missing = []
        total -= (MISSING_OF_CUT if cut else MISSING) * len(missing)
        strange = [w for i, w in enumerate(words) if i not in used]
        total -= sum([self._surprise(w, dedicated=dedicated) for w in strange])
        if missing and any(len(w) > 2 and not w.isdigit() and w not in GROUP_WORDS for w in strange):
            total -= ANOTHER
        return min(total, NAME_CAP)

    def _surprise(self, word: str, *, dedicated: bool) -> int:
        if len(word) <= 2 or word.isdigit():
            return 10
        known = word in self.by_word
        return (UNEXPLAINED * 2 if known else UNEXPLAINED) if dedicated else UNEXPLAINED // 2


def _best(worth: list[tuple[int, set[str]]], few: set[str]) -> dict[str, int]:
    """The most that a word of the text is worth for each of these payers that carries it."""
    best: dict[str, int] = {}
    for gain, carriers in worth:
        for debtor in carriers & few:
            if gain > best.get(debtor, 0):
                best[debtor] = gain
    return best


def _shortened(word: str) -> set[str]:
    """A word and every form of it that lacks one letter: two words one slip apart share at least one of these."""
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def _slip(word: str, other: str) -> bool:
    shorter = min(len(word), len(other))
    if shorter < 4 or abs(len(word) - len(other)) > 2:
        return False
    return DamerauLevenshtein.distance(word, other, score_cutoff=2) <= (1 if shorter < 8 else 2)


@lru_cache(maxsize=65_536)
def match_quality(word: str, core: str, *, last: bool) -> int:
    """How well a word of the text stands for a word of the name, 0..100.

    >>> match_quality("LOPEZ", "LOPEZ", last=False), match_quality("LOPPEZ", "LOPEZ", last=False)
    (100, 85)
    >>> match_quality("INFO", "INFORMATIQUE", last=False), match_quality("L", "LAURENT", last=True)
    (75, 20)
    >>> match_quality("ROBIN", "ROBERT", last=False)
    0
    """
    if word == core:
        return 100
    if core.startswith(word):
        if len(word) >= 3:
            return min(60 + 5 * (len(word) - 1), 90)
        return 10 + 10 * len(word) if last else 0
    if _slip(word, core):
        return 85
    if len(core) >= 4 and len(word) >= len(core) + 4 and core in word:
        return 80
    return 0


def _glued(variant: tuple[str, ...], words: tuple[str, ...]) -> int:
    """Quality of the whole name written without spaces, perhaps with one slip or a lost end; 0 when it is not."""
    joined, text = "".join(variant), "".join(words)
    if len(text) < 7 or (len(words) > len(variant) and len(words) > 2):
        return 0
    if joined == text:
        return 100
    return 90 if len(words) < len(variant) and ratio(joined, text) >= 92 else 0


def _initials(variant: tuple[str, ...], words: tuple[str, ...], used: set[int]) -> bool:
    """Whether a short unused word is made of the initials of the name, in any order."""
    letters = sorted(w[0] for w in variant)
    for position, word in enumerate(words):
        if position not in used and 2 <= len(word) <= 4 and len(variant) >= 2 and sorted(word) == letters and used:
            used.add(position)
            return True
    return False

"""Evidence that a line comes from a debtor: IBAN, identifier, alias or name, in hundredths of a factor of ten."""

from typing import NamedTuple

from recouvrement.matching.book import Book
from recouvrement.matching.names import NAME_CAP, REMEMBERED
from recouvrement.matching.reading import Reading, Third
from recouvrement.matching.spans import Mention, Mentions
from recouvrement.matching.types import Reason

IBAN_EVIDENCE = 500
IDENTIFIER_EVIDENCE = 450
ALIAS_EVIDENCE = 400
ANOTHERS_IBAN = 300
THIRD_SHARE = 40
FEW_ITEMS = 12
FAR_BEHIND = 300
SOMEBODY_ELSE = ""  # whoever holds the account
# When the account is another's, the best of names stays so far behind this that it is not looked for.
BEYOND_NAMES = NAME_CAP - ANOTHERS_IBAN + FAR_BEHIND


class PayerEvidence(NamedTuple):
    """What points to one debtor."""

    debtor_id: str
    score: int
    reasons: tuple[Reason, ...]

    @property
    def certain(self) -> bool:
        """An account or an identifier on file, not a likeness of names."""
        return Reason.PAYER_IBAN in self.reasons or Reason.PAYER_IDENTIFIER in self.reasons


def named_debtors(book: Book, reading: Reading, mentions: Mentions) -> list[PayerEvidence]:
    """Every debtor that the account, the words or the numbers of a line may point to, in a fixed order."""
    iban = reading.credit.counterparty_iban.replace(" ", "").upper()
    holders = book.by_iban.get(iban, set()) if iban else set()
    identified = {book.by_identifier[w] for w in reading.words if w in book.by_identifier}
    found = set(holders) | identified
    aliased = book.names.by_alias.get(tuple(sorted(reading.name)), set())
    found |= aliased
    found.update([book.items[i].debtor_id for span in mentions.spans for i in _telling(book, reading, span)])
    made = [evidence_for(book, reading, d, holders, identified, aliased) for d in sorted(found)]
    best = max([p.score for p in made], default=0)
    if holders and best >= BEYOND_NAMES:
        return made
    others = [p for p in _by_name(book, reading, elsewhere=bool(holders)) if p.debtor_id not in found]
    lowest = max(0, max([p.score for p in (*made, *others)], default=0) - FAR_BEHIND)
    made += [p for p in others if p.score > lowest]
    made.sort()
    return made


def _by_name(book: Book, reading: Reading, *, elsewhere: bool) -> list[PayerEvidence]:
    """What the words alone say of each payer that they may name; the same words come every month: it is kept."""
    words = reading.name, reading.name_field, reading.name_cut, reading.third, elsewhere
    known = book.said.get(words)
    if known is None:
        if len(book.said) >= REMEMBERED:
            book.said.clear()
        holders = {SOMEBODY_ELSE} if elsewhere else set()
        candidates = book.names.candidates(reading.name, book.rules.name_candidates)
        known = book.said[words] = [evidence_for(book, reading, d, holders, set(), set()) for d in candidates]
    return known


def _telling(book: Book, reading: Reading, span: Mention) -> list[str]:
    """Open items that a span names; of many those that it names as written, and those of the very amount."""
    exact, close, opens = span.exact, span.close, book.open_cents
    named = len(exact) + len(close)
    if named <= FEW_ITEMS:
        return [i for i in (*exact, *close) if opens[i]]
    written = [i for i in exact if opens[i]] if len(exact) <= FEW_ITEMS else []
    same = book.by_open.get((reading.credit.currency, reading.credit.amount_cents), ())
    if len(same) < named:
        return written + [i for _, i in same if i in exact or i in close]
    return written + [i for i in (*exact, *close) if opens[i] == reading.credit.amount_cents]


def evidence_for(
    book: Book, reading: Reading, debtor: str, holders: set[str], identified: set[str], aliased: set[str]
) -> PayerEvidence:
    """Evidence for one debtor; an account or an identifier of another debtor counts against."""
    score, reasons = 0, []
    if debtor in holders:
        score += IBAN_EVIDENCE // len(holders) if len(holders) > 1 else IBAN_EVIDENCE
        reasons.append(Reason.PAYER_IBAN)
    elif holders:
        score -= ANOTHERS_IBAN
        reasons.append(Reason.PAYER_IS_ANOTHER)
    if debtor in identified:
        score += IDENTIFIER_EVIDENCE
        reasons.append(Reason.PAYER_IDENTIFIER)
    name = book.names.evidence(debtor, reading.name, dedicated=reading.name_field, cut=reading.name_cut)
    if debtor in aliased:
        name = max(name, ALIAS_EVIDENCE // len(aliased))
        reasons.append(Reason.PAYER_ALIAS)
    elif reading.third is not Third.NOBODY:
        name = max(name, 0) * THIRD_SHARE // 100
        reasons.append(Reason.BAILIFF if reading.third is Third.BAILIFF else Reason.THIRD_PARTY)
    elif name > 0:
        reasons.append(Reason.PAYER_NAME if name >= book.rules.payer_score else Reason.PAYER_NAME_WEAK)
    elif name < 0 and debtor not in holders:
        reasons.append(Reason.PAYER_IS_ANOTHER)
    return PayerEvidence(debtor, score + max(name, -200), tuple(reasons))

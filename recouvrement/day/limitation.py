"""The prudent limitation date of old items: once passed, nobody is chased and a person decides."""

from dataclasses import replace
from datetime import date, timedelta
from operator import is_

from recouvrement.domain.limitation import (
    ClaimNature,
    LimitationFacts,
    LimitationLaw,
    LimitationSheet,
    limitation_sheet,
)
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.position import DebtorPosition, ItemPosition

YOUNG = timedelta(days=360)  # no period of the law is shorter than a year
NEAR = timedelta(days=365)  # how early a date of limitation is told
IN_SIGHT = NEAR + timedelta(days=1)

# an unknown kind is read as a consumer: the shortest period that may apply
NATURES = {
    DebtorKind.CONSUMER: ClaimNature.CONSUMER,
    DebtorKind.UNKNOWN: ClaimNature.CONSUMER,
    DebtorKind.PUBLIC: ClaimNature.PUBLIC,
    DebtorKind.NON_TRADER: ClaimNature.CIVIL,
}


def with_time_bar(position: DebtorPosition, law: LimitationLaw, *, on: date) -> DebtorPosition:
    """The position with the first day after the prudent limitation date on the items whose date is in sight or over."""
    young = on - YOUNG
    if all(item.due_on > young for item in position.items):
        return position
    nature, known = NATURES.get(position.kind, ClaimNature.COMMERCIAL), _BarredOn.of(law)
    items = tuple([item if item.due_on > young else _barred(item, nature, known, on) for item in position.items])
    return position if all(map(is_, items, position.items)) else replace(position, items=items)


def _barred(item: ItemPosition, nature: ClaimNature, known: "_BarredOn", on: date) -> ItemPosition:
    barred_on = known[nature, item.due_on] if item.open_cents > 0 else None
    return item if barred_on is None or barred_on > on + IN_SIGHT else replace(item, barred_on=barred_on)


class _BarredOn(dict[tuple[ClaimNature, date], date | None]):
    """The first day after the prudent limitation date by nature and due date, under one law: a year asks thousands of times."""

    newest: "_BarredOn | None" = None

    def __init__(self, law: LimitationLaw) -> None:
        super().__init__()
        self.law = law

    @classmethod
    def of(cls, law: LimitationLaw) -> "_BarredOn":
        """The table of a law; only that of the law asked for last is kept."""
        if cls.newest is None or cls.newest.law is not law:
            cls.newest = cls(law)
        return cls.newest

    def __missing__(self, key: tuple[ClaimNature, date]) -> date | None:
        sheet = limitation_sheet(LimitationFacts(key[0], due=key[1]), self.law)
        self[key] = sheet.prudent_end + timedelta(days=1) if isinstance(sheet, LimitationSheet) else None
        return self[key]

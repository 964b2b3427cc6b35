"""The prudent limitation date of old items: once passed, nobody is chased and a person decides."""

from dataclasses import replace
from datetime import date, timedelta

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

# an unknown kind is read as a consumer: the shortest period that may apply
NATURES = {
    DebtorKind.CONSUMER: ClaimNature.CONSUMER,
    DebtorKind.UNKNOWN: ClaimNature.CONSUMER,
    DebtorKind.PUBLIC: ClaimNature.PUBLIC,
    DebtorKind.NON_TRADER: ClaimNature.CIVIL,
}


def with_time_bar(position: DebtorPosition, law: LimitationLaw, *, on: date) -> DebtorPosition:
    """The position with the first day after the prudent limitation date on items old enough to have one in sight."""
    if all(on - item.due_on < YOUNG for item in position.items):
        return position
    nature = NATURES.get(position.kind, ClaimNature.COMMERCIAL)
    return replace(position, items=tuple(_barred(item, nature, law, on) for item in position.items))


def _barred(item: ItemPosition, nature: ClaimNature, law: LimitationLaw, on: date) -> ItemPosition:
    if on - item.due_on < YOUNG or item.open_cents <= 0:
        return item
    barred_on = _BarredOn.of(law)[nature, item.due_on]
    return item if barred_on is None else replace(item, barred_on=barred_on)


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

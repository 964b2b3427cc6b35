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
    sheet = limitation_sheet(LimitationFacts(nature, due=item.due_on), law)
    if not isinstance(sheet, LimitationSheet):
        return item
    return replace(item, barred_on=sheet.prudent_end + timedelta(days=1))

"""The days that are played, and what the people of the house do on each: calls, disputes, approvals, the post."""

from dataclasses import dataclass
from datetime import date

from recouvrement.channels.call_list import CallOutcome


@dataclass(frozen=True, slots=True)
class Call:
    """What came of the call to a debtor, by code."""

    debtor: str
    outcome: CallOutcome
    promised_for: date | None = None


@dataclass(frozen=True, slots=True)
class Dispute:
    """An invoice is contested."""

    invoice: str
    category: str
    wait_until: date


@dataclass(frozen=True, slots=True)
class Settled:
    """The dispute about an invoice ends, and the debtor promises what remains for a day."""

    invoice: str
    cents: int
    promised_for: date


@dataclass(frozen=True, slots=True)
class Approvals:
    """The manager reads the formal notices and approves them."""


@dataclass(frozen=True, slots=True)
class Posted:
    """The clerk gives the posting slip back: number, day of deposit, outcome and its day."""

    debtor: str
    number: str
    deposited_on: date
    outcome: str
    outcome_on: date


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The signed return slip of the post is filed."""

    debtor: str
    paper: str


HumanAct = Call | Dispute | Settled | Approvals | Posted | Acknowledgement


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the story: why it was chosen, and what people do after the run."""

    on: date
    title: str
    acts: tuple[HumanAct, ...] = ()


DAYS = (
    Day(date(2026, 8, 31), "sept jours avant l'échéance : la courtoisie"),
    Day(date(2026, 9, 10), "trois jours de retard : un oubli, sans doute"),
    Day(
        date(2026, 9, 17),
        "dix jours : on appelle",
        (
            Call("ALPAGE", CallOutcome.CALL_BACK),
            Call("DURET", CallOutcome.DISPUTED),
            Call("EPINETTE", CallOutcome.PROMISED, date(2026, 9, 25)),
            Call("FARIO", CallOutcome.PROMISED, date(2026, 9, 28)),
            Call("IRONBRIDGE", CallOutcome.CALL_BACK),
            Call("JASMIN", CallOutcome.ASKS_DOCUMENT),
            Call("NAVARRE", CallOutcome.CASH_TROUBLE),
            Call("VARIN", CallOutcome.NO_ANSWER),
            Dispute("FA-2026-0405", "quality", date(2026, 10, 15)),
        ),
    ),
    Day(date(2026, 9, 22), "quinze jours : la relance ferme, et ceux qu'on laisse"),
    Day(date(2026, 9, 29), "une promesse tenue, une autre attendue"),
    Day(date(2026, 10, 7), "trente jours : la dernière relance, une promesse rompue"),
    Day(
        date(2026, 10, 14),
        "une contestation réglée par un avoir, une fiche client complétée",
        (Settled("FA-2026-0405", 130_000, date(2026, 10, 19)),),
    ),
    Day(date(2026, 10, 22), "quarante-cinq jours : la mise en demeure", (Approvals(),)),
    Day(
        date(2026, 10, 27),
        "le recommandé est parti, il est arrivé",
        (
            Posted("ALPAGE", "1A00000004017", date(2026, 10, 23), "distribué", date(2026, 10, 26)),
            Acknowledgement("ALPAGE", "alpage-avis-reception.pdf"),
        ),
    ),
    Day(date(2026, 11, 6), "soixante jours : le dossier"),
)

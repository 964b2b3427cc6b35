"""A candidate policy beside the one in force: contacts, cost, work, and which debtors would have been escalated otherwise."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from recouvrement.domain.ladder import StepCode
from recouvrement.domain.money import printed, rounded_half_up
from recouvrement.reports.page import Grid, Report, Section
from recouvrement.reports.simulation_words import say
from recouvrement.reports.words import word

STAGES = ("firm", "formal_notice", "hand_off")  # what counts as an escalation
CODES = [step.value for step in StepCode]
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Costs:
    """Cents and minutes of one contact, by channel; minutes also of an `approval` and a `hand_off`."""

    cents: Mapping[str, int]
    minutes: Mapping[str, int]
    currency: str = "EUR"


@dataclass(slots=True)
class Played:
    """What one side did: contacts by step and channel, approvals, hand-offs, first day of each stage by debtor."""

    contacts: Counter[tuple[str, str]] = field(default_factory=Counter)
    approvals: int = 0
    hand_offs: int = 0
    by_debtor: Counter[str] = field(default_factory=Counter)
    reached: dict[str, dict[str, date]] = field(default_factory=dict)

    def contact(self, debtor: str, on: date, step: str, stage: str, channel: str, *, needs_approval: bool) -> None:
        """One contact."""
        self.contacts[step, channel] += 1
        self.by_debtor[debtor] += 1
        self.approvals += needs_approval
        self.reached.setdefault(debtor, {}).setdefault(stage, on)

    def hand_off(self, debtor: str, on: date) -> None:
        """One debtor whose case would be handed over."""
        self.hand_offs += 1
        self.reached.setdefault(debtor, {}).setdefault("hand_off", on)

    def cost_cents(self, costs: Costs) -> int:
        """What the contacts would have cost, in minor units."""
        return sum(costs.cents.get(channel, 0) * count for (_, channel), count in self.contacts.items())

    def minutes(self, costs: Costs) -> int:
        """What they would have asked of people, in minutes."""
        work = sum(costs.minutes.get(channel, 0) * count for (_, channel), count in self.contacts.items())
        more = (costs.minutes.get("approval", 0) * self.approvals, costs.minutes.get("hand_off", 0) * self.hand_offs)
        return work + sum(more)


@dataclass(frozen=True, slots=True)
class Difference:
    """A debtor whom the candidate would have treated otherwise: contacts on each side, first day of each escalation."""

    debtor: str
    contacts: tuple[int, int]
    days: tuple[tuple[date | None, date | None], ...]  # as STAGES: (in force, candidate)
    verdict: str  # earlier | later | only_current | only_candidate | same


@dataclass(frozen=True, slots=True)
class Simulation:
    """The whole comparison."""

    candidate: str
    candidate_sha256: str
    current: str
    start: date
    end: date
    days: int
    sent: Mapping[tuple[str, str], int]  # what really left
    ours: Played
    theirs: Played
    costs: Costs

    def differences(self) -> list[Difference]:
        """Every debtor treated otherwise, those escalated otherwise first."""
        found = []
        for debtor in sorted({*self.ours.by_debtor, *self.theirs.by_debtor, *self.ours.reached, *self.theirs.reached}):
            one, two = self.ours.reached.get(debtor, {}), self.theirs.reached.get(debtor, {})
            contacts = (self.ours.by_debtor[debtor], self.theirs.by_debtor[debtor])
            if one != two or contacts[0] != contacts[1]:
                days = tuple((one.get(stage), two.get(stage)) for stage in STAGES)
                found.append(Difference(debtor, contacts, days, verdict_of(days)))
        return sorted(found, key=lambda d: (d.verdict == "same", d.verdict, d.debtor))

    def counts(self) -> dict[str, int]:
        """Counts for the console: nothing that names anybody."""
        verdicts = Counter(d.verdict for d in self.differences())
        return {
            "days": self.days, "contacts_sent": sum(self.sent.values()), "contacts_current": sum(self.ours.contacts.values()),
            "contacts_candidate": sum(self.theirs.contacts.values()), "differences": sum(verdicts.values()),
            **{key: verdicts[key] for key in ("earlier", "later", "only_current", "only_candidate")},
            "cost_cents_current": self.ours.cost_cents(self.costs), "cost_cents_candidate": self.theirs.cost_cents(self.costs),
            "minutes_current": self.ours.minutes(self.costs), "minutes_candidate": self.theirs.minutes(self.costs),
        }  # fmt: skip


def verdict_of(days: Sequence[tuple[date | None, date | None]]) -> str:
    """How the candidate escalates a debtor, by the highest stage at which the two differ.

    >>> one, two = date(2026, 1, 5), date(2026, 1, 9)
    >>> verdict_of([(one, two), (None, None)]), verdict_of([(one, one), (None, two)]), verdict_of([(one, one)])
    ('later', 'only_candidate', 'same')
    """
    for ours, theirs in reversed(days):
        if ours == theirs:
            continue
        if ours is None or theirs is None:
            return "only_candidate" if ours is None else "only_current"
        return "earlier" if theirs < ours else "later"
    return "same"


def csv_of(found: Sequence[Difference], name: Callable[[str], tuple[str, str]], language: str) -> str:
    """The differences as a spreadsheet with a column to sign off; no cell begins like a formula."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    stages = [f"{word(stage, language)} ({say(side, language)})" for stage in STAGES for side in ("ours", "theirs")]
    head = [*(say(k, language) for k in ("code", "name", "verdict", "contacts_ours", "contacts_theirs")), *stages]
    writer.writerow([*head, say("signed_off", language)])
    for d in found:
        days = [day.isoformat() if day else "" for pair in d.days for day in pair]
        row = [*name(d.debtor), say(d.verdict, language), str(d.contacts[0]), str(d.contacts[1]), *days, ""]
        writer.writerow([harmless(cell) for cell in row])
    return out.getvalue()


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula.

    >>> harmless("=1+1"), harmless("SARL Bois")
    ("'=1+1", 'SARL Bois')
    """
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def simulation_report(found: Simulation, name: Callable[[str], str], language: str) -> Report:
    """The comparison as a page; `name` says how a debtor is shown."""
    told = say("told", language, start=found.start.isoformat(), end=found.end.isoformat(), days=found.days,
               candidate=found.candidate, current=found.current, sha=found.candidate_sha256[:12])  # fmt: skip
    title = say("title", language, candidate=found.candidate)
    counts, money = found.counts(), found.costs.currency

    def sides(one: str, two: str) -> str:
        return f"{one} → {two}"

    cost = [printed(counts[f"cost_cents_{side}"], money, language) for side in ("current", "candidate")]
    work = [hours(counts[f"minutes_{side}"], language) for side in ("current", "candidate")]
    sent, of = say("sent_really", language, n=counts["contacts_sent"]), say("of_debtors", language)
    tiles = (
        (say("contacts", language), sides(str(counts["contacts_current"]), str(counts["contacts_candidate"])), sent),
        (say("cost", language), sides(*cost), ""),
        (say("work", language), sides(*work), ""),
        (say("escalated_earlier", language), str(counts["earlier"] + counts["only_candidate"]), of),
        (say("escalated_later", language), str(counts["later"] + counts["only_current"]), of),
    )
    return Report(
        title, told, tiles, (_assumed(language), _contacts(found, language), _differences(found, name, language))
    )


def hours(minutes: int, language: str) -> str:
    """Minutes as hours with one decimal.

    >>> hours(90, "en"), hours(100, "fr")
    ('1.5 h', '1,7 h')
    """
    whole, tenth = divmod(rounded_half_up(Fraction(minutes, 6)), 10)
    return f"{whole}{',' if language == 'fr' else '.'}{tenth} h"


def _assumed(language: str) -> Section:
    return Section("assumed", say("assumed", language), say("assumed_told", language), ())


def _contacts(found: Simulation, language: str) -> Section:
    keys = sorted({*found.sent, *found.ours.contacts, *found.theirs.contacts}, key=_rung)
    rows = [
        (word(step, language), word(channel, language), str(found.sent.get((step, channel), 0)),
         str(found.ours.contacts[step, channel]), str(found.theirs.contacts[step, channel]))
        for step, channel in keys
    ]  # fmt: skip
    ours, theirs = found.ours, found.theirs
    rows.append((say("approvals", language), "", "", str(ours.approvals), str(theirs.approvals)))
    rows.append((say("hand_offs", language), "", "", str(ours.hand_offs), str(theirs.hand_offs)))
    head = tuple(say(k, language) for k in ("step", "channel", "sent", "ours", "theirs"))
    return Section(
        "contacts", say("contacts_by", language), say("contacts_told", language), (Grid(head, tuple(rows), 2),)
    )


def _rung(key: tuple[str, str]) -> tuple[int, str, str]:
    """Steps in the order of the ladder, those of no ladder last."""
    return (CODES.index(key[0]) if key[0] in CODES else len(CODES), *key)


def _differences(found: Simulation, name: Callable[[str], str], language: str) -> Section:
    head = (
        say("debtor", language),
        say("verdict", language),
        say("contacts", language),
        *(word(s, language) for s in STAGES),
    )

    def days(pair: tuple[date | None, date | None]) -> str:
        told = [day.isoformat() if day else "–" for day in pair]
        return told[0] if pair[0] == pair[1] else f"{told[0]} → {told[1]}"

    rows = tuple(
        (name(d.debtor), say(d.verdict, language), f"{d.contacts[0]} → {d.contacts[1]}", *(days(pair) for pair in d.days))
        for d in found.differences()
    )  # fmt: skip
    return Section(
        "differences", say("differences", language), say("differences_told", language), (Grid(head, rows, 2),)
    )

"""Possible routes for a debtor's situation, as options with their conditions; a person chooses, nothing is decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from recouvrement.domain.facts import Answered, Condition, Fact, State, answer, overall
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.provenance import Parameter, Provenance


@dataclass(frozen=True, slots=True)
class Route:
    """One way forward: where, with which form, at what cost and delay; `disabled` says why it may not be used yet."""

    key: str
    name: str
    court: str
    forms: str
    cost: str
    delay: str
    conditions: tuple[Condition, ...]
    disabled: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Situation:
    """A row of the table: when all its conditions are met, these routes are the options, in this order."""

    number: int
    title: str
    conditions: tuple[Condition, ...]
    routes: tuple[str, ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class RouteTable:
    """Situations in the order they are tried, routes by key, thresholds; built by `recouvrement.policy.law_routes`."""

    situations: tuple[Situation, ...]
    routes: Mapping[str, Route]
    thresholds: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class RouteOption:
    """A route with each of its conditions answered; `open` when none is missed and it is not disabled."""

    route: Route
    answers: tuple[Answered, ...]

    @property
    def state(self) -> State:
        """Met, missed or unknown over all conditions."""
        return overall(self.answers)

    @property
    def is_open(self) -> bool:
        """Whether the facts leave the route open."""
        return not self.route.disabled and self.state is not State.MISSED


@dataclass(frozen=True, slots=True)
class SituationAnswer:
    """A row with its conditions answered."""

    situation: Situation
    answers: tuple[Answered, ...]

    @property
    def state(self) -> State:
        """Met, missed or unknown over all conditions."""
        return overall(self.answers)


@dataclass(frozen=True, slots=True)
class RouteOptions:
    """What a person chooses from.

    `situation` is the first row whose conditions are all met, or else the first that unknown facts leave possible
    (`assumed`); `to_clarify` are earlier rows that unknown facts leave possible, so that nobody overlooks them.
    """

    situation: SituationAnswer | None
    assumed: bool
    options: tuple[RouteOption, ...]
    to_clarify: tuple[SituationAnswer, ...]

    @property
    def unknown_facts(self) -> tuple[str, ...]:
        """Facts that nobody recorded and that the table asks for."""
        answers = [one for row in self.to_clarify for one in row.answers]
        answers += self.situation.answers if self.situation else ()
        answers += [one for option in self.options for one in option.answers]
        asked = [name for one in answers for name, value in one.facts if value is None]
        return tuple(dict.fromkeys(asked))


def route_options(facts: Mapping[str, Fact | None], table: RouteTable, on: date) -> RouteOptions:
    """The options for the facts of one file on a day; versions not in force that day are left out."""
    rows = [
        SituationAnswer(row, tuple(answer(one, facts) for one in row.conditions))
        for row in table.situations
        if row.provenance.holds_on(on)
    ]
    possible = [row for row in rows if row.state is not State.MISSED]
    met = next((row for row in possible if row.state is State.MET), None)
    chosen = met or next(iter(possible), None)
    earlier = tuple(row for row in possible[: possible.index(chosen)]) if chosen else ()
    names = chosen.situation.routes if chosen else ()
    found = [table.routes[name] for name in names if table.routes[name].provenance.holds_on(on)]
    options = tuple(RouteOption(route, tuple(answer(one, facts) for one in route.conditions)) for route in found)
    return RouteOptions(chosen, met is None, options, earlier)


def other_routes(
    facts: Mapping[str, Fact | None], table: RouteTable, on: date, shown: RouteOptions
) -> tuple[RouteOption, ...]:
    """Routes outside the situation whose own conditions the facts do not miss; one without conditions is never offered so."""
    taken = {option.route.key for option in shown.options}
    found = [
        RouteOption(route, tuple(answer(one, facts) for one in route.conditions))
        for route in table.routes.values()
        if route.key not in taken and route.conditions and route.provenance.holds_on(on)
    ]
    return tuple(option for option in found if option.is_open)


def facts_of_kind(kind: DebtorKind) -> dict[str, Fact | None]:
    """What a kind of debtor says by itself; whether a craftsman or sole trader is a trader is for a person to record.

    >>> facts_of_kind(DebtorKind.BUSINESS)["debtor_is_trader"], facts_of_kind(DebtorKind.ARTISAN)["debtor_is_trader"]
    (True, None)
    """
    traders: dict[DebtorKind, Fact | None] = {
        DebtorKind.BUSINESS: True,
        DebtorKind.SOLE_TRADER: None,
        DebtorKind.ARTISAN: None,
        DebtorKind.UNKNOWN: None,
    }
    return {
        "debtor_kind": None if kind is DebtorKind.UNKNOWN else kind.value,
        "debtor_is_trader": traders.get(kind, False),
    }

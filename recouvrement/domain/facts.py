"""Conditions on the facts of a file, with three answers: met, missed, and not known."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Fact = str | int | bool


class State(StrEnum):
    """The answer of the facts to a condition."""

    MET = "met"
    MISSED = "missed"
    UNKNOWN = "unknown"


class Operator(StrEnum):
    """How a fact is compared; amounts are minor units."""

    IS = "is"
    IS_NOT = "is_not"
    AT_MOST = "at_most"
    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison; `values` are alternatives for is and is_not, a single number otherwise."""

    fact: str
    operator: Operator
    values: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """Met when any of its tests is; `text` is how the law or the practice words it."""

    text: str
    tests: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """A condition with its answer and the facts of the file that gave it; None is a fact that nobody recorded."""

    condition: Condition
    state: State
    facts: tuple[tuple[str, Fact | None], ...]


def answer(condition: Condition, facts: Mapping[str, Fact | None]) -> Answered:
    """Compare a condition with the facts.

    >>> small = Condition("at most 5 000 €", (Comparison("amount_cents", Operator.AT_MOST, (500_000,)),))
    >>> [answer(small, facts).state.value for facts in ({"amount_cents": 500_000}, {"amount_cents": 500_001}, {})]
    ['met', 'missed', 'unknown']
    """
    states = [_state(test, facts.get(test.fact)) for test in condition.tests]
    used = tuple((test.fact, facts.get(test.fact)) for test in condition.tests)
    state = State.MISSED
    if State.MET in states:
        state = State.MET
    elif State.UNKNOWN in states:
        state = State.UNKNOWN
    return Answered(condition, state, used)


def overall(answers: tuple[Answered, ...]) -> State:
    """Missed when any condition is, else unknown when any is, else met."""
    states = {one.state for one in answers}
    if State.MISSED in states:
        return State.MISSED
    return State.UNKNOWN if State.UNKNOWN in states else State.MET


def _state(test: Comparison, value: Fact | None) -> State:
    if value is None:
        return State.UNKNOWN
    return State.MET if _holds(test, value) else State.MISSED


def _holds(test: Comparison, value: Fact) -> bool:
    if test.operator is Operator.IS:
        return value in test.values
    if test.operator is Operator.IS_NOT:
        return value not in test.values
    limit = test.values[0]
    if not isinstance(value, int) or not isinstance(limit, int):
        raise TypeError(f"the fact {test.fact} is {value!r} and cannot be compared with {limit!r}")
    return {Operator.AT_MOST: value <= limit, Operator.ABOVE: value > limit, Operator.BELOW: value < limit}[
        test.operator
    ]

"""Acts of a person about cases, papers and a person's data, as tasks; a refusal is a code with nothing written."""

from datetime import date

from recouvrement.day import case_moves, completeness
from recouvrement.day.acts import Done
from recouvrement.day.cases import seal_dossier
from recouvrement.day.house import House, open_house
from recouvrement.day.person_data import erase_person
from recouvrement.domain.case_states import OVER, CaseState
from recouvrement.settings import Settings
from tasks.forms import Outcome
from tasks.guard import house_task


def _house(day: date) -> House:
    return open_house(Settings()).on_day(day)


def _outcome(done: Done) -> Outcome:
    return Outcome(done.id, done.refused)


@house_task("choose-route")
def choose_route(case: str, route: str, day: date, operator: str) -> dict[str, object]:
    """Choose a case's route, and make the next version of its dossier with the drafts of that route."""
    house = _house(day)
    done = case_moves.choose_route(house, case, route, on=day, operator=operator)
    if done.refused:
        return {"refused": done.refused, "id": ""}
    made = seal_dossier(house, done.id, on=day, actor=operator)
    return {"refused": "", "id": done.id, "version": made.version, "manifest": made.manifest_sha256}


@house_task("move-case")
def move_case(case: str, state: str, reason: str, day: date, operator: str) -> Outcome:
    """Note that a case reached a state."""
    found = case_moves.move(_house(day), case, CaseState(state), on=day, operator=operator, reason=reason or None)
    return _outcome(found)


@house_task("close-case")
def close_case(case: str, end: str, reason: str, until: date | None, day: date, operator: str) -> Outcome:
    """End a case; what is still open is paused until a day."""
    state = CaseState(end)
    assert state in OVER
    done = case_moves.close_case(
        _house(day), case, state, on=day, operator=operator, reason=reason or None, until=until
    )
    return _outcome(done)


@house_task("case-payment")
def case_payment(case: str, line: str, fees: int, day: date, operator: str) -> Outcome:
    """Book a credit of who holds a case, fees apart; minor units."""
    return _outcome(case_moves.case_payment(_house(day), case, line, fees_cents=fees, on=day, operator=operator))


@house_task("case-fact")
def case_fact(case: str, fact: str, value: str, day: date, operator: str) -> Outcome:
    """Answer yes or no to what a route asks."""
    return _outcome(case_moves.answer_fact(_house(day), case, fact, value, on=day, operator=operator))


@house_task("waive-evidence")
def waive_evidence(subject: str, requirement: str, reason: str, day: date, operator: str, *, withdraw: bool) -> Outcome:
    """Go without a line of the checklist, or take that back."""
    done = completeness.waive_evidence(
        _house(day), subject, requirement, reason=reason, on=day, operator=operator, withdraw=withdraw
    )
    return _outcome(done)


@house_task("erase-person")
def erase(code: str, reason: str, day: date, operator: str) -> Outcome:
    """Erase what retention no longer covers of a debtor's data."""
    return _outcome(erase_person(_house(day), code, reason=reason, on=day, operator=operator))

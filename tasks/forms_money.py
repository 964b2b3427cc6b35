"""Acts of a person about money as tasks: receipts, write-offs, differences; a refusal is a code with nothing written."""

from datetime import date

from recouvrement.day import reviewing, write_offs
from recouvrement.day.control_acts import explain_difference
from recouvrement.day.house import House, open_house
from recouvrement.settings import Settings
from tasks.forms import Outcome
from tasks.guard import house_task


def _house(day: date) -> House:
    return open_house(Settings()).on_day(day)


@house_task("match-payment")
def match(line: str, rank: int, parts: list[tuple[str, int]], day: date, operator: str) -> Outcome:
    """Apply a receipt by the proposal of a rank, or (rank 0) to invoices by number and minor units."""
    if rank:
        done = reviewing.confirm_proposal(_house(day), line, rank, on=day, operator=operator)
    else:
        done = reviewing.match_payment(_house(day), line, parts, on=day, operator=operator)
    return Outcome(done.id, done.refused)


@house_task("unmatch-payment")
def unmatch(line: str, day: date, operator: str) -> Outcome:
    """Undo what was said of a receipt."""
    done = reviewing.unmatch_payment(_house(day), line, on=day, operator=operator)
    return Outcome(done.id, done.refused)


@house_task("not-a-customer")
def not_a_customer(line: str, day: date, operator: str) -> Outcome:
    """Say that a receipt is no customer's."""
    done = reviewing.not_a_customer(_house(day), line, on=day, operator=operator)
    return Outcome(done.id, done.refused)


@house_task("write-off")
def write_off(invoice: str, cents: int | None, reason: str, day: date, operator: str) -> Outcome:
    """Let a sum of an invoice go (minor units), or all that is left of it."""
    done = write_offs.write_off(_house(day), invoice, cents=cents, reason=reason, on=day, operator=operator)
    return Outcome(done.id, done.refused)


@house_task("undo-write-off")
def undo_write_off(write_off_id: str, day: date, operator: str) -> Outcome:
    """Take a write-off back."""
    done = write_offs.undo_write_off(_house(day), write_off_id, on=day, operator=operator)
    return Outcome(done.id, done.refused)


@house_task("explain-difference")
def explain(subject: str, reason: str, day: date, operator: str) -> Outcome:
    """Explain a difference of the control sheet."""
    done = explain_difference(_house(day), subject, reason=reason, on=day, operator=operator)
    return Outcome(done.id, done.refused)

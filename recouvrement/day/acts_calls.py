"""Noting what a call came to: a step of the ladder, or a call that was on no list."""

from datetime import date

from recouvrement.day.acts_base import Done, Refusal, debtor_named, noted, perform, refuse_when
from recouvrement.day.house import House
from recouvrement.domain.contact_states import ContactState
from recouvrement.domain.journal_events import JournalEvent
from recouvrement.ledger import journal
from recouvrement.ledger.book import Act
from recouvrement.ledger.calls import note_of_call
from recouvrement.ledger.facts import record_fact
from recouvrement.ledger.outbox import Fence, contact_row, move

S = ContactState


def record_call(
    house: House, contact_id: str, *, outcome: str, on: date, operator: str, cause: str | None = None,
    reached: bool = True, note_id: str | None = None,
) -> Done:  # fmt: skip
    """Note a call that was on the list; the step counts as taken when somebody was reached."""

    def write(act: Act) -> str:
        row = contact_row(act.connection, contact_id)
        if row is None or row.channel != "call":
            raise Refusal("not_a_call")
        refuse_when(row.state != S.READY.value and note_of_call(act.connection, contact_id), "noted_already")
        told = {"contact_id": contact_id, "outcome": outcome, "cause": cause, "note_id": noted(act, note_id)}
        fact_id = record_fact(act, "call", row.debtor_id, effective_on=on, **told)
        journal.append(act, row.debtor_id, JournalEvent.CALL_NOTED, {"contact": contact_id, "outcome": outcome})
        if reached:
            move(act, contact_id, S.SENT, fence=Fence((S.READY,)), reason="call_made", changes={"sent_at": act.at})
        return fact_id

    return perform(house, "call", operator, write)


def record_other_call(
    house: House,
    debtor: str,
    *,
    outcome: str,
    on: date,
    operator: str,
    cause: str | None = None,
    note_id: str | None = None,
) -> Done:
    """Note a call that stood on no list (the debtor rang): it takes no step, but what was said is kept."""

    def write(act: Act) -> str:
        debtor_id = debtor_named(act, house, debtor)
        told = {"outcome": outcome, "cause": cause, "note_id": noted(act, note_id)}
        return record_fact(act, "call", debtor_id, effective_on=on, **told)

    return perform(house, "call", operator, write)

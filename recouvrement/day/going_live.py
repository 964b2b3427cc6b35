"""Going live and back, and going on after a restore: acts of a person, recorded."""

from recouvrement.day.house import House
from recouvrement.day.order import Mode
from recouvrement.domain.journal_events import HOUSE, JournalEvent
from recouvrement.ledger import journal, restore
from recouvrement.ledger.marks import Mark, mark, marked
from recouvrement.ledger.outbox import counts_by_state
from recouvrement.ledger.snapshots import open_total


def go_live(house: House, *, operator: str, accepted: bool) -> dict[str, object]:
    """Show what there is to accept, and when accepted record who did and let live runs of today send."""
    with house.ledger.reading() as connection:
        items, cents = open_total(connection, house.creditor(), house.ledger.known_to())
        history = counts_by_state(connection)
    found: dict[str, object] = {
        "open_items": items,
        "open_cents": cents,
        "past_contacts": sum(history.values()),
        "live": False,
    }
    if not accepted:
        return found | {
            "to_accept": "opening balance agreed with the accounts; past steps imported (history.csv); test message received: then --accept"
        }
    with house.ledger.act("go_live", operator) as act:
        mark(act, Mark.SENDING, "live")
        journal.append(
            act, HOUSE, JournalEvent.WENT_LIVE, {"open_items": items, "open_cents": cents, "operator": operator}
        )
    return found | {"live": True}


def go_back(house: House, *, operator: str) -> dict[str, object]:
    """Let no run send any more until somebody goes live again."""
    with house.ledger.act("go_back", operator) as act:
        mark(act, Mark.SENDING, Mode.REHEARSE.value)
        journal.append(act, HOUSE, JournalEvent.WENT_BACK, {"operator": operator})
    return {"live": False}


def agreed_mode(house: House) -> Mode:
    """The mode of a scheduled run: live in a house that went live, a rehearsal in any other."""
    with house.ledger.reading() as connection:
        return Mode.LIVE if marked(connection, Mark.SENDING) == Mode.LIVE.value else Mode.REHEARSE


def resume(house: House, *, operator: str) -> dict[str, object]:
    """Mark as sent what this machine's witness saw leave, and unpause."""
    seen = house.witness()
    with house.ledger.act("resume", operator) as act:
        done = restore.resume(act, seen)
    return {"marked_sent": done.marked_sent, "not_in_ledger": done.not_in_ledger}

"""Messages that wait for a person: codes, days and proposals, never a word of what was written (law 10)."""

from datetime import date

from recouvrement.day.house import House
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.parties import debtor_rows
from recouvrement.ledger.replies import unread_replies

PROPOSED = {"already_paid": "paid", "contested": "dispute", "promise": "promise"}


def to_read(house: House, *, on: date) -> list[dict[str, object]]:
    """One row per message, overdue ones first; `proposed` is what `mark-read` might be told, which a person decides."""
    as_of = AsOf(on, house.ledger.known_to())
    with house.ledger.reading() as connection:
        rows = unread_replies(connection, as_of)
        debtors = debtor_rows(connection, sorted({row.debtor_id for row in rows if row.debtor_id}), as_of)
    return [
        {
            "reply": row.id,
            "came": row.effective_on.isoformat(),
            "debtor": debtors[row.debtor_id].code if row.debtor_id else "",
            "found_by": row.how or "",
            "kind": row.kind,
            "cues": row.cues,
            "proposed": " ".join(PROPOSED[cue] for cue in row.cues.split()),
            "cut": bool(row.cut),
            "owner": row.owner,
            "wait_until": row.wait_until.isoformat(),
            "overdue": row.wait_until < on,
        }
        for row in rows
    ]

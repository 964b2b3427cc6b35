"""A debtor corrected by a person: a new version with some columns changed, the rest as it was."""

from datetime import date
from hashlib import sha256

from sqlalchemy import insert

from recouvrement.domain.journal_events import JournalEvent
from recouvrement.ledger import journal
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.book import Act
from recouvrement.ledger.parties import VERSION, debtor_rows
from recouvrement.ledger.tables.parties import debtor_version

NOT_STATED = {"id", "debtor_id", "act_id", "effective_on", "content_hash", "source"}


def change_debtor(act: Act, debtor_id: str, changes: dict[str, object], *, on: date) -> str | None:
    """Write a version with `changes`; its id, or None when nothing would change."""
    before = debtor_rows(act.connection, [debtor_id], AsOf.whenever(act.id))[debtor_id]
    if all(getattr(before, name) == value for name, value in changes.items()):
        return None
    row = {name: getattr(before, name) for name in VERSION} | {"quality": before.quality} | changes
    stated = sorted((name, repr(value)) for name, value in row.items() if name not in NOT_STATED)
    version_id = act.new_id()
    row |= {
        "id": version_id, "act_id": act.id, "effective_on": max(on, before.effective_on), "source": None,
        "content_hash": sha256(repr(stated).encode()).hexdigest(),
    }  # fmt: skip
    act.connection.execute(insert(debtor_version).values(**row))
    told = {"fact_kind": "debtor", "fact": version_id, "on": on.isoformat(), **changes}
    journal.append(act, debtor_id, JournalEvent.FACT_RECORDED, told)
    return version_id

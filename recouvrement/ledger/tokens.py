"""Rate limits shared by every worker: one row per message that an account was charged for."""

from datetime import timedelta

from sqlalchemy import delete, func, insert, select

from recouvrement.ledger.book import Ledger
from recouvrement.ledger.tables.contacts import rate_token

MINUTE = timedelta(minutes=1)


def take_token(ledger: Ledger, account: str, *, per_minute: int) -> bool:
    """Take one token of an account for the minute that ends now; False when there is none left (0 = no limit)."""
    if per_minute <= 0:
        return True
    t = rate_token
    with ledger.act("rate", "system") as act:
        act.connection.execute(delete(t).where(t.c.account == account, t.c.at <= act.at - MINUTE))
        used = int(act.connection.scalar(select(func.count()).select_from(t).where(t.c.account == account)) or 0)
        if used >= per_minute:
            return False
        act.connection.execute(insert(t).values(account=account, at=act.at))
        return True

"""Rate limits shared by every worker: one row per message that an account was charged for in the last minute."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select

from recouvrement.ledger.book import Act
from recouvrement.ledger.tables.contacts import rate_token

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `per_minute` messages of an account in any minute, over all workers; 0 is no limit."""

    account: str
    per_minute: int


def tokens_left(connection: Connection, rate: Rate, moment: datetime) -> int:
    """How many messages the account may still send in the minute that ends at a moment; ValueError without a limit."""
    if rate.per_minute <= 0:
        raise ValueError(f"account {rate.account} has no limit")
    t = rate_token
    used = select(func.count()).select_from(t).where(t.c.account == rate.account, t.c.at > moment - MINUTE)
    return max(0, rate.per_minute - int(connection.scalar(used) or 0))


def wait_for_token(connection: Connection, rate: Rate, moment: datetime) -> timedelta:
    """How long until the account has a token again; nothing when it has one now."""
    if rate.per_minute <= 0 or tokens_left(connection, rate, moment):
        return timedelta()
    t = rate_token
    query = (
        select(t.c.at).where(t.c.account == rate.account).order_by(t.c.at.desc()).offset(rate.per_minute - 1).limit(1)
    )
    given: datetime | None = connection.scalar(query)
    # a machine whose clock is ahead may have written a later moment: nobody waits more than the minute for it
    return timedelta() if given is None else min(max(given + MINUTE - moment, timedelta()), MINUTE)


def spend_tokens(act: Act, rate: Rate, count: int) -> None:
    """Charge an account for `count` messages, and forget what is older than the minute."""
    if rate.per_minute <= 0 or not count:
        return
    t = rate_token
    act.connection.execute(delete(t).where(t.c.account == rate.account, t.c.at <= act.at - MINUTE))
    act.connection.execute(insert(t), [{"account": rate.account, "at": act.at}] * count)


def give_back_tokens(act: Act, rate: Rate, count: int) -> None:
    """Take back the charge of messages that were claimed and did not leave: the newest tokens of the account."""
    if rate.per_minute <= 0 or not count:
        return
    t = rate_token
    newest = select(t.c.id).where(t.c.account == rate.account).order_by(t.c.at.desc(), t.c.id.desc()).limit(count)
    ids = list(act.connection.scalars(newest))
    act.connection.execute(delete(t).where(t.c.id.in_(ids)))

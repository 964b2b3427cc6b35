"""Limits of an account shared by every worker: a row per message charged in the last minute, a counter per day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from recouvrement.clock import PARIS
from recouvrement.ledger.book import Act
from recouvrement.ledger.tables.contacts import account_day, rate_token

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `per_minute` messages of an account in any minute and `per_day` in a day of Paris, over all workers.

    0 is no limit.
    """

    account: str
    per_minute: int
    per_day: int = 0

    @property
    def limited(self) -> bool:
        """Whether there is any limit."""
        return self.per_minute > 0 or self.per_day > 0


def tokens_left(connection: Connection, rate: Rate, moment: datetime) -> int:
    """How many messages the account may still send at a moment: in the minute and in the day; ValueError without a limit."""
    if not rate.limited:
        raise ValueError(f"account {rate.account} has no limit")
    left = [] if rate.per_day <= 0 else [left_today(connection, rate, moment)]
    if rate.per_minute > 0:
        t = rate_token
        used = select(func.count()).select_from(t).where(t.c.account == rate.account, t.c.at > moment - MINUTE)
        left.append(max(0, rate.per_minute - int(connection.scalar(used) or 0)))
    return min(left)


def left_today(connection: Connection, rate: Rate, moment: datetime) -> int:
    """How many messages the account may still send on the day that a moment is in Paris; ValueError without such a limit."""
    if rate.per_day <= 0:
        raise ValueError(f"account {rate.account} has no limit of a day")
    d = account_day
    used = select(d.c.used).where(d.c.account == rate.account, d.c.day == _day(moment))
    return max(0, rate.per_day - int(connection.scalar(used) or 0))


def used_up_today(connection: Connection, rate: Rate, moment: datetime) -> bool:
    """Say whether the account has sent all that it may on the day: nobody waits for the next one."""
    return rate.per_day > 0 and not left_today(connection, rate, moment)


def _day(moment: datetime) -> date:
    return moment.astimezone(PARIS).date()


def wait_for_token(connection: Connection, rate: Rate, moment: datetime) -> timedelta:
    """How long until the minute has a token again; nothing when it has one now."""
    minute = Rate(rate.account, rate.per_minute)
    if minute.per_minute <= 0 or tokens_left(connection, minute, moment):
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
    if not count:
        return
    if rate.per_day > 0:
        _charge(act, rate, count)
    if rate.per_minute > 0:
        t = rate_token
        act.connection.execute(delete(t).where(t.c.account == rate.account, t.c.at <= act.at - MINUTE))
        act.connection.execute(insert(t), [{"account": rate.account, "at": act.at}] * count)


def _charge(act: Act, rate: Rate, count: int) -> None:
    """Acts follow one another under one lock: what is read here is what is written on."""
    d = account_day
    today = (d.c.account == rate.account) & (d.c.day == _day(act.at))
    if not act.connection.execute(update(d).where(today).values(used=d.c.used + count)).rowcount:
        act.connection.execute(insert(d).values(account=rate.account, day=_day(act.at), used=count))


def give_back_tokens(act: Act, rate: Rate, count: int) -> None:
    """Take back the charge of messages that were claimed and did not leave: the newest tokens of the account."""
    if not count:
        return
    give_back_of_the_day(act, rate, count)
    if rate.per_minute > 0:
        t = rate_token
        newest = select(t.c.id).where(t.c.account == rate.account).order_by(t.c.at.desc(), t.c.id.desc()).limit(count)
        ids = list(act.connection.scalars(newest))
        act.connection.execute(delete(t).where(t.c.id.in_(ids)))


def give_back_of_the_day(act: Act, rate: Rate, count: int) -> None:
    """Take back of the day's charge what never reached the provider, which did not count it; a day that is over keeps its own."""
    if rate.per_day > 0:
        d = account_day
        today = (d.c.account == rate.account) & (d.c.day == _day(act.at)) & (d.c.used >= count)
        act.connection.execute(update(d).where(today).values(used=d.c.used - count))

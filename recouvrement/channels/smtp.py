"""Sending e-mail: a few connections of one account, each in the loop claim, send, record."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from recouvrement.channels.account import Outgoing, Patience, Security, SmtpAccount
from recouvrement.channels.opening import answer
from recouvrement.channels.outcomes import (
    Accepted,
    AccountDown,
    Outcome,
    Phase,
    Reason,
    Refused,
    TryLater,
    Unknown,
    Withdrawn,
)
from recouvrement.channels.smtp_session import Session

__all__ = [
    "BatchEnd",
    "Outgoing",
    "Patience",
    "Pull",
    "Report",
    "Security",
    "SmtpAccount",
    "deliver_all",
    "send_batch",
    "send_one",
]

TOO_BIG: Final = 552  # of this message, not of its sender (RFC 1870)

Pull = Callable[[], Awaitable[Outgoing | None] | Outgoing | None]
Report = Callable[[Outgoing, Outcome], Awaitable[None] | None]
Stop = AccountDown | TryLater | Refused | Unknown


class Streak(StrEnum):
    """Kinds of outcome that stop a batch when they come in a row; the names of the limits in `Patience`."""

    UNKNOWN = "unknown"
    LATER = "later"
    REFUSED = "refused"
    SENDER_REFUSED = "sender_refused"


@dataclass(frozen=True, slots=True)
class BatchEnd:
    """How a batch ended: attempts by kind of outcome (`Accepted`, `TryLater`…), and what stopped it, if anything."""

    counts: dict[str, int]
    stopped: Stop | None = None


@dataclass(slots=True)
class _Batch:
    """What the connections of one batch share."""

    account: SmtpAccount
    pull: Pull
    report: Report
    counts: Counter[str] = field(default_factory=Counter)
    stopped: Stop | None = None
    over: bool = False
    proven: asyncio.Event = field(default_factory=asyncio.Event)
    streak: int = 0
    streak_of: Streak | None = None

    def note(self, outcome: Outcome) -> None:
        """Count an outcome, and stop the batch when the next message would meet the same trouble."""
        self.counts[type(outcome).__name__] += 1
        if isinstance(outcome, AccountDown) or (isinstance(outcome, TryLater) and outcome.is_of_the_account):
            self.stopped = outcome
        elif not isinstance(outcome, Withdrawn):
            self._count_streak(outcome)
        self.over = self.over or self.stopped is not None

    def _count_streak(self, outcome: Accepted | TryLater | Refused | Unknown) -> None:
        if isinstance(outcome, Accepted):
            self.streak, self.streak_of = 0, None
            return
        kind = _streak_of(outcome)
        if kind is None:
            return
        self.streak = self.streak + 1 if kind is self.streak_of else 1
        self.streak_of = kind
        if self.streak >= getattr(self.account.patience, kind):
            refused = kind is Streak.SENDER_REFUSED
            again = AccountDown(Phase.MAIL, Reason.SENDER_REFUSED_AGAIN, outcome.code, outcome.evidence)
            self.stopped = again if refused else outcome


def _streak_of(outcome: TryLater | Refused | Unknown) -> Streak | None:
    """What an outcome is a sign of, when it comes again and again; None for what only this message can be blamed for."""
    if isinstance(outcome, Unknown):
        return Streak.UNKNOWN
    if isinstance(outcome, TryLater):
        return Streak.LATER
    if outcome.phase is Phase.MAIL:
        return None if outcome.code == TOO_BIG else Streak.SENDER_REFUSED
    own_fault = outcome.blames_the_address or outcome.phase in {Phase.ADDRESS, Phase.MESSAGE}
    return None if own_fault else Streak.REFUSED


async def send_batch(account: SmtpAccount, pull: Pull, report: Report) -> BatchEnd:
    """Send what `pull` gives until it gives None, over at most `account.connections` connections at once.

    Each connection pulls one message, sends it, reports it, and only then pulls the next, so that at most one message
    per connection is claimed at any time. An account that is down, or cannot be reached, stops the batch: what was
    pulled is reported (`AccountDown`, or `TryLater` of phase connect, tls or auth), nothing more is pulled; so does the
    same trouble again and again (`Patience`). An
    exception of `pull`, `report` or `on_data` is an outage: the other connections finish the message they are at,
    then it is raised. Cancelled, it pulls nothing more and leaves `account.grace` seconds to what is under way.
    """
    batch = _Batch(account, pull, report)
    workers = [asyncio.create_task(_work(batch, first=index == 0)) for index in range(account.connections)]
    try:
        await asyncio.wait(workers)
    except asyncio.CancelledError:
        batch.over = True
        await asyncio.wait(workers, timeout=account.grace)
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        raise
    for worker in workers:
        worker.result()
    return BatchEnd(dict(batch.counts), batch.stopped)


async def _work(batch: _Batch, *, first: bool) -> None:
    """One connection's share; the others start after the first message of the first: a wrong password is tried once."""
    session = Session(batch.account)
    if not first:
        await batch.proven.wait()
    try:
        while not batch.over:
            job = await answer(batch.pull())
            if job is None:
                break
            outcome = await session.send(job)
            batch.note(outcome)
            batch.proven.set()
            await answer(batch.report(job, outcome))
    except Exception:
        batch.over = True
        raise
    finally:
        batch.proven.set()
        await session.close()


async def send_one(account: SmtpAccount, job: Outgoing) -> Outcome:
    """One message over a connection of its own."""
    session = Session(account)
    try:
        return await session.send(job)
    finally:
        await session.close()


def deliver_all(account: SmtpAccount, jobs: Iterable[Outgoing], report: Report) -> BatchEnd:
    """`send_batch` over ready messages, for callers without an event loop."""
    waiting = iter(jobs)
    return asyncio.run(send_batch(account, lambda: next(waiting, None), report))

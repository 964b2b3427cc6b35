"""Sending e-mail: a few connections of one account, each in the loop claim, send, record."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from recouvrement.channels.account import Outgoing, Security, SmtpAccount
from recouvrement.channels.opening import answer
from recouvrement.channels.outcomes import AccountDown, Outcome, Phase, Reason, Refused, TryLater
from recouvrement.channels.smtp_session import Session

__all__ = ["BatchEnd", "Outgoing", "Pull", "Report", "Security", "SmtpAccount", "deliver_all", "send_batch", "send_one"]

SENDER_REFUSALS: Final = 3

Pull = Callable[[], Awaitable[Outgoing | None] | Outgoing | None]
Report = Callable[[Outgoing, Outcome], Awaitable[None] | None]
Stop = AccountDown | TryLater


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
    sender_refusals: int = 0

    def note(self, outcome: Outcome) -> None:
        """Count an outcome, and stop the batch when the next message would meet the same trouble."""
        self.counts[type(outcome).__name__] += 1
        refused_sender = isinstance(outcome, Refused) and outcome.phase is Phase.MAIL
        self.sender_refusals = self.sender_refusals + 1 if refused_sender else 0
        if isinstance(outcome, AccountDown) or (isinstance(outcome, TryLater) and outcome.is_of_the_account):
            self.stopped = outcome
        elif self.sender_refusals >= SENDER_REFUSALS:
            self.stopped = AccountDown(Phase.MAIL, Reason.SENDER_REFUSED_AGAIN, outcome.code, outcome.evidence)
        self.over = self.over or self.stopped is not None


async def send_batch(account: SmtpAccount, pull: Pull, report: Report) -> BatchEnd:
    """Send what `pull` gives until it gives None, over at most `account.connections` connections at once.

    Each connection pulls one message, sends it, reports it, and only then pulls the next, so that at most one message
    per connection is claimed at any time. An account that is down, or cannot be reached, stops the batch: what was
    pulled is reported (`AccountDown`, or `TryLater` of phase connect, tls or auth), nothing more is pulled. An
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

"""E-mails of the day: per account a few claims in hand, each sent and recorded before the next one is looked at."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from recouvrement.channels.account import Outgoing
from recouvrement.channels.addresses import envelope_recipient
from recouvrement.channels.outcomes import Accepted, AccountDown, Outcome, Refused, TryLater, Unknown, Withdrawn
from recouvrement.channels.smtp import BatchEnd, send_batch
from recouvrement.day.house import House
from recouvrement.day.mail_accounts import MailAccount
from recouvrement.day.sending_windows import Clocks, clocks
from recouvrement.domain.contact_states import ContactState
from recouvrement.domain.ladder import Channel
from recouvrement.ledger.addresses import blame
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.claims import LEASE, Claimed, begin_sending, claim, release, settle
from recouvrement.ledger.content import fetch
from recouvrement.ledger.parties import creditor_row
from recouvrement.ledger.ready import Pairs, Windows, anything_ready
from recouvrement.ledger.tokens import Rate, used_up_today, wait_for_token
from recouvrement.ledger.witness import Witness

S = ContactState
LATER: Final = timedelta(minutes=20)
IN_HAND: Final = 20  # claims at once: neighbours are read together
FRESH: Final = timedelta(minutes=2)  # a claim in hand for longer is given back: its balance was read too long ago
LOOK_AGAIN: Final = 5.0  # seconds between two looks at a rate that other workers use too

MEANS: Final = {
    Accepted: S.SENT,
    TryLater: S.READY,
    AccountDown: S.READY,
    Withdrawn: S.READY,
    Refused: S.FAILED,
    Unknown: S.UNKNOWN,
}

Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Desk:
    """What the sender of one account works with; `told` hears of each outcome, `waited` of each wait in seconds."""

    house: House
    owner: str
    on: date
    account: MailAccount
    pairs: Pairs
    rate: Rate | None
    witness: Witness
    told: Callable[[Outcome], None]
    waited: Callable[[float], None]
    sleep: Sleep = asyncio.sleep


@dataclass(slots=True)
class _Hand:
    """Claims in hand and those on a connection."""

    desk: Desk
    sender: str
    clocks: Clocks
    held: deque[Claimed] = field(default_factory=deque)
    under_way: dict[str, Claimed] = field(default_factory=dict)
    one_claims: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def pull(self) -> Outgoing | None:
        """The next message to send, claimed; None when nothing is ready."""
        async with self.one_claims:
            self._give_back_stale()
            if not self.held:
                self.held.extend(await self._claimed())
            if not self.held:
                return None
            one = self.held.popleft()
        self.under_way[one.id] = one
        return self._outgoing(one)

    async def _claimed(self) -> list[Claimed]:
        """Claim what may go now; wait, holding nothing, while something is ready that only the rate holds up."""
        d = self.desk
        while windows := self.clocks.open_at(d.house.ledger.now()):
            found = claim(
                d.house.ledger, d.owner, channel=Channel.EMAIL, on=d.on, policy=d.house.policy, limit=IN_HAND,
                pairs=d.pairs, windows=windows, rate=d.rate, policy_of=d.house.policies.of_sha256,
            )  # fmt: skip
            if found or d.rate is None or self._used_up_today(d.rate) or not self._anything_ready(windows):
                return found
            await self._wait(d.rate)
        return []  # no hours are open: what expires with its day comes again, as its step waits for the next

    def _anything_ready(self, windows: Windows) -> bool:
        d = self.desk
        return anything_ready(d.house.ledger, channel=Channel.EMAIL, on=d.on, pairs=d.pairs, windows=windows)

    def _used_up_today(self, rate: Rate) -> bool:
        ledger = self.desk.house.ledger
        with ledger.reading() as connection:
            return used_up_today(connection, rate, ledger.now())

    def _begins(self, one: Claimed) -> bool:
        """Right before DATA: its hours may have ended since it was claimed, and the claim may be lost."""
        d = self.desk
        if not self.clocks.is_open(one.window, d.house.ledger.now()):
            return False
        lease = max(LEASE, timedelta(seconds=d.account.smtp.body_timeout) + timedelta(minutes=5))
        return begin_sending(d.house.ledger, d.witness, one, d.owner, lease=lease)

    async def _wait(self, rate: Rate) -> None:
        ledger = self.desk.house.ledger
        while True:
            with ledger.reading() as connection:
                left = wait_for_token(connection, rate, ledger.now()).total_seconds()
            if left <= 0:
                return
            seconds = min(left, LOOK_AGAIN)
            self.desk.waited(seconds)
            await self.desk.sleep(seconds)

    def _give_back_stale(self) -> None:
        now = self.desk.house.ledger.now()
        stale = [one for one in self.held if now - one.at > FRESH]
        self.held = deque(one for one in self.held if now - one.at <= FRESH)
        release(self.desk.house.ledger, stale, self.desk.owner, rate=self.desk.rate)

    def _outgoing(self, one: Claimed) -> Outgoing:
        d = self.desk
        with d.house.ledger.reading() as connection:
            data = fetch(connection, one.frozen_sha256)
        to = envelope_recipient(one.recipient or "", d.house.settings.redirect_all_to or None)
        return Outgoing(one.id, self.sender, to, data, lambda: self._begins(one))

    def report(self, job: Outgoing, outcome: Outcome) -> None:
        """Record what became of a message, then tell."""
        record(self.desk, self.under_way.pop(job.key), outcome)
        self.desk.told(outcome)


async def send_emails(desk: Desk) -> BatchEnd:
    """Send what one account may send now; what was claimed and not begun goes back at the end, whatever ends it."""
    sender = desk.account.sender or _creditors_address(desk.house)
    hand = _Hand(desk, sender, clocks(desk.house, desk.on))
    try:
        return await send_batch(desk.account.smtp, hand.pull, hand.report)
    finally:
        release(desk.house.ledger, list(hand.held), desk.owner, rate=desk.rate)


def _creditors_address(house: House) -> str:
    with house.ledger.reading() as connection:
        row = creditor_row(connection, house.creditor(), AsOf.whenever(house.ledger.known_to()))
    return str(row.email)


def record(desk: Desk, one: Claimed, outcome: Outcome) -> None:
    """The state that an outcome means (design.md §4, letters.md §2); an address that is at fault is marked."""
    recorded = settle(
        desk.house.ledger,
        one,
        desk.owner,
        MEANS[type(outcome)],
        reason=str(outcome)[:64],
        evidence=outcome.answer.encode(),
        retry_in=LATER if isinstance(outcome, TryLater) else None,
        witness=desk.witness,
        charged=None if outcome.was_offered and not isinstance(outcome, Withdrawn) else desk.rate,
    )
    on_trial = bool(desk.house.settings.redirect_all_to)  # the address refused is the trial's own
    if recorded and not on_trial and isinstance(outcome, Refused) and outcome.blames_the_address:
        blame(desk.house.ledger, one.id, reason=str(outcome)[:64])

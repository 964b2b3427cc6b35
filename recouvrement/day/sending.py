"""Draining the outbox: claim, send, record; any number of workers, nothing twice."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from recouvrement.channels.account import LOOPBACK
from recouvrement.channels.outcomes import Outcome
from recouvrement.channels.smtp import BatchEnd
from recouvrement.day.emailing import Desk, Sleep, send_emails
from recouvrement.day.house import House
from recouvrement.day.mail_accounts import AccountsRefused, MailAccount, account_of, mail_accounts, pairs_by_account
from recouvrement.day.other_channels import connected, post_registered
from recouvrement.day.posting import print_letters, printed_in
from recouvrement.day.sending_windows import over_daily_limit, waiting_for_hours
from recouvrement.day.texting import gateway_of, send_texts
from recouvrement.domain.ladder import Channel
from recouvrement.ledger.iban_changes import pending_iban
from recouvrement.ledger.owners import new_owner
from recouvrement.ledger.recovering import recover
from recouvrement.ledger.restore import pause_when_behind
from recouvrement.ledger.tokens import Rate
from recouvrement.ledger.witness import Witness

__all__ = ["OUTSIDE_HOURS", "DrainTally", "MayNotSend", "account_of", "drain"]


OUTSIDE_HOURS = "outside_sending_hours"


class MayNotSend(Exception):
    """Sending is refused before anything is claimed; the reason is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class DrainTally:
    """What a drain did: attempts by outcome, letters printed, what stopped it, and why something ready was not tried."""

    outcomes: Counter[str] = field(default_factory=Counter)
    letters: int = 0
    recovered: dict[str, int] = field(default_factory=dict)
    stopped: str = ""
    why: str = ""
    waited: float = 0.0  # seconds spent waiting for the rates of the accounts
    wait_for_hours: int = 0  # e-mails and texts that are ready, outside the hours of their policy where the debtor is
    over_daily_limit: int = 0  # e-mails that could leave now, and whose account has sent all that it may today

    def as_json(self) -> dict[str, object]:
        """Counts for a report or a run event."""
        return {
            "outcomes": dict(sorted(self.outcomes.items())),
            "letters": self.letters,
            "recovered": self.recovered,
            "stopped": self.stopped,
            "why": self.why,
            "waited": round(self.waited),
            "wait_for_hours": self.wait_for_hours,
            "over_daily_limit": self.over_daily_limit,
        }


def drain(
    house: House,
    *,
    on: date,
    pace: bool = True,
    on_sent: Callable[[int], None] | None = None,
    sleep: Sleep = asyncio.sleep,
    post: bool = True,
) -> DrainTally:
    """Send what is ready for a day: e-mails through their accounts, letters as print-and-post batches.

    Without `post`, letters wait: a clerk is not given a batch of one each time a relay is asked again.

    Raises MayNotSend when the ledger is paused (behind its witness) or the mail accounts cannot be read.
    """
    owner = new_owner()
    found = recover(house.ledger, owner, printed=printed_in(house), witness=house.witness())
    tally = DrainTally(recovered=found)
    if paused := pause_when_behind(house.ledger, house.witness()):
        raise MayNotSend(paused)
    with house.ledger.reading() as connection:
        if pending_iban(connection) is not None:
            raise MayNotSend("iban_not_confirmed")

    def told(outcome: Outcome) -> None:
        tally.outcomes[type(outcome).__name__.lower()] += 1
        if on_sent is not None:
            on_sent(tally.outcomes.total())

    def waited(seconds: float) -> None:
        tally.waited += seconds

    desks = _desks(house, owner, on, pace, told, waited, sleep)
    ends = asyncio.run(_all_accounts(desks))
    tally.stopped = "; ".join(str(end.stopped) for end in ends if end.stopped is not None)
    witness = house.witness()
    send_texts(house, owner, on, witness, told, pace=pace)
    waiting = waiting_for_hours(house, _ringing(house), on)
    tally.wait_for_hours, tally.why = waiting.count, OUTSIDE_HOURS if waiting.late else ""
    tally.over_daily_limit = over_daily_limit(house, [(desk.rate, desk.pairs) for desk in desks if desk.rate], on)
    if post:
        _post(house, owner, on, witness, tally)
    return tally


def _ringing(house: House) -> list[Channel]:
    """E-mail, and text messages where a gateway would take them."""
    return [Channel.EMAIL] + ([Channel.SMS] if gateway_of(house) is not None else [])


def _post(house: House, owner: str, on: date, witness: Witness, tally: DrainTally) -> None:
    """Letters into print-and-post batches; registered ones through the postal service where there is one."""
    tally.letters += print_letters(house, owner, on, Channel.LETTER, witness)
    with connected(house) as service:
        if service is None:
            tally.letters += print_letters(house, owner, on, Channel.REGISTERED_LETTER, witness)
            return
        posted, stopped = post_registered(house, service, owner, on, witness)
        tally.letters += posted
        tally.stopped = "; ".join(filter(None, (tally.stopped, stopped)))


def _desks(
    house: House,
    owner: str,
    on: date,
    pace: bool,  # noqa: FBT001
    told: Callable[[Outcome], None],
    waited: Callable[[float], None],
    sleep: Sleep,
) -> list[Desk]:
    """One desk for each account that has something to send; they share the witness."""
    try:
        accounts = mail_accounts(house.settings)
    except AccountsRefused as error:
        raise MayNotSend("mail_accounts_refused") from error
    if house.simulated and any(one.smtp.host not in LOOPBACK for one in accounts):
        raise MayNotSend("simulated_ledgers_send_to_loopback_only")
    pairs, witness = pairs_by_account(house, accounts, on), house.witness()
    return [
        Desk(house, owner, on, one, pairs[one.smtp.name], _rate(one, pace=pace), witness, told, waited, sleep)
        for one in accounts
        if pairs[one.smtp.name]
    ]


def _rate(account: MailAccount, *, pace: bool) -> Rate:
    """The limits of an account; without `pace` that of the day alone: nobody waits for a minute on a clock that stands still."""
    return account.rate if pace else replace(account.rate, per_minute=0)


async def _all_accounts(desks: list[Desk]) -> list[BatchEnd]:
    return list(await asyncio.gather(*(send_emails(desk) for desk in desks)))

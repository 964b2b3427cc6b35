"""Draining the outbox: claim, send, record; any number of workers, nothing twice."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from recouvrement.channels.account import Outgoing, Security, SmtpAccount
from recouvrement.channels.addresses import envelope_recipient
from recouvrement.channels.outcomes import Accepted, AccountDown, Outcome, Refused, TryLater, Unknown, Withdrawn
from recouvrement.channels.post import OtherLetters, read_batch, write_batch
from recouvrement.channels.postal import PostalLetter
from recouvrement.channels.smtp import BatchEnd, send_batch
from recouvrement.day.house import House
from recouvrement.domain.contact_states import ContactState
from recouvrement.domain.ladder import Channel
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.claims import Claimed, begin_sending, claim, new_owner, recover, settle
from recouvrement.ledger.content import fetch
from recouvrement.ledger.parties import creditor_row, debtor_rows
from recouvrement.ledger.restore import pause_when_behind
from recouvrement.ledger.tokens import take_token

S = ContactState
LATER = timedelta(minutes=20)


class MayNotSend(Exception):
    """Sending is refused before anything is claimed; the reason is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class DrainTally:
    """What a drain did: attempts by outcome, letters printed, what stopped it."""

    outcomes: Counter[str] = field(default_factory=Counter)
    letters: int = 0
    recovered: dict[str, int] = field(default_factory=dict)
    stopped: str = ""
    waited: int = 0  # seconds spent waiting for the account's rate

    def as_json(self) -> dict[str, object]:
        """Counts for a report or a run event."""
        return {
            "outcomes": dict(sorted(self.outcomes.items())),
            "letters": self.letters,
            "recovered": self.recovered,
            "stopped": self.stopped,
            "waited": self.waited,
        }


def drain(house: House, *, on: date, pace: bool = True, on_sent: Callable[[int], None] | None = None) -> DrainTally:
    """Send what is ready for a day: e-mails through SMTP, letters as a print-and-post batch.

    Raises MayNotSend when the ledger is paused (behind its witness).
    """
    owner = new_owner()
    tally = DrainTally(recovered=recover(house.ledger, owner, printed=_printed_in(house)))
    if paused := pause_when_behind(house.ledger, house.witness()):
        raise MayNotSend(paused)
    end = asyncio.run(_send_emails(house, owner, on, tally, pace=pace, on_sent=on_sent))
    if end.stopped is not None:
        tally.stopped = str(end.stopped)
    _print_letters(house, owner, on, tally)
    return tally


def account_of(house: House) -> SmtpAccount:
    """The SMTP account of the settings."""
    s = house.settings
    return SmtpAccount(
        "main",
        s.smtp_host,
        s.smtp_port,
        Security(s.smtp_security),
        username=s.smtp_user or None,
        password=s.smtp_password.get_secret_value() or None,
        connections=s.smtp_connections,
        body_timeout=float(s.smtp_data_timeout),
    )


async def _send_emails(
    house: House, owner: str, on: date, tally: DrainTally, *, pace: bool, on_sent: Callable[[int], None] | None
) -> BatchEnd:
    claimed: dict[str, Claimed] = {}
    witness = house.witness()
    sender = _sender(house)

    async def pull() -> Outgoing | None:
        found = claim(house.ledger, owner, channel=Channel.EMAIL, on=on, policy=house.policy, limit=1)
        if not found:
            return None
        one = found[0]
        while pace and not take_token(house.ledger, "main", per_minute=house.settings.smtp_per_minute):
            tally.waited += 1
            await asyncio.sleep(1)
        claimed[one.id] = one
        with house.ledger.reading() as connection:
            data = fetch(connection, one.frozen_sha256)
        to = envelope_recipient(one.recipient or "", house.settings.redirect_all_to or None)
        return Outgoing(one.id, sender, to, data, lambda: begin_sending(house.ledger, witness, one, owner))

    def report(job: Outgoing, outcome: Outcome) -> None:
        _record(house, claimed.pop(job.key), owner, outcome)
        tally.outcomes[type(outcome).__name__.lower()] += 1
        if on_sent is not None:
            on_sent(sum(tally.outcomes.values()))

    return await send_batch(account_of(house), pull, report)


def _sender(house: House) -> str:
    with house.ledger.reading() as connection:
        row = creditor_row(connection, house.creditor(), AsOf(date.max, house.ledger.known_to()))
    return str(row.email)


def _record(house: House, one: Claimed, owner: str, outcome: Outcome) -> None:
    """The state that an outcome means (design.md §4, letters.md §2)."""
    evidence = outcome.evidence.encode()
    code = str(outcome)[:64]
    match outcome:
        case Accepted():
            settle(house.ledger, one, owner, S.SENT, reason=code, evidence=evidence)
        case TryLater():
            settle(house.ledger, one, owner, S.READY, reason=code, evidence=evidence, retry_in=LATER)
        case AccountDown():
            settle(house.ledger, one, owner, S.READY, reason=code, evidence=evidence)
        case Refused():
            settle(house.ledger, one, owner, S.FAILED, reason=code, evidence=evidence)
        case Unknown():
            settle(house.ledger, one, owner, S.UNKNOWN, reason=code, evidence=evidence)
        case Withdrawn():
            settle(house.ledger, one, owner, S.READY, reason=code)


def _print_letters(house: House, owner: str, on: date, tally: DrainTally) -> None:
    """Letters of the day become one batch folder per channel; publishing it is one rename, safe to repeat."""
    witness = house.witness()
    for channel in (Channel.LETTER, Channel.REGISTERED_LETTER):
        ready = claim(house.ledger, owner, channel=channel, on=on, policy=house.policy, limit=500)
        if not ready:
            continue
        with house.ledger.reading() as connection:
            as_of = AsOf(on, house.ledger.known_to())
            debtors = debtor_rows(connection, sorted({one.debtor_id for one in ready}), as_of)
            letters = {
                one.id: _letter(one, debtors[one.debtor_id].code, fetch(connection, one.frozen_sha256), channel)
                for one in ready
            }
        lot = _lot(ready, channel)
        folder = f"{on.isoformat()}-{lot}"
        begun = [one for one in ready if begin_sending(house.ledger, witness, one, owner, reason=folder)]
        written = write_batch(house.settings.home / "out" / "post", lot, on, [letters[one.id] for one in begun])
        aside = {} if written is None or isinstance(written, OtherLetters) else dict(written.set_aside)
        for one in begun:
            if isinstance(written, OtherLetters):
                settle(house.ledger, one, owner, S.UNKNOWN, reason="other_letters_in_batch")
            elif one.id in aside or written is None:
                settle(house.ledger, one, owner, S.FAILED, reason=str(aside.get(one.id, "not_printable"))[:64])
            else:
                settle(house.ledger, one, owner, S.SENT, reason=lot, evidence=written.batch.folder.name.encode())
                tally.letters += 1


def _lot(ready: list[Claimed], channel: Channel) -> str:
    """The name of a batch, from the letters in it."""
    names = "|".join(sorted(one.id for one in ready))
    return f"{'r' if channel is Channel.REGISTERED_LETTER else 'l'}-{hashlib.sha256(names.encode()).hexdigest()[:10]}"


def _printed_in(house: House) -> Callable[[str, str], bool]:
    """Whether a published batch holds a letter: publishing is one rename, so the folder is whole or absent."""

    def printed(folder: str, key: str) -> bool:
        try:
            batch = read_batch(house.settings.home / "out" / "post" / folder)
        except (OSError, ValueError, KeyError):
            return False
        return any(entry.key == key for entry in batch.entries)

    return printed


def _letter(one: Claimed, debtor: str, pdf: bytes, channel: Channel) -> PostalLetter:
    lines = tuple(line for line in (one.recipient or "").split("\n") if line)
    return PostalLetter(one.id, debtor, lines, pdf, registered=channel is Channel.REGISTERED_LETTER)

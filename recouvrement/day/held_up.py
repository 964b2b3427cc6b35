"""What a message that is ready to leave waits for: its hours, its relay, the limit of its account, the whole house."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection

from recouvrement.clock import PARIS
from recouvrement.day.house import House
from recouvrement.day.mail_accounts import mail_accounts, pairs_by_account
from recouvrement.day.sending_windows import RINGING, Clocks, Hours, clocks
from recouvrement.domain.contact_states import ContactState
from recouvrement.domain.ladder import Channel
from recouvrement.domain.position import StepTaken
from recouvrement.ledger.iban_changes import pending_iban
from recouvrement.ledger.marks import Mark, marked
from recouvrement.ledger.outbox import contact_row
from recouvrement.ledger.tokens import used_up_today

QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class HeldUp:
    """Why a message does not leave now: a code, a sentence, and the moment from which it may, when that is known."""

    reason: str
    sentence: str
    until: datetime | None = None

    def as_json(self) -> dict[str, str | None]:
        """For a report."""
        return {"reason": self.reason, "until": self.until.isoformat() if self.until else None}


def held_up(house: House, taken: StepTaken, *, on: date) -> HeldUp | None:
    """The first thing that a ready message waits for on its day; None when it may leave now, or stands elsewhere."""
    if taken.state is not ContactState.READY or taken.channel is Channel.CALL:
        return None
    with house.ledger.reading() as connection:
        row = contact_row(connection, taken.contact_id)
        stopped = next(_house_stands_still(connection), None)
    if stopped is not None or row is None:
        return stopped
    moment = house.ledger.now()
    if row.retry_at is not None and row.retry_at > moment:
        return HeldUp("put_off", f"its relay put it off, until {_hour(row.retry_at)}", row.retry_at)
    if moment.astimezone(PARIS).date() != on or taken.channel not in RINGING:
        return None
    return _outside_hours(row, clocks(house, on), moment) or _over_limit(house, row, on, moment)


def _house_stands_still(connection: Connection) -> Iterator[HeldUp]:
    if marked(connection, Mark.PAUSED):
        yield HeldUp("ledger_paused", "the ledger is paused: `recouvrement resume`")
    if pending_iban(connection) is not None:
        yield HeldUp("iban_not_confirmed", "a new IBAN waits for its second person")


def _outside_hours(row: Any, found: Clocks, moment: datetime) -> HeldUp | None:
    window = (row.policy_sha256, row.place)
    if window not in found.hours or found.is_open(window, moment):
        return None
    hours, where = found.hours[window], f"where the debtor is ({row.place})"
    span = "-".join(f"{end:%H:%M}" for end in hours.policy.sending_hours)
    opens = _opens(hours, moment)
    if opens is not None:
        return HeldUp("outside_sending_hours", f"its hours are {span} {where}: from {_hour(opens)} in Paris", opens)
    after = "it was approved and goes another day" if row.needs_approval else "it expires, its step is planned anew"
    return HeldUp("outside_sending_hours", f"its hours, {span} {where}, are over for this day: {after}")


def _opens(hours: Hours, moment: datetime) -> datetime | None:
    """The quarter of an hour in which the hours open again, before the business day ends in Paris."""
    midnight = datetime.combine(moment.astimezone(PARIS).date(), time(), PARIS)
    quarters = (midnight + n * QUARTER for n in range(96))
    return next((one for one in quarters if one > moment and hours.open_at(one)), None)


def _over_limit(house: House, row: Any, on: date, moment: datetime) -> HeldUp | None:
    if row.channel != Channel.EMAIL.value:
        return None
    accounts, pair = mail_accounts(house.settings), (row.creditor_id, row.policy_sha256)
    carried = pairs_by_account(house, accounts, on)
    with house.ledger.reading() as connection:
        for account in accounts:
            if pair in carried[account.smtp.name] and used_up_today(connection, account.rate, moment):
                return HeldUp("over_daily_limit", f"its account ({account.smtp.name}) has sent all that it may today")
    return None


def _hour(moment: datetime) -> str:
    return f"{moment.astimezone(PARIS):%H:%M}"

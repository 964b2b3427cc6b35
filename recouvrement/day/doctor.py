"""A look at everything the working day leans on, outside Prefect: what is wrong is said before it stops the house."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from aiosmtplib import SMTP, SMTPException
from sqlalchemy.exc import SQLAlchemyError

from recouvrement.channels.account import SmtpAccount
from recouvrement.channels.mailbox import MailboxDownError, MaildirMailbox
from recouvrement.channels.opening import opened
from recouvrement.clock import PARIS
from recouvrement.day.house import House
from recouvrement.day.listening import mailbox_of
from recouvrement.day.mail_accounts import MAIN, AccountsRefused, mail_accounts
from recouvrement.day.operators import unknown_roles
from recouvrement.domain.contact_states import ContactState
from recouvrement.domain.holidays_fr import add_working_days, is_working_day
from recouvrement.domain.journal import Intact
from recouvrement.ledger.guards import lost_guards
from recouvrement.ledger.health import database_moment, feeds, newest_act_at, waiting_since
from recouvrement.ledger.journal import verify_all
from recouvrement.ledger.marks import Mark, marked
from recouvrement.ledger.restore import last_sent
from recouvrement.ledger.runs import latest_run
from recouvrement.policy.law_warnings import law_warnings

DONE_BY = time(10, 30)  # Paris; the daily run starts at 08:30
LEAST_FREE = 1_000_000_000  # octets
MOST_DRIFT = timedelta(minutes=2)
ANSWERS = "answers"


class Level(StrEnum):
    """How a check ended."""

    OK = "ok"
    LOOK = "look"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, how it ended, and the facts in codes, days and counts."""

    check: str
    level: Level
    facts: str = ""

    @property
    def advice(self) -> str:
        """What to do about it, in a sentence; empty when all is well."""
        return "" if self.level is Level.OK else ADVICE[self.check]

    def as_json(self) -> dict[str, str]:
        """The object that `recouvrement doctor --json` prints."""
        return {"check": self.check, "level": self.level.value, "facts": self.facts, "advice": self.advice}


ADVICE = {
    "runs": "Start the house with `make serve` (or its services), or run the day by hand: `recouvrement run`.",
    "bank": "Import the newest statements of that account: until then nobody is chased.",
    "rates": "Record the published rate: `recouvrement rates check` names it, `recouvrement rates add` takes it.",
    "law": "Look these figures up again at their source: `recouvrement rates check` lists them.",
    "mail": "Correct the mail account (RECOUVREMENT_SMTP_… or the file of accounts): until then nothing leaves by e-mail.",
    "mailbox": "Correct the mailbox (RECOUVREMENT_IMAP_… or RECOUVREMENT_MAILDIR): until then replies are not seen.",
    "operators": "Correct RECOUVREMENT_OPERATORS: a word that is no role gives no right.",
    "outbox": "Send what is ready (`recouvrement send`), settle what is unknown (`recouvrement settle`), or `recouvrement resume`.",
    "witness": "This ledger is older than what it sent, as after a restore: `recouvrement resume` marks what left.",
    "clock": "Set the clock of this machine (or of the database's) before anything is sent.",
    "disk": "Make room on the disk of the home.",
    "errors": "Read the newest files of log/errors in the home; each tells one thing that nobody foresaw.",
    "guards": "Somebody made the database forget to refuse changes of history: keep a copy, and compare it with a backup.",
    "chains": "Stop, keep this ledger as it is, and compare it with a backup: `recouvrement evidence verify` names the place.",
}


Check = Callable[[House, datetime], Iterator[Finding]]


def examine(house: House, moment: datetime, *, quick: bool = False) -> list[Finding]:
    """Look at runs, bank feeds, rates, mail, outbox, chains, clock and disk at a moment; `quick` leaves the chains out.

    A check that cannot be made is itself a finding, so that one trouble never hides another.
    """
    found: list[Finding] = []
    for name, check in CHECKS.items():
        if quick and name == "chains":
            continue
        try:
            found += check(house, moment)
        except (OSError, ValueError, SQLAlchemyError, SMTPException) as error:
            found.append(Finding(name, Level.BAD, f"could not look: {type(error).__name__}"))
    return found


def last_expected(moment: datetime) -> date:
    """The newest working day whose daily run should be over: today from 10:30 in Paris on.

    >>> from datetime import UTC
    >>> last_expected(datetime(2026, 11, 23, 8, 0, tzinfo=UTC)), last_expected(datetime(2026, 11, 23, 12, 0, tzinfo=UTC))
    (datetime.date(2026, 11, 20), datetime.date(2026, 11, 23))
    """
    here = moment.astimezone(PARIS)
    if is_working_day(here.date()) and here.time() >= DONE_BY:
        return here.date()
    return add_working_days(here.date(), -1)


def _runs(house: House, moment: datetime) -> Iterator[Finding]:
    with house.ledger.reading() as connection:
        newest = latest_run(connection)
    wanted = last_expected(moment)
    if newest is None:
        yield Finding("runs", Level.BAD, "no daily run was ever completed")
    elif newest.on < wanted:
        yield Finding("runs", Level.BAD, f"nothing has run since {newest.on}; expected {wanted}")
    else:
        yield Finding("runs", Level.OK, f"last on {newest.on}, {newest.mode}")


def _feeds(house: House, moment: datetime) -> Iterator[Finding]:
    on = moment.astimezone(PARIS).date()
    oldest = add_working_days(on, -house.policy.feed_max_age - 1)
    with house.ledger.reading() as connection:
        accounts = feeds(connection, house.creditor(), upto=on)
    if not accounts:
        yield Finding("bank", Level.BAD, "no bank statement was ever read: nobody is chased")
    for tail, to in accounts:
        level = Level.OK if to >= oldest else Level.BAD
        yield Finding("bank", level, f"account …{tail} read to {to}")


def _law(house: House, moment: datetime) -> Iterator[Finding]:
    on = moment.astimezone(PARIS).date()
    if not house.rates_known(on):
        yield Finding("rates", Level.BAD, f"no published rate for {on}: no formal notice can be made")
    warned = [warning.code for warning in law_warnings(house.law, on)]
    yield Finding("law", Level.LOOK if warned else Level.OK, ", ".join(sorted(set(warned))))


def _mail(house: House, moment: datetime) -> Iterator[Finding]:  # noqa: ARG001 (one shape for every check)
    try:
        accounts = mail_accounts(house.settings)
    except AccountsRefused as error:
        yield Finding("mail", Level.BAD, f"the file of mail accounts cannot be used: {error}")
        return
    for one in accounts:
        reached = asyncio.run(_reached(one.smtp))
        named = reached if one.smtp.name == MAIN else f"{one.smtp.name}: {reached}"
        yield Finding("mail", Level.OK if reached == ANSWERS else Level.BAD, named)


def _mailbox(house: House, moment: datetime) -> Iterator[Finding]:
    """Log in to the mailbox and open its folders; nothing is read."""
    box = mailbox_of(house)
    if box is None:
        yield Finding("mailbox", Level.OK, "none is read")
        return
    folder = house.settings.maildir
    if isinstance(box, MaildirMailbox) and not (folder and folder.is_dir()):
        yield Finding("mailbox", Level.BAD, "the Maildir is not there")
        return
    try:
        next(box.arrivals(None, moment.date() + timedelta(days=2)), None)
        box.find_message_ids(["<doctor@recouvrement.invalid>"])
    except MailboxDownError as error:
        yield Finding("mailbox", Level.BAD, str(error)[:80])
        return
    yield Finding("mailbox", Level.OK, ANSWERS)


def _operators(house: House, moment: datetime) -> Iterator[Finding]:  # noqa: ARG001
    odd = unknown_roles(house.settings)
    yield Finding("operators", Level.BAD if odd else Level.OK, f"no such role: {', '.join(odd)}" if odd else "")


async def _reached(account: SmtpAccount) -> str:
    """Greet the relay, protect, log in and leave: no message is begun."""
    client = await opened(account)
    if not isinstance(client, SMTP):
        return str(client)[:80]
    with suppress(SMTPException, OSError):
        await client.quit()
    return ANSWERS


def _outbox(house: House, moment: datetime) -> Iterator[Finding]:
    with house.ledger.reading() as connection:
        waiting = waiting_since(connection)
        paused = marked(connection, Mark.PAUSED)
    if paused:
        yield Finding("outbox", Level.BAD, f"sending is paused: {paused}")
    today = moment.astimezone(PARIS).date()
    for state, (count, since) in sorted(waiting.items()):
        late = state in {ContactState.UNKNOWN, ContactState.SENDING} or (state == ContactState.READY and since < today)
        yield Finding("outbox", Level.LOOK if late else Level.OK, f"{count} {state} since {since}")


def _witness(house: House, moment: datetime) -> Iterator[Finding]:  # noqa: ARG001
    seen = house.witness().last()
    with house.ledger.reading() as connection:
        known = last_sent(connection)
    behind = seen > known
    yield Finding("witness", Level.BAD if behind else Level.OK, f"witness {seen}, ledger {known}")


def _clock(house: House, moment: datetime) -> Iterator[Finding]:
    with house.ledger.reading() as connection:
        newest, theirs = newest_act_at(connection), database_moment(connection)
    if newest is not None and newest > moment + MOST_DRIFT and not house.simulated:
        yield Finding(
            "clock", Level.BAD, f"this machine is behind the newest act of the ledger, {newest:%Y-%m-%d %H:%M}"
        )
    elif abs(theirs - moment) > MOST_DRIFT:
        yield Finding("clock", Level.BAD, f"the database's clock says {theirs:%Y-%m-%d %H:%M}")
    else:
        yield Finding("clock", Level.OK)


def _disk(house: House, moment: datetime) -> Iterator[Finding]:  # noqa: ARG001
    free = shutil.disk_usage(house.settings.home).free
    yield Finding("disk", Level.OK if free >= LEAST_FREE else Level.BAD, f"{free // 1_000_000} MB free")


def _errors(house: House, moment: datetime) -> Iterator[Finding]:
    folder = house.settings.home / "log" / "errors"
    since = (moment - timedelta(days=1)).timestamp()
    fresh = [path for path in folder.glob("*.txt") if path.stat().st_mtime >= since]
    yield Finding("errors", Level.LOOK if fresh else Level.OK, f"{len(fresh)} in log/errors since yesterday")


def _chains(house: House, moment: datetime) -> Iterator[Finding]:  # noqa: ARG001
    with house.ledger.reading() as connection:
        verdicts = verify_all(connection)
    broken = sorted(chain for chain, verdict in verdicts.items() if not isinstance(verdict, Intact))
    facts = f"{len(verdicts)} chains" + (f", broken: {', '.join(broken[:5])}" if broken else "")
    yield Finding("chains", Level.BAD if broken else Level.OK, facts)


def _guards(house: House, moment: datetime) -> Iterator[Finding]:  # noqa: ARG001
    with house.ledger.reading() as connection:
        lost = lost_guards(connection)
    facts = f"history may be altered: {', '.join(lost[:5])}" if lost else "history is neither altered nor emptied"
    yield Finding("guards", Level.BAD if lost else Level.OK, facts)


CHECKS: dict[str, Check] = {
    "runs": _runs, "bank": _feeds, "law": _law, "mail": _mail, "mailbox": _mailbox, "operators": _operators, "outbox": _outbox,
    "witness": _witness, "clock": _clock, "disk": _disk, "errors": _errors, "guards": _guards, "chains": _chains,
}  # fmt: skip

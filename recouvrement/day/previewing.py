"""A message looked at before it exists: the bytes that would be frozen today for a debtor, with nothing written."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email import message_from_bytes, policy
from email.message import EmailMessage

from recouvrement.clock import PARIS
from recouvrement.day.decisions import decided
from recouvrement.day.freezing import Frozen, freeze
from recouvrement.day.house import House
from recouvrement.day.messages import Scene, message_for
from recouvrement.domain.escalation import PlannedContact
from recouvrement.domain.ladder import Channel, Stage
from recouvrement.domain.policy import Policy, Step
from recouvrement.domain.position import DebtorPosition, ItemPosition
from recouvrement.domain.protection import item_block
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.facts import find_debtor
from recouvrement.ledger.parties import creditor_row, debtor_rows
from recouvrement.ledger.positions import Range

NAMES = {
    Channel.EMAIL: "eml",
    Channel.LETTER: "pdf",
    Channel.REGISTERED_LETTER: "pdf",
    Channel.CALL: "call.txt",
    Channel.SMS: "sms.txt",
}


class NothingToShow(Exception):
    """There is no such message to look at; the text is a code."""


@dataclass(frozen=True, slots=True)
class Preview:
    """Files by the end of their name, and what stands in the way of each channel that cannot be written."""

    files: dict[str, bytes]
    to_correct: dict[str, str]
    policy: str


def preview(house: House, step_code: str, debtor: str, *, on: date) -> Preview:
    """Write a step for a debtor (code) as it would be frozen on a day, whether it is due or not; raise NothingToShow.

    It carries the debtor's invoices that nothing keeps off the ladder: those due for a step after the due date, those to
    come for one before it.
    """
    position, own = _position(house, debtor, on)
    step = own.step(step_code)
    if step is None or not step.channels:
        raise NothingToShow("unknown_step")
    items = _carried(position, step, on)
    if not items:
        raise NothingToShow("nothing_to_ask")
    files: dict[str, bytes] = {}
    faults: dict[str, str] = {}
    for channel in _channels(step):
        found = _written(house, position, own, step, channel, items, on)
        if isinstance(found, str):
            faults[channel.value] = found
        else:
            files |= _files(channel, found)
    return Preview(files, faults, own.name)


def _position(house: House, debtor: str, on: date) -> tuple[DebtorPosition, Policy]:
    known_to = house.ledger.known_to()
    with house.ledger.reading() as connection:
        debtor_id = find_debtor(connection, house.creditor(), debtor)
    if debtor_id is None:
        raise NothingToShow("unknown_debtor")
    pairs = list(decided(house, house.creditor(), Range(debtor_id, debtor_id), on=on, known_to=known_to))
    if not pairs:
        raise NothingToShow("nothing_open")
    return pairs[0][0], pairs[0][1].policy


def _carried(position: DebtorPosition, step: Step, on: date) -> list[ItemPosition]:
    free = [i for i in position.items if i.open_cents > 0 and item_block(i, position, on=on) is None]
    early = step.stage is Stage.PREVENTION
    found = [i for i in free if (i.due_on >= on if early else i.due_on < on)]
    return [i for i in found if i.currency == found[0].currency]


def _channels(step: Step) -> list[Channel]:
    """What can be looked at: the channels of the step; one that goes by e-mail is shown on paper too."""
    paper = [Channel.LETTER] if Channel.EMAIL in step.channels and Channel.LETTER not in step.channels else []
    return [*step.channels, *paper]


def _written(
    house: House,
    position: DebtorPosition,
    own: Policy,
    step: Step,
    channel: Channel,
    items: list[ItemPosition],
    on: date,
) -> Frozen | str:
    rows = tuple((item.id, step.code, item.open_cents) for item in items)
    contact = PlannedContact(step.code, channel, items[0].currency, rows, (), step.needs_approval, own)
    moment = datetime.combine(on, time(9), PARIS).astimezone(UTC)
    as_of = AsOf(on, house.ledger.known_to())
    with house.ledger.reading() as connection:
        scene = Scene(house, connection, creditor_row(connection, house.creditor(), as_of), on, as_of)
        debtor = debtor_rows(connection, [position.id], as_of)[position.id]
        try:
            message = message_for(scene, position, contact, debtor)
            name = f"<preview@{house.settings.message_domain}>"
            return freeze(scene, message, contact, debtor, message_id=name, moment=moment)
        except ValueError as error:
            return f"message_refused: {error}"


def _files(channel: Channel, frozen: Frozen) -> dict[str, bytes]:
    """The frozen bytes; of an e-mail also its two bodies, to open in an editor and in a browser."""
    found = {NAMES[channel]: frozen.data}
    if channel is Channel.EMAIL:
        mail = message_from_bytes(frozen.data, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        for kind, end in (("plain", "txt"), ("html", "html")):
            body = mail.get_body((kind,))
            if body is not None:
                found[end] = body.get_content().encode()
    return found

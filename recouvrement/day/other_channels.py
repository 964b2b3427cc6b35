"""Registered letters through Maileva: prepared, marked as sending, submitted; and what became of them.

Written from Maileva's published API and tested against a local server that speaks it; never run against the real one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import httpx

from recouvrement.channels.maileva import Maileva
from recouvrement.channels.maileva_http import MailevaAccount
from recouvrement.channels.postal import (
    OF_THE_ADDRESS,
    LetterProblem,
    PostalDownError,
    PostalStatus,
    Proof,
    ProofKind,
    StatusEvent,
)
from recouvrement.channels.scans import Scan
from recouvrement.clock import PARIS
from recouvrement.day.house import House
from recouvrement.day.postal_inbox import Fact, Proofs, attach_proof, proofs_folder, record_facts, take_proofs
from recouvrement.day.posting import letters_of
from recouvrement.day.texting import leaves_this_machine
from recouvrement.domain.contact_states import ContactState
from recouvrement.domain.ladder import Channel
from recouvrement.ledger.addresses import blame
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.claims import Claimed, begin_sending, claim, release, settle
from recouvrement.ledger.outbox import Fence, move
from recouvrement.ledger.parties import creditor_row
from recouvrement.ledger.proofs import handed_to_service
from recouvrement.ledger.witness import Witness

S, P = ContactState, PostalStatus
MARK: Final = "maileva:"
SINCE: Final = datetime(2000, 1, 1, tzinfo=UTC)
PROVES: Final = {
    P.DEPOSITED: "deposited", P.DELIVERED: "delivered", P.REFUSED: "refused", P.UNCLAIMED: "unclaimed",
    P.UNDELIVERABLE: "undeliverable",
}  # fmt: skip
BEFORE: Final = frozenset({P.PREPARED, P.ERROR})  # nothing was handed over


@contextmanager
def connected(house: House) -> Iterator[Maileva | None]:
    """The service of the settings; None when letters are printed, or when a trial may not reach it."""
    s = house.settings
    if s.postal_carrier != "maileva" or leaves_this_machine(house, s.maileva_api):
        yield None
        return
    with house.ledger.reading() as connection:
        row = creditor_row(connection, house.creditor(), AsOf.whenever(house.ledger.known_to()))
    sender = (row.name, *(line for line in row.address.split("\n") if line))
    secrets = (s.maileva_secret.get_secret_value(), s.maileva_user, s.maileva_password.get_secret_value())
    account = MailevaAccount(s.maileva_api, s.maileva_login, s.maileva_client, *secrets, sender=sender)
    with httpx.Client(timeout=60.0) as client:
        yield Maileva(account, client)


def post_registered(house: House, service: Maileva, owner: str, on: date, witness: Witness) -> tuple[int, str]:
    """Hand the registered letters that are ready to the service; how many, and what stopped it.

    A draft sends nothing, so it is made before `sending` is committed; the service takes a sending only once, so a
    letter submitted twice leaves once. When it does not answer after that, the fate is unknown until `proofs` asks.
    """
    posted = 0
    while found := claim(
        house.ledger, owner, channel=Channel.REGISTERED_LETTER, on=on, policy=house.policy, limit=1,
        policy_of=house.policies.of_sha256,
    ):  # fmt: skip
        [one] = found
        letter = letters_of(house, on, Channel.REGISTERED_LETTER, found)[one.id]
        try:
            external = service.prepare(letter)
        except PostalDownError:
            release(house.ledger, found, owner)
            return posted, "maileva_down"
        if isinstance(external, LetterProblem):
            _failed(house, owner, one, external, witness)
        elif begin_sending(house.ledger, witness, one, owner, reason=f"{MARK}{external}"):
            status = _submitted(service, external)
            posted += _settled(house, owner, one, external, status, witness)
            if status is None:
                return posted, "maileva_down"
    return posted, ""


def _submitted(service: Maileva, external: str) -> PostalStatus | None:
    try:
        return service.submit(external)
    except PostalDownError:
        return None


def _settled(
    house: House, owner: str, one: Claimed, external: str, status: PostalStatus | None, witness: Witness
) -> bool:
    if status is None:
        settle(house.ledger, one, owner, S.UNKNOWN, reason="maileva_down")
        return False
    if status in BEFORE:
        settle(house.ledger, one, owner, S.FAILED, reason=f"maileva_{status.value}", witness=witness)
        return False
    return settle(house.ledger, one, owner, S.SENT, reason="maileva_submitted", evidence=external.encode())


def _failed(house: House, owner: str, one: Claimed, problem: LetterProblem, witness: Witness) -> None:
    if settle(house.ledger, one, owner, S.FAILED, reason=problem.value, witness=witness) and problem in OF_THE_ADDRESS:
        blame(house.ledger, one.id, reason=problem.value)


def ask_service(house: House, service: Maileva, *, on: date, operator: str) -> Proofs:
    """Ask what became of the letters that were handed over: statuses become proofs, papers are attached.

    A letter of unknown fate that the service has taken did leave. Raises PostalDownError.
    """
    told = Proofs()
    contacts = _handed_over(house)
    events = list(service.poll(contacts, SINCE))
    _settle_unknown(house, contacts, events, operator)
    facts = [
        Fact(contacts[event.external_id].id, PROVES[event.status], event.at.astimezone(PARIS).date(), event.number)
        for event in events
        if event.status in PROVES
    ]
    record_facts(house, _one_of_each(facts), told, operator=operator)
    told.refused += [("maileva", None, event.code.lower()) for event in events if event.status is P.ERROR]
    for external_id, row in contacts.items():
        for proof in service.fetch_proofs(external_id):
            attach_proof(house, _scan(row.id, proof), told, on=on, operator=operator)
    return told


def _one_of_each(facts: list[Fact]) -> list[Fact]:
    """The first of each kind for a letter: a service repeats a status when it learns more, and a posting has one day."""
    first: dict[tuple[str, str], Fact] = {}
    for fact in sorted(facts, key=lambda one: one.on):
        first.setdefault((fact.contact_id, fact.kind), fact)
    return list(first.values())


def _handed_over(house: House) -> dict[str, Any]:
    """The contacts that the service may know something of, by its own id."""
    with house.ledger.reading() as connection:
        return {row.reason.removeprefix(MARK): row for row in handed_to_service(connection, MARK)}


def _settle_unknown(house: House, contacts: dict[str, Any], events: list[StatusEvent], operator: str) -> None:
    taken = {event.external_id for event in events if event.status not in BEFORE}
    unknown = [row.id for external, row in contacts.items() if row.state == S.UNKNOWN and external in taken]
    if not unknown:
        return
    with house.ledger.act("found_at_service", operator) as act:
        for contact_id in unknown:
            changes: dict[str, object] = {"sent_at": act.at, "owner": None}
            move(act, contact_id, S.SENT, fence=Fence((S.UNKNOWN,)), reason="found_at_maileva", changes=changes)


def _scan(contact_id: str, proof: Proof) -> Scan:
    kind = ProofKind(proof.kind)
    return Scan(contact_id, "", kind, sha256(proof.octets).hexdigest(), proof.octets)


def gather_proofs(house: House, path: Path | None, *, on: date, operator: str) -> Proofs:
    """Take what a person names, or what lies in the drop folder and, with the service, what it knows.

    Raises PostalDownError after the folder was taken.
    """
    if path is not None:
        return take_proofs(house, path, on=on, operator=operator)
    folder = proofs_folder(house)
    told = take_proofs(house, folder, on=on, operator=operator) if folder.is_dir() else Proofs()
    with connected(house) as service:
        if service is not None:
            told.add(ask_service(house, service, on=on, operator=operator))
    return told

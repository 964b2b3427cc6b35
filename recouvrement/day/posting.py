"""Letters of the day: print-and-post batches, each published by one rename that is safe to repeat."""

import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

from recouvrement.channels.post import OtherLetters, Written, read_batch, write_batch
from recouvrement.channels.postal import OF_THE_ADDRESS, PostalLetter
from recouvrement.day.house import House
from recouvrement.domain.contact_states import ContactState
from recouvrement.domain.ladder import Channel
from recouvrement.ledger.addresses import blame
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.claims import Claimed, begin_sending, claim, settle
from recouvrement.ledger.content import fetch
from recouvrement.ledger.parties import debtor_rows
from recouvrement.ledger.witness import Witness
from recouvrement.letters.countries import country_line

S = ContactState
IN_A_BATCH: Final = 500  # letters: what a clerk folds in a day, and what is held in memory at once


def post_folder(house: House) -> Path:
    """Where batches to print and post are published."""
    return house.settings.home / "out" / "post"


def print_letters(house: House, owner: str, on: date, channel: Channel, witness: Witness) -> int:
    """Print what is ready of a postal channel, batch after batch; return how many letters."""
    printed = 0
    while ready := claim(
        house.ledger,
        owner,
        channel=channel,
        on=on,
        policy=house.policy,
        limit=IN_A_BATCH,
        policy_of=house.policies.of_sha256,
    ):
        printed += _print_batch(house, owner, on, channel, ready, witness)
    return printed


def _print_batch(house: House, owner: str, on: date, channel: Channel, ready: list[Claimed], witness: Witness) -> int:
    letters = letters_of(house, on, channel, ready)
    lot = _lot(ready, channel)
    folder = f"{on.isoformat()}-{lot}"
    begun = [one for one in ready if begin_sending(house.ledger, witness, one, owner, reason=folder)]
    written = write_batch(post_folder(house), lot, on, [letters[one.id] for one in begun])
    return sum(_settle(house, owner, one, lot, written, witness) for one in begun)


def _settle(
    house: House, owner: str, one: Claimed, lot: str, written: Written | OtherLetters | None, witness: Witness
) -> bool:
    """Record what became of a letter; say whether it was printed."""
    if isinstance(written, OtherLetters):
        settle(house.ledger, one, owner, S.UNKNOWN, reason="other_letters_in_batch")
        return False
    aside = {} if written is None else dict(written.set_aside)
    if one.id in aside or written is None:
        problem = aside.get(one.id)
        reason = str(problem or "not_printable")[:64]
        failed = settle(house.ledger, one, owner, S.FAILED, reason=reason, witness=witness)
        if failed and problem in OF_THE_ADDRESS:
            blame(house.ledger, one.id, reason=str(problem))
        return False
    return settle(house.ledger, one, owner, S.SENT, reason=lot, evidence=written.batch.folder.name.encode())


def letters_of(house: House, on: date, channel: Channel, ready: list[Claimed]) -> dict[str, PostalLetter]:
    """The frozen letters of some claims, by contact."""
    with house.ledger.reading() as connection:
        as_of = AsOf(on, house.ledger.known_to())
        debtors = debtor_rows(connection, sorted({one.debtor_id for one in ready}), as_of)
        return {
            one.id: _letter(one, debtors[one.debtor_id], fetch(connection, one.frozen_sha256), channel) for one in ready
        }


def _letter(one: Claimed, debtor: Any, pdf: bytes, channel: Channel) -> PostalLetter:
    lines = tuple(line for line in (one.recipient or "").split("\n") if line)
    registered = channel is Channel.REGISTERED_LETTER
    country = "FR" if country_line(debtor.country) is None else debtor.country
    return PostalLetter(one.id, debtor.code, lines, pdf, registered=registered, country=country)


def _lot(ready: list[Claimed], channel: Channel) -> str:
    """The name of a batch, from the letters in it."""
    names = "|".join(sorted(one.id for one in ready))
    return f"{'r' if channel is Channel.REGISTERED_LETTER else 'l'}-{hashlib.sha256(names.encode()).hexdigest()[:10]}"


def printed_in(house: House) -> Callable[[str, str], bool]:
    """Whether a published batch holds a letter: publishing is one rename, so the folder is whole or absent."""

    def printed(folder: str, key: str) -> bool:
        try:
            batch = read_batch(post_folder(house) / folder)
        except (OSError, ValueError, KeyError):
            return False
        return any(entry.key == key for entry in batch.entries)

    return printed

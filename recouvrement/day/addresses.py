"""Correcting a debtor's addresses: a new version of the debtor, and the steps that reached nobody may be taken again."""

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from recouvrement.channels.addresses import mailbox
from recouvrement.channels.postal import address_problem
from recouvrement.day.acts_base import Done, debtor_named, perform, refuse_when
from recouvrement.day.house import House
from recouvrement.domain.journal_events import JournalEvent
from recouvrement.domain.records import CustomerRecord
from recouvrement.ledger import journal
from recouvrement.ledger.addresses import Medium, mark_working, release
from recouvrement.ledger.book import Act
from recouvrement.ledger.notes import note_text
from recouvrement.ledger.parties import take_customers

NOTE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}")
ULID = r"[0-9A-HJKMNP-TV-Z]{26}"
LONGEST_NOTE = 5_000  # octets
PHONE = re.compile(r"\+?[0-9][0-9 .()-]{5,30}")
E_MAIL = re.compile(r"e-?mail\s*:\s*(.*)", re.IGNORECASE)
TELEPHONE = re.compile(r"(?:phone|t[ée]l\w*)\s*:\s*(.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NewAddress:
    """What is corrected, one or more of the three; postal lines without the debtor's name."""

    email: str = ""
    phone: str = ""
    lines: tuple[str, ...] = ()

    @property
    def problem(self) -> str:
        """Why it cannot be an address; empty when it can."""
        if not (self.email or self.phone or self.lines):
            return "no_address"
        if self.email and mailbox(self.email) is None:
            return "not_an_email_address"
        if self.phone and not PHONE.fullmatch(self.phone):
            return "not_a_telephone_number"
        found = address_problem(("name", *self.lines)) if self.lines else None
        return f"postal_{found.value}" if found else ""


def read_note(house: House, note: str) -> NewAddress | str:
    """The address in a note of the ledger, by its id, or in the file `inbox/notes/<note>.txt`.

    Lines `email: …` and `phone: …`; any other line is of the postal address. Returns a refusal code when there is no
    such note. The name is checked before the disk is touched.
    """
    if not NOTE.fullmatch(note):
        return "not_a_note"
    if re.fullmatch(ULID, note):
        with house.ledger.reading() as connection:
            kept = note_text(connection, note)
        return "no_such_note" if kept is None else _address_in(kept)
    path: Path = house.inbox / "notes" / f"{note}.txt"
    try:
        text = path.read_bytes()[:LONGEST_NOTE].decode("utf-8-sig", "replace")
    except OSError:
        return "no_such_note"
    return _address_in(text)


def _address_in(text: str) -> NewAddress:
    found = NewAddress()
    for line in filter(None, map(str.strip, text.splitlines())):
        if mail := E_MAIL.fullmatch(line):
            found = replace(found, email=mail[1].strip())
        elif phone := TELEPHONE.fullmatch(line):
            found = replace(found, phone=phone[1].strip())
        else:
            found = replace(found, lines=(*found.lines, line))
    return found


def correct_address(house: House, debtor_code: str, new: NewAddress, *, on: date, operator: str) -> Done:
    """Record a corrected address as a new version of the debtor; what bounced there may be sent again."""
    record = CustomerRecord(debtor_code, "", email=new.email or None, phone=new.phone or None, address_lines=new.lines)

    def write(act: Act) -> str:
        refuse_when(new.problem, new.problem)
        debtor_id = debtor_named(act, house, debtor_code)
        take_customers(act, house.creditor(), [record])
        for medium, given in ((Medium.EMAIL, new.email), (Medium.PHONE, new.phone), (Medium.POST, new.lines)):
            if given:
                _corrected(act, debtor_id, medium, on)
        return debtor_id

    return perform(house, "correct_address", operator, write)


def _corrected(act: Act, debtor_id: str, medium: Medium, on: date) -> None:
    mark_working(act, debtor_id, medium, reason="corrected", on=on)
    again = release(act, debtor_id, medium)
    facts = {"medium": medium.value, "to_send_again": again, "on": on.isoformat()}
    journal.append(act, debtor_id, JournalEvent.ADDRESS_CORRECTED, facts)


def address_works(house: House, debtor_code: str, medium: Medium, *, on: date, operator: str) -> Done:
    """A person vouches for an address that came back: its channel opens again, and what reached nobody may be sent again."""

    def write(act: Act) -> str:
        debtor_id = debtor_named(act, house, debtor_code)
        mark_working(act, debtor_id, medium, reason="vouched_for", on=on)
        release(act, debtor_id, medium)
        return debtor_id

    return perform(house, "address_works", operator, write)

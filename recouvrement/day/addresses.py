"""Correcting a debtor's addresses: a new version of the debtor, and the steps that reached nobody may be taken again."""

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from recouvrement.channels.addresses import mailbox
from recouvrement.channels.postal import address_problem
from recouvrement.day.acts import Done
from recouvrement.day.house import House
from recouvrement.domain.journal_events import JournalEvent
from recouvrement.domain.records import CustomerRecord
from recouvrement.ledger import journal
from recouvrement.ledger.addresses import Medium, mark_working, release
from recouvrement.ledger.facts import find_debtor
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
    creditor_id = house.creditor()
    with house.ledger.reading() as connection:
        debtor_id = find_debtor(connection, creditor_id, debtor_code)
    refused = new.problem or ("" if debtor_id else "unknown_debtor")
    if refused or debtor_id is None:
        return Done(refused=refused)
    record = CustomerRecord(debtor_code, "", email=new.email or None, phone=new.phone or None, address_lines=new.lines)
    with house.ledger.act("correct_address", operator) as act:
        take_customers(act, creditor_id, [record])
        for medium, given in ((Medium.EMAIL, new.email), (Medium.PHONE, new.phone), (Medium.POST, new.lines)):
            if given:
                mark_working(act, debtor_id, medium, reason="corrected", on=on)
                again = release(act, debtor_id, medium)
                facts = {"medium": medium.value, "to_send_again": again, "on": on.isoformat()}
                journal.append(act, debtor_id, JournalEvent.ADDRESS_CORRECTED, facts)
    return Done(debtor_id)


def address_works(house: House, debtor_code: str, medium: Medium, *, on: date, operator: str) -> Done:
    """A person vouches for an address that came back: its channel opens again, and what reached nobody may be sent again."""
    creditor_id = house.creditor()
    with house.ledger.reading() as connection:
        debtor_id = find_debtor(connection, creditor_id, debtor_code)
    if debtor_id is None:
        return Done(refused="unknown_debtor")
    with house.ledger.act("address_works", operator) as act:
        mark_working(act, debtor_id, medium, reason="vouched_for", on=on)
        release(act, debtor_id, medium)
    return Done(debtor_id)

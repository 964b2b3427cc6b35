"""What people do in a story: disputes, promises, pauses, calls, approvals, and what the post and the mailbox bring back."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from recouvrement.channels.mailbox import MaildirMailbox
from recouvrement.channels.maildir import deliver
from recouvrement.day import acts
from recouvrement.day.answers import Meaning, Said, mark_read
from recouvrement.day.listening import listen
from recouvrement.day.to_read import to_read
from recouvrement.domain.contact_states import ContactState
from recouvrement.ledger import approvals
from recouvrement.ledger.content import fetch
from recouvrement.ledger.facts import find_items, waive_step
from recouvrement.ledger.outbox import items_of
from recouvrement.ledger.tables.contacts import contact
from tests.channels.answers import bounce_of, reply_to
from tests.scenarios.facts import ONE, Facts

PAPERS = ("invoice", "order", "delivery_note")


@dataclass
class People(Facts):
    """The acts of a person, each by the function that the command line and the forms call."""

    def _done(self, done: acts.Done, expected: str) -> None:
        assert done.refused == expected

    def _dispute(self, words: list[str], expected: str) -> None:
        cents = int(words[1].replace(".", "")) if len(words) > 1 else None
        self._done(
            acts.record_dispute(
                self.at,
                words[0],
                category="quality",
                wait_until=self.today + 10 * ONE,
                cents=cents,
                on=self.today,
                operator="owner",
            ),
            expected,
        )

    def _promise(self, words: list[str], expected: str) -> None:
        subject, amount, by = words
        cents, due = int(amount.replace(".", "")), date.fromisoformat(by.removeprefix("by "))
        subject = self.codes.get(subject, subject)
        self._done(
            acts.record_promise(self.at, subject, cents=cents, due_on=due, on=self.today, operator="owner"), expected
        )

    def _hold(self, words: list[str], expected: str) -> None:
        subject, until = self.codes.get(words[0], words[0]), date.fromisoformat(words[1].removeprefix("until "))
        self._done(
            acts.record_hold(self.at, subject, until=until, reason="ours", on=self.today, operator="owner"), expected
        )

    def _end(self, words: list[str], expected: str) -> None:
        kind, subject = words[0].split(" ", 1)
        subject = self.codes.get(subject, subject)
        self._done(
            acts.end_fact(self.at, kind, subject, event="settled", reason="", on=self.today, operator="owner"), expected
        )

    def _waive(self, words: list[str], _: str) -> None:
        step, number = words[0].split(" ")
        with self.at.ledger.act("waive", "owner") as act:
            for item in find_items(act.connection, self.house.creditor(), number):
                waive_step(act, item.id, item.debtor_id, step, on=self.today, reason="ours")

    def _papers(self, words: list[str], _: str) -> None:
        """The invoice's evidence is on file."""
        paper = self.house.settings.home / "paper.txt"
        paper.write_text("signed")
        for kind in PAPERS:
            done = acts.attach_document(
                self.at, words[0], paper, kind=kind, title=kind, on=self.today, operator="owner"
            )
            assert not done.refused

    def _contact_of(self, number: str, *states: ContactState, channel: str = "") -> Any:
        with self.house.ledger.reading() as connection:
            rows = connection.execute(select(contact).where(contact.c.state.in_(states)).order_by(contact.c.id)).all()
            carried = items_of(connection, [r.id for r in rows])
            mine = {i.id for i in find_items(connection, self.house.creditor(), number)}
        rows = [r for r in rows if not channel or r.channel == channel]
        found = [r for r in rows if mine & {i.open_item_id for i in carried[r.id]}]
        assert found, f"no contact of {number} in {states}"
        return found[-1]

    def _call(self, words: list[str], expected: str) -> None:
        """`call F-17` was made and somebody answered."""
        row = self._contact_of(words[0], ContactState.READY)
        self._done(acts.record_call(self.at, row.id, outcome="reached", on=self.today, operator="owner"), expected)

    def _approve(self, words: list[str], expected: str) -> None:
        row = self._contact_of(words[0], ContactState.PLANNED)
        with self.at.ledger.act("approve", "owner") as act:
            assert (
                approvals.approve(act, row.id, on=self.today, days=self.house.policy.approval_days) or ""
            ) == expected

    def _refuse(self, words: list[str], expected: str) -> None:
        row = self._contact_of(words[0], ContactState.PLANNED)
        with self.at.ledger.act("refuse", "owner") as act:
            assert (approvals.refuse(act, row.id, on=self.today, reason="not_now") or "") == expected

    def _post(self, words: list[str], expected: str) -> None:
        """`post deposited  F-17`, then `delivered`, `refused`, `unclaimed`."""
        row = self._contact_of(words[1], ContactState.SENT)
        self._done(acts.record_postal_proof(self.at, row.id, kind=words[0], on=self.today, operator="owner"), expected)

    def _bounce(self, words: list[str], _: str) -> None:
        """`bounce F-17`: the last e-mail about it came back for good, and the mailbox was read."""
        self._came(bounce_of(self._letter(words[0]), "5.1.1"))

    def _reply(self, words: list[str], _: str) -> None:
        """`reply F-17  some words`: the debtor answers the last e-mail about it, and the mailbox was read."""
        self._came(reply_to(self._letter(words[0]), words[1] if len(words) > 1 else "Bonjour, je vous rappelle."))

    def _read(self, words: list[str], expected: str) -> None:
        """`read nothing`, or `read promise  1200.00  2026-03-01`: a person says what the first unread message means."""
        [first, *_] = to_read(self.house, on=self.today)
        cents = int(words[1].replace(".", "")) if len(words) > 1 else None
        until = date.fromisoformat(words[2]) if len(words) > 2 else None
        said = Said(Meaning(words[0]), cents, until)
        self._done(mark_read(self.at, str(first["reply"]), said, on=self.today, operator="owner"), expected)

    def _letter(self, number: str) -> bytes:
        """The e-mail that left, byte for byte."""
        row = self._contact_of(number, ContactState.SENT, channel="email")
        with self.house.ledger.reading() as connection:
            return fetch(connection, row.frozen_sha256)

    def _came(self, message: bytes) -> None:
        folder = self.house.settings.home / "came"
        deliver(folder, message)
        listen(self.at, self.today, MaildirMailbox(folder))

"""Plays a dated story against a real ledger, a clock that stands where the story says, and a mail server on this machine.

Each line is `DAY  verb  arguments`, parts two or more spaces apart; `# …` is a remark. What follows `->` is checked.

    2026-01-05  customer Menuiserie Roy    kind business  language fr
    2026-01-05  invoice F-17  Menuiserie Roy  1200.00  due 2026-02-04
    2026-02-09  run            -> friendly_reminder F-17
    2026-02-20  payment F-17   1200.00
    2026-03-02  run            -> nothing (nothing_open)

`run` reads the bank up to the day before (unless the story said `bank stops`), decides live and sends. Its arrow is
either `nothing (reason, …)` with the reasons of all open items, or the messages of the day, `;` between them, each
`step [by channel] item, item (own step), …`, and after `|` what is said of other items: `| F-18: disputed`.
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow.parquet as pq
from sqlalchemy import select

from recouvrement.day.decisions import decided
from recouvrement.day.order import DayReport, Mode, run_day
from recouvrement.day.sending import drain
from recouvrement.domain.contact_states import VOID
from recouvrement.domain.sending_days import is_sending_day
from recouvrement.ledger.content import fetch
from recouvrement.ledger.outbox import items_of
from recouvrement.ledger.positions import debtor_ranges
from recouvrement.ledger.runs import decision_parts
from recouvrement.ledger.tables.contacts import contact
from recouvrement.ledger.tables.invoices import invoice, open_item
from tests.scenarios.facts import ONE
from tests.scenarios.people import People


@dataclass
class Player(People):
    """Plays lines in order, runs days, and checks what follows the arrows."""

    def check(self, text: str) -> "Player":
        """Play every line of a text in order."""
        for line in text.strip().splitlines():
            told, _, expected = line.partition("->")
            told = told.split(" #")[0].strip()
            if told and not told.startswith("#"):
                self._line(told, expected.split(" #")[0].strip())
        return self

    def _line(self, told: str, expected: str) -> None:
        day, verb, rest = re.match(r"(\S+)\s+(\S+)\s*(.*)", told).groups()  # type: ignore[union-attr]
        self.today = date.fromisoformat(day)
        words = [w for w in re.split(r"\s{2,}", rest.strip()) if w]
        play: Callable[[list[str], str], None] = getattr(self, f"_{verb}")
        play(words, expected)

    def _missed(self, words: list[str], _: str) -> None:
        """`missed day`: nothing ran."""

    def _holiday(self, words: list[str], _: str) -> None:
        assert not is_sending_day(self.today, words[0] if words else "metropole", self.house.policy.sending_weekdays)

    def _run(self, words: list[str], expected: str) -> None:
        self._decide(Mode.LIVE)
        if self.sends:
            self._send([], "")
        if expected:
            self._expect(expected)

    def _decide(self, mode: Mode) -> DayReport:
        if self.bank_reads:
            self._read_bank(self.today - ONE)
        report = run_day(self.at, on=self.today, mode=mode)
        self.reports.append(report)
        return report

    def _plan(self, words: list[str], expected: str) -> None:
        """Decide live without sending."""
        self._decide(Mode.LIVE)
        if expected:
            self._expect(expected)

    def _send(self, words: list[str], expected: str) -> None:
        before = len(self.mail.messages())
        self.drains.append(drain(self.at, on=self.today, pace=False))
        if expected:
            assert f"{len(self.mail.messages()) - before} e-mails" == expected

    def _rehearse(self, words: list[str], expected: str) -> None:
        report = self._decide(Mode.REHEARSE)
        assert report.planned.planned == {}
        actions = {k: v for k, v in report.tallies.actions.items() if k in {"contact", "hand_off"}}
        assert " ".join(f"{k} {v}" for k, v in sorted(actions.items())) == expected or not expected

    def _runs(self, words: list[str], expected: str) -> None:
        """`runs until DAY -> DAY step, …`: a run on every day up to that one, and all that was planned in them."""
        first, last = self.today, date.fromisoformat(words[0].removeprefix("until "))
        while self.today <= last:
            self._run([], "")
            self.today += ONE
        self.today = last
        told = [f"{row.business_day} {row.step}" for row in self.contacts() if row.business_day >= first]
        assert ", ".join(told) == expected, told

    def _why(self, words: list[str], expected: str) -> None:
        said = self.said()
        assert " ".join(said[words[0]]) == expected

    def contacts(self, *, on: date | None = None) -> list[Any]:
        """Contacts of the run that were not voided, oldest first."""
        query = select(contact).where(contact.c.origin == "run", contact.c.state.not_in([s.value for s in VOID]))
        if on:
            query = query.where(contact.c.business_day == on)
        with self.house.ledger.reading() as connection:
            return list(connection.execute(query.order_by(contact.c.business_day, contact.c.id)))

    def _expect(self, expected: str) -> None:
        messages, _, others = expected.partition("|")
        said = self.kept()
        if match := re.match(r"nothing\s*\((.*)\)", messages.strip()):
            assert self._messages() == [], self._messages()
            wanted = {w.strip() for w in match[1].split(",")}
            assert {reason for _, reason in said.values()} | ({"nothing_open"} if not said else set()) == wanted, (
                self.today,
                said,
            )
        else:
            assert sorted(self._messages()) == sorted(m.strip() for m in messages.split(";")), (
                self.today,
                said,
                self.reports[-1].planned,
            )
        for other in filter(None, (o.strip() for o in others.split(","))):
            number, reason = (part.strip() for part in other.split(":"))
            assert said[number][1] == reason, (self.today, said)

    def _messages(self) -> list[str]:
        """The contacts of the day as the story writes them; by e-mail when nothing is said."""
        rows = self.contacts(on=self.today)
        numbers = self.numbers()
        with self.house.ledger.reading() as connection:
            carried = items_of(connection, [row.id for row in rows])
        told = []
        for row in rows:
            items = sorted((numbers[i.open_item_id], i.step) for i in carried[row.id])
            names = [number if step == row.step else f"{number} ({step})" for number, step in items]
            told.append(f"{row.step}{'' if row.channel == 'email' else ' by ' + row.channel} {', '.join(names)}")
        return told

    def numbers(self) -> dict[str, str]:
        """Invoice numbers by item, `F-1/2` for a second instalment."""
        query = select(open_item.c.id, invoice.c.number, open_item.c.rank).join(
            invoice, invoice.c.id == open_item.c.invoice_id
        )
        with self.house.ledger.reading() as connection:
            return {i: number if rank == 1 else f"{number}/{rank}" for i, number, rank in connection.execute(query)}

    def kept(self) -> dict[str, tuple[str, str]]:
        """Action and reason by invoice number, as the last run kept them."""
        numbers, found = self.numbers(), {}
        with self.house.ledger.reading() as connection:
            for part in decision_parts(connection, self.reports[-1].run_id):
                rows = pq.read_table(io.BytesIO(fetch(connection, part.sha256))).to_pylist()
                found.update({numbers[row["item"]]: (row["action"], row["reason"]) for row in rows})
        return found

    def said(self) -> dict[str, tuple[str, str]]:
        """Action and reason by invoice number, decided again for the story's day."""
        numbers, known_to = self.numbers(), self.house.ledger.known_to()
        with self.house.ledger.reading() as connection:
            parts = debtor_ranges(connection, self.house.creditor(), known_to, 1000)
        pairs = [
            p for part in parts for p in decided(self.at, self.house.creditor(), part, on=self.today, known_to=known_to)
        ]
        return {numbers[d.item_id]: (d.action.value, d.reason.value) for _, decision in pairs for d in decision.items}

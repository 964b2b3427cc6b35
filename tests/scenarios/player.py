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
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pyarrow.parquet as pq
from sqlalchemy import insert, select

from recouvrement.channels.catcher import Catcher
from recouvrement.day import acts
from recouvrement.day.decisions import decided
from recouvrement.day.house import House
from recouvrement.day.intake import FileResult, take_files
from recouvrement.day.order import DayReport, Mode, run_day
from recouvrement.day.sending import DrainTally, drain
from recouvrement.domain.contact_states import VOID, ContactState
from recouvrement.domain.sending_days import is_sending_day
from recouvrement.ledger import approvals
from recouvrement.ledger.content import fetch
from recouvrement.ledger.facts import find_items, waive_step
from recouvrement.ledger.money_in import NewAllocation, write_allocations
from recouvrement.ledger.outbox import Fence, items_of, move
from recouvrement.ledger.positions import debtor_ranges
from recouvrement.ledger.runs import decision_parts
from recouvrement.ledger.tables.bank import receipt
from recouvrement.ledger.tables.contacts import contact
from recouvrement.ledger.tables.invoices import invoice, open_item

ACCOUNT = "FR7630006000011234567890189"
PAPERS = ("invoice", "order", "delivery_note")
ONE = timedelta(days=1)
CUSTOMER = "customer_id,name,kind,email,phone,address,postcode,city,language,region,iban\n"
INVOICE = "invoice_number,kind,customer_id,issue_date,due_date,amount,currency,status\n"
BANK = "account,booking_date,value_date,amount,currency,label,counterparty,counterparty_iban\n"


@dataclass
class Player:
    """A house, its mail server, and what the story has told so far. `lines` of the bank wait for the next reading."""

    house: House
    mail: Catcher
    today: date = date.min
    codes: dict[str, str] = field(default_factory=dict)
    payers: dict[str, str] = field(default_factory=dict)  # invoice: customer
    bank: list[str] = field(default_factory=list)
    bank_reads: bool = True
    sends: bool = True
    files: int = 0
    reports: list[DayReport] = field(default_factory=list)
    drains: list[DrainTally] = field(default_factory=list)

    @property
    def at(self) -> House:
        """The house on the story's day."""
        return self.house.on_day(self.today)

    def play(self, text: str) -> "Player":
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

    def take(self, name: str, text: str, **options: Any) -> FileResult:
        """Import a file given as text; it must not be refused unless the test looks for that."""
        folder = self.house.settings.home / "files"
        folder.mkdir(exist_ok=True)
        self.files += 1
        path = folder / f"{self.files:03d}-{name}"
        path.write_text(text, encoding="utf-8")
        return take_files(self.at, [path], actor="story", **options)[0]

    # facts

    def _customer(self, words: list[str], _: str) -> None:
        name, given = words[0], _options(words[1:])
        code = self.codes.setdefault(name, f"C{len(self.codes) + 1}")
        email = given.get("email", f"compta@{code.lower()}.example").replace("none", "")
        street = "" if given.get("address") == "none" else "1 rue du Bois"
        row = [code, name, given.get("kind", "business"), email, given.get("phone", "0299000000").replace("none", ""), street,
               given.get("postcode", "35000") if street else "", "Rennes" if street else "", given.get("language", "fr"), given.get("region", ""), iban_of(code)]  # fmt: skip
        result = self.take("customers.csv", CUSTOMER + ",".join(row) + "\n")
        assert result.records == 1, result

    def _invoice(self, words: list[str], expected: str) -> None:
        number, name, amount, *more = words
        given = _options(more)
        if name not in self.codes:
            self._customer([name], "")
        self.payers[number] = name
        due = date.fromisoformat(given.get("due", self.today.isoformat()))
        issued = given.get("issued") or (self.today if due >= self.today else due - 30 * ONE).isoformat()
        row = [number, given.get("type", "invoice"), self.codes[name], issued, due.isoformat(), amount,
               given.get("currency", "EUR"), given.get("status", "issued")]  # fmt: skip
        result = self.take("invoices.csv", INVOICE + ",".join(row) + "\n")
        assert (result.verdict if result.verdict == "read" else result.reasons[0].split(":")[0]) == (
            expected or "read"
        ), result

    def _credit(self, words: list[str], _: str) -> None:
        number, name, amount = words
        self._invoice([number, name, f"-{amount}", "type credit_note", f"due {self.today}"], "")

    def _payment(self, words: list[str], _: str) -> None:
        """`payment F-17  1200.00` names the invoice and its payer; the bank shows it at the next reading."""
        number, amount = words
        name = self.payers[number]
        self.bank.append(
            f"{ACCOUNT},{self.today},{self.today},{amount},EUR,VIR {name.upper()} {number},{name},{iban_of(self.codes[name])}"
        )

    def _receipt(self, words: list[str], _: str) -> None:
        """`receipt Menuiserie Roy  500.00` comes from that payer and names nothing."""
        name, amount = words
        self.bank.append(
            f"{ACCOUNT},{self.today},{self.today},{amount},EUR,VIR {name.upper()},{name},{iban_of(self.codes[name])}"
        )

    def _cash(self, words: list[str], _: str) -> None:
        """`cash F-17  800.00`: a person notes a receipt outside the statement, for that invoice."""
        number, cents = words[0], int(words[1].replace(".", ""))
        with self.at.ledger.act("receipt", "owner") as act:
            [item] = find_items(act.connection, self.house.creditor(), number)
            receipt_id = act.new_id()
            head = {
                "act_id": act.id,
                "effective_on": self.today,
                "debtor_id": item.debtor_id,
                "amount_cents": cents,
                "currency": "EUR",
            }
            act.connection.execute(insert(receipt).values(id=receipt_id, kind="cash", **head))
            applied = NewAllocation(
                item.debtor_id,
                item.id,
                "payment",
                cents,
                "EUR",
                self.today,
                self.today,
                "by_hand",
                1000,
                "owner",
                receipt_id=receipt_id,
            )
            write_allocations(act, [applied])

    def _returned(self, words: list[str], _: str) -> None:
        number, amount = words
        name = self.payers[number]
        self.bank.append(
            f"{ACCOUNT},{self.today},{self.today},-{amount},EUR,REJET VIR {name.upper()} {number},{name},{iban_of(self.codes[name])}"
        )

    def _feed(self, words: list[str], _: str) -> None:
        """The bank is read up to this day."""
        self._read_bank(self.today)

    def _bank(self, words: list[str], _: str) -> None:
        self.bank_reads = words != ["stops"]

    def _read_bank(self, upto: date) -> None:
        rows = [*self.bank, f"{ACCOUNT},{upto},{upto},-1.00,EUR,FRAIS,,"]
        self.bank = []
        result = self.take("bank_lines.csv", BANK + "\n".join(rows) + "\n")
        assert result.verdict != "rejected", result

    # what a person does

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

    def _contact_of(self, number: str, *states: ContactState) -> Any:
        with self.house.ledger.reading() as connection:
            rows = connection.execute(select(contact).where(contact.c.state.in_(states)).order_by(contact.c.id)).all()
            carried = items_of(connection, [r.id for r in rows])
            mine = {i.id for i in find_items(connection, self.house.creditor(), number)}
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
        """What the mailbox reader will do with a bounce."""
        row = self._contact_of(words[0], ContactState.SENT)
        with self.at.ledger.act("bounce", "mailbox") as act:
            assert move(act, row.id, ContactState.BOUNCED, fence=Fence((ContactState.SENT,)), reason="5.1.1")

    def _reply(self, words: list[str], _: str) -> None:
        row = self._contact_of(words[0], ContactState.SENT)
        with self.at.ledger.act("reply", "mailbox") as act:
            assert move(act, row.id, ContactState.REPLIED, fence=Fence((ContactState.SENT,)))

    # the day

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


def iban_of(code: str) -> str:
    """A made-up account of a customer, with right check digits."""
    account = int(code[1:])
    bban = f"3000600001{account:011d}{97 - (89 * 30006 + 15 * 1 + 3 * account) % 97:02d}"
    return f"FR{98 - int(bban + '152700') % 97:02d}{bban}"


def _options(words: list[str]) -> dict[str, str]:
    return dict(w.split(" ", 1) for w in words)  # type: ignore[misc]

"""The facts of a story: customers, invoices, and money at the bank, as files that the house takes in."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy

from sqlalchemy import insert

from recouvrement.channels.catcher import Catcher
from recouvrement.day.house import House
from recouvrement.day.intake import FileResult, take_files
from recouvrement.day.order import DayReport
from recouvrement.day.sending import DrainTally
from recouvrement.ledger.book import Ledger
from recouvrement.ledger.facts import find_items
from recouvrement.ledger.money_in import NewAllocation, write_allocations
from recouvrement.ledger.tables.bank import receipt

ACCOUNT = "FR7630006000011234567890189"
ONE = timedelta(days=1)
CUSTOMER = "customer_id,name,kind,email,phone,address,postcode,city,language,region,iban\n"
INVOICE = "invoice_number,kind,customer_id,issue_date,due_date,amount,currency,status\n"
BANK = "account,booking_date,value_date,amount,currency,label,counterparty,counterparty_iban\n"


@dataclass
class Facts:
    """A house, its mail server, and what the story has told so far; lines of `bank` wait for the next reading."""

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

    def at_hour(self, moment: datetime) -> House:
        """The house with its clock at a moment."""
        return replace(self.house, ledger=Ledger(self.house.ledger.engine, lambda: moment))

    def mails(self) -> list[str]:
        """The texts of the e-mails that arrived, as their readers see them (narrow and plain spaces alike)."""
        found = (message_from_bytes(octets, policy=policy.default) for octets in self.mail.messages())
        bodies = (message.get_body(("plain",)) for message in found)
        return [str(body.get_content()).replace("\u00a0", " ") for body in bodies if body is not None]

    def take(self, name: str, text: str) -> FileResult:
        """Import a file given as text; it must not be refused unless the test looks for that."""
        folder = self.house.settings.home / "files"
        folder.mkdir(exist_ok=True)
        self.files += 1
        path = folder / f"{self.files:03d}-{name}"
        path.write_text(text, encoding="utf-8")
        return take_files(self.at, [path], actor="story")[0]

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


def iban_of(code: str) -> str:
    """A made-up account of a customer, with right check digits."""
    account = int(code[1:])
    bban = f"3000600001{account:011d}{97 - (89 * 30006 + 15 * 1 + 3 * account) % 97:02d}"
    return f"FR{98 - int(bban + '152700') % 97:02d}{bban}"


def _options(words: list[str]) -> dict[str, str]:
    return dict(w.split(" ", 1) for w in words)

"""A firm with twelve debtors, as files: what the tests of the outbox send to."""

from collections import Counter
from datetime import date
from email import message_from_bytes

from recouvrement.channels.catcher import Catcher
from recouvrement.day.house import House, open_house
from recouvrement.domain.contact_states import ContactState

MONDAY = date(2026, 3, 2)
S = ContactState
COUNT = 12


NAMES = (
    "Roy",
    "Lefebvre",
    "Garnier",
    "Chevalier",
    "Blanchard",
    "Gauthier",
    "Perrin",
    "Mathieu",
    "Clement",
    "Lambert",
    "Dumont",
    "Fontaine",
)


def customers(count: int = COUNT) -> str:
    head = "customer_id,name,kind,email,phone,address,postcode,city,language\n"
    return head + "".join(
        f"C{n},Menuiserie {NAMES[n]},business,c{n}@client.example,,{n} rue du Bois,35000,Rennes,fr\n"
        for n in range(count)
    )


def invoices(count: int = COUNT, due: str = "2026-02-20") -> str:
    head = "invoice_number,kind,customer_id,issue_date,due_date,amount,currency\n"
    return head + "".join(f"FA-2026-{n:04d},invoice,C{n},2026-01-20,{due},{100 + n}.00,EUR\n" for n in range(count))


def bank(*rows: tuple[str, str, str]) -> str:
    lines = []
    for day, label, amount in rows:
        d = date.fromisoformat(day).strftime("%d/%m/%Y")
        debit, credit = (amount[1:], "") if amount.startswith("-") else ("", amount)
        lines.append(f"FR7630006000011234567890189;{d};{d};{label};;{debit};{credit}")
    return "Compte;Date;Date valeur;Libellé;Détail;Débit;Crédit\n" + "\n".join(lines) + "\n"


def sending_to(house: House, port: int, on: date = MONDAY) -> House:
    """The same ledger, sending to a port of this machine."""
    return open_house(house.settings.model_copy(update={"smtp_port": port})).on_day(on)


def sent_ids(mail: Catcher) -> Counter[str]:
    return Counter(str(message_from_bytes(octets)["Message-ID"]) for octets in mail.messages())

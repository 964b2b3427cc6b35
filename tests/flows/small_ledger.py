"""A ledger of a dozen invoices for flows: firms and one person, money in, a dispute, a wrong line, a poisoned address."""

from datetime import date
from pathlib import Path

from recouvrement.day.acts import record_dispute
from recouvrement.day.house import House, init
from recouvrement.day.intake import take_files
from recouvrement.settings import Settings

POISON = "jean.dupont@particulier.example"
PERSON = "Zébulon Trucmuche"
PHONE = "0612345678"
STREET = "17 impasse du Poison"
DAY = date(2026, 11, 20)  # a Friday
CREDITOR = {
    "code": "atelier", "name": "Atelier du Nord", "address": "1 rue de l'Atelier\n44000 Nantes", "email": "compta@atelier.example",
    "phone": "0240000000", "contact_name": "Claire Martin", "iban": "FR7630006000011234567890189", "siren": "732829320", "legal_form": "SARL",
}  # fmt: skip

CUSTOMERS = f"""code;name;kind;email;phone;address;postcode;city;language
C1;Bois et Fils SARL;business;compta@bois.example;0240111111;2 rue du Bois;44000;Nantes;fr
C2;{PERSON};consumer;{POISON};{PHONE};{STREET};75011;Paris;fr
C3;Ferronnerie Lenoir;business;lenoir@fer.example;;3 quai du Fer;33000;Bordeaux;fr
C4;Mairie de Villexemple;public;mairie@ville.example;;Place de la Mairie;35000;Rennes;fr
C5;Greenfield Ltd;business;ap@greenfield.example;;5 rue Verte;59000;Lille;en
C6;Menuiserie Paye;business;paye@menuiserie.example;;6 rue Payée;69000;Lyon;fr
"""

INVOICES = """invoice_number;customer_code;issue_date;due_date;amount;currency
F-101;C1;2026-10-01;2026-10-31;1200,00;EUR
F-102;C1;2026-10-20;2026-11-25;800,00;EUR
F-103;C2;2026-10-10;2026-11-16;340,50;EUR
F-104;C3;2026-09-01;2026-10-01;5600,00;EUR
F-105;C4;2026-10-05;2026-11-04;2500,00;EUR
F-106;C5;2026-10-15;2026-11-15;990,00;EUR
F-107;C6;2026-10-01;2026-10-31;450,00;EUR
F-108;C3;2026-11-10;2026-12-10;75,00;EUR
F-109;C1;2026-10-01;31/02/2026;99,00;EUR
"""

BANK = """account;booking_date;value_date;amount;currency;label;remittance;counterparty;line_id
FR7630006000011234567890189;2026-11-18;2026-11-18;450,00;EUR;VIREMENT MENUISERIE PAYE;F-107;Menuiserie Paye;B1
FR7630006000011234567890189;2026-11-19;2026-11-19;123,45;EUR;VIREMENT INCONNU;merci;Personne Inconnue;B2
"""


def write(folder: Path, name: str, text: str) -> Path:
    """Write one file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def make_ledger(settings: Settings, *, on: date = DAY, taken: bool = True) -> House:
    """Make the ledger; its files are taken in, or wait in the drop folder."""
    house = init(settings, creditor=dict(CREDITOR), simulated_clock_=True, on=on).on_day(on)
    texts = (("customers.csv", CUSTOMERS), ("invoices.csv", INVOICES), ("bank.csv", BANK))
    if not taken:
        for name, text in texts:
            write(house.inbox, name, text)
        return house
    take_files(house, [write(settings.home / "made", name, text) for name, text in texts], actor="test")
    record_dispute(house, "F-105", category="quality", wait_until=date(2026, 12, 15), on=on, operator="owner")
    return house

"""An operator's morning: the small ledger, and two firms whose next step is a formal notice with complete evidence."""

from datetime import date
from pathlib import Path

from recouvrement.day.acts import attach_document
from recouvrement.day.house import House
from recouvrement.day.intake import take_files
from tests.flows.small_ledger import DAY, write

CUSTOMERS = """code;name;kind;email;phone;address;postcode;city;language;siren
C7;Chocolaterie Aubert;business;compta@aubert.example;0240222222;7 rue du Cacao;44000;Nantes;fr;
C8;Transports Delmas;business;compta@delmas.example;0556333333;8 quai des Chars;33000;Bordeaux;fr;
"""
INVOICES = """invoice_number;customer_code;issue_date;due_date;amount;currency;delivery_date
F-301;C7;2026-08-31;2026-09-30;3240,00;EUR;2026-08-28
F-302;C8;2026-09-01;2026-10-01;1890,00;EUR;2026-08-29
"""
STEPS = (
    ("friendly_reminder", "email", 3),
    ("call", "call", 10),
    ("firm_reminder", "email", 15),
    ("last_reminder", "email", 30),
)
PAPERS = ("invoice", "order", "delivery_note")


def history() -> str:
    """The steps taken by hand before the house went live."""
    rows = ["invoice;step;date;channel;proof"]
    for number, due in (("F-301", date(2026, 9, 30)), ("F-302", date(2026, 10, 1))):
        rows += [
            f"{number};{step};{date.fromordinal(due.toordinal() + days)};{channel};" for step, channel, days in STEPS
        ]
    return "\n".join(rows) + "\n"


def add_two_notices(house: House, folder: Path) -> None:
    """Two invoices 50 days late, every reminder sent, every paper there."""
    texts = (("customers-2.csv", CUSTOMERS), ("invoices-2.csv", INVOICES), ("history.csv", history()))
    take_files(house, [write(folder, name, text) for name, text in texts], actor="test")
    for number in ("F-301", "F-302"):
        for kind in PAPERS:
            paper = write(folder, f"{kind}-{number}.txt", f"{kind} of {number}")
            assert not attach_document(house, number, paper, kind=kind, title=kind, on=DAY, operator="owner").refused

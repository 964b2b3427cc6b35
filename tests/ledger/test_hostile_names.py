"""Hostile names from the file that brings them to the message that leaves: text, or data to correct; never code."""

import csv
import io
import json
import subprocess
from pathlib import Path

from sqlalchemy import select

from recouvrement.channels.catcher import Catcher
from recouvrement.day.house import House
from recouvrement.day.order import DayReport, Mode, run_day
from recouvrement.day.sending import drain
from recouvrement.ledger.tables.contacts import contact
from recouvrement.ledger.tables.parties import debtor
from tests.conftest import MakeHouse
from tests.ledger.conftest import Take
from tests.ledger.firm import MONDAY, bank, sending_to
from tests.ledger.mondays_mail import body, parsed

HOSTILE = {
    "typst": '#import "x": * #panic(1)',
    "html": "<script>alert(1)</script>",
    "jinja": "{{7*7}} {% raw %}",
    "formula": '=HYPERLINK("http://x.example","y")',
    "header": "Dupont\r\nBcc: victim@x.example\r\n\r\nDear",
    "bidi": "Menuiserie \u202egro.live\u202c SARL",
    "emoji": "Boulangerie \U0001f956 Martin",
    "long": "Entreprise " + "x" * 289,
    "markup": "**gras** _x_ $y$ @ref",
    "accents": "Garçon & Fils – Œuvres",
}


def file_of(rows: list[list[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue()


def hostile_firm(house: House, take: Take, mail: Catcher, *, with_email: bool) -> tuple[House, DayReport]:
    """One debtor for each name, its invoice ten days late; by e-mail, or by post where there is no address."""
    people = [["customer_id", "name", "kind", "email", "address", "postcode", "city", "language"]]
    due = [["invoice_number", "kind", "customer_id", "issue_date", "due_date", "amount", "currency"]]
    for number, (code, name) in enumerate(HOSTILE.items()):
        address = f"{code}@client.example" if with_email else ""
        people.append([code, name, "business", address, f"{number + 1} rue du Bois", "35000", "Rennes", "fr"])
        due.append([f"FA-{number:04d}", "invoice", code, "2026-01-20", "2026-02-20", f"{100 + number}.00", "EUR"])
    take(house, "customers.csv", file_of(people))
    take(house, "invoices.csv", file_of(due))
    take(house, "bank.csv", bank(("2026-03-01", "FRAIS", "-1,00")))
    firm = sending_to(house, mail.port)
    report = run_day(firm, on=MONDAY, mode=Mode.LIVE)
    drain(firm, on=MONDAY, pace=False)
    return firm, report


def codes_by_state(firm: House) -> dict[str, str]:
    with firm.ledger.reading() as connection:
        query = select(debtor.c.code, contact.c.state).join(contact, contact.c.debtor_id == debtor.c.id)
        return dict(connection.execute(query).all())


def test_by_e_mail_a_hostile_name_is_text_or_waits_for_a_person(
    make_house: MakeHouse, take: Take, mail: Catcher
) -> None:
    firm, report = hostile_firm(make_house(), take, mail, with_email=True)

    messages, states = (
        {str(message["To"].addresses[0].username): message for message in parsed(mail)},
        codes_by_state(firm),
    )
    with firm.ledger.reading() as connection:
        codes = dict(connection.execute(select(debtor.c.id, debtor.c.code)).all())
    aside = {codes[debtor_id] for debtor_id, _ in report.planned.set_aside}
    assert set(messages) | aside == set(HOSTILE)  # nobody is forgotten
    assert not set(messages) & aside
    assert {code for code, state in states.items() if state == "sent"} == set(messages)
    assert {"html", "jinja", "typst", "markup", "accents", "formula"} <= set(messages)
    for code, message in messages.items():
        assert len(message.get_all("To", [])) == 1
        assert message["Bcc"] is None
        assert not message.defects
        assert [envelope for envelope in mail.envelopes() if len(envelope["rcpt_tos"]) != 1] == []
        html = body(message, "html")
        assert "<script" not in html
        assert "49" not in str(message["To"]), code
    named = str(messages["html"]["To"].addresses[0].display_name)
    assert named == HOSTILE["html"]
    assert str(messages["jinja"]["To"].addresses[0].display_name) == HOSTILE["jinja"]


def test_on_paper_a_hostile_name_is_text_or_waits_for_a_person(
    make_house: MakeHouse, take: Take, mail: Catcher
) -> None:
    """No e-mail address: the reminder goes by letter, with the name in the window and in the slip's cells."""
    firm, report = hostile_firm(make_house(), take, mail, with_email=False)

    (folder,) = [path for path in (firm.settings.home / "out" / "post").iterdir() if not path.name.startswith(".")]
    entries = json.loads((folder / "lot.json").read_text("utf-8"))["letters"]
    printed = {entry["case"]: folder / entry["file"] for entry in entries}
    with firm.ledger.reading() as connection:
        codes = dict(connection.execute(select(debtor.c.id, debtor.c.code)).all())
    aside = {codes[debtor_id] for debtor_id, _ in report.planned.set_aside}
    assert {case.removeprefix("DOS-") for case in printed} | aside == set(HOSTILE)
    assert {"emoji", "long"} <= aside  # no font draws the one, no window holds the other: never dropped, never cut
    assert {"html", "jinja", "markup", "accents", "header", "bidi"} <= {case.removeprefix("DOS-") for case in printed}
    for case, pdf in printed.items():
        words = _words(pdf)
        code = case.removeprefix("DOS-")
        name = HOSTILE[code].replace("\u202e", "").replace("\u202c", "")
        assert " ".join(name.split()) in words, code
    cells = list(csv.reader(io.StringIO((folder / "bordereau-depot.csv").read_text("utf-8-sig")), delimiter=";"))
    assert not [cell for row in cells for cell in row if cell.startswith(("=", "+", "-", "@"))]


def _words(pdf: Path) -> str:
    seen = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, check=True).stdout.decode()
    return " ".join(seen.split())

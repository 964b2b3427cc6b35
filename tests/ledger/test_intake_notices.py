"""Insolvency notices fetched from a portal of our own that speaks the documented interface, and given as files."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from typer.testing import CliRunner

from recouvrement.cli import app
from recouvrement.day.house import House
from recouvrement.day.intake_insolvency import Unavailable, fetch_notices
from recouvrement.ledger.facts import find_debtor, open_facts
from tests.intake import samples

CUSTOMERS = f"customer_id,name,kind,siren\nC1,Alpha,business,{samples.SIREN}\nC2,Sans Numero,business,\n"
OPENING = "Jugement d'ouverture d'une procédure de redressement judiciaire"


class Portal:
    """What the portal holds, what it was asked, and whether it is down."""

    def __init__(self) -> None:
        self.records: list[dict[str, object]] = []
        self.asked: list[str] = []
        self.down = False


@pytest.fixture
def portal() -> Iterator[tuple[Portal, str]]:
    state = Portal()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(parse_qs(urlsplit(self.path).query)["where"][0])
            body = json.dumps({"total_count": len(state.records), "results": state.records}).encode()
            self.send_response(503 if state.down else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *told: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield state, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def facts(house: House) -> list[str]:
    with house.ledger.reading() as connection:
        return [
            row.source for row in open_facts(connection, "insolvency", find_debtor(connection, house.creditor(), "C1"))
        ]


def since(house: House):
    return house.ledger.now().date()


def test_only_the_sirens_of_our_debtors_are_asked_about(make_house, take, portal) -> None:
    house, (state, address) = make_house(), portal
    take(house, "customers.csv", CUSTOMERS)
    state.records = [samples.announcement(OPENING)]

    results = fetch_notices(house, since=since(house), actor="test", address=address)

    assert [r.written for r in results] == [1]
    assert len(facts(house)) == 1
    assert [where.count("registre like") for where in state.asked] == [1]
    assert samples.SIREN in state.asked[0]


def test_asking_again_and_the_same_notice_as_a_file_change_nothing(house: House, take, portal, tmp_path) -> None:
    from recouvrement.day.intake import take_files

    state, address = portal
    take(house, "customers.csv", CUSTOMERS)
    state.records = [samples.announcement(OPENING)]
    fetch_notices(house, since=since(house), actor="test", address=address)
    file = tmp_path / "notices.json"
    file.write_bytes(
        samples.bodacc(samples.announcement(OPENING), samples.announcement("Jugement de clôture", notice="A9"))
    )

    again = fetch_notices(house, since=since(house), actor="test", address=address)
    by_file = take_files(house, [file], actor="test")

    assert [r.written for r in (*again, *by_file)] == [0, 0]
    assert len(facts(house)) == 1


def test_a_portal_that_is_down_is_an_outage(make_house, take, portal) -> None:
    house, (state, address) = make_house(), portal
    take(house, "customers.csv", CUSTOMERS)
    state.down = True

    with pytest.raises(Unavailable):
        fetch_notices(house, since=since(house), actor="test", address=address)
    assert facts(house) == []


def test_the_command_says_what_it_found(make_house, take, portal, monkeypatch) -> None:
    house, (state, address) = make_house(), portal
    take(house, "customers.csv", CUSTOMERS)
    state.records = [samples.announcement(OPENING)]
    monkeypatch.setenv("RECOUVREMENT_HOME", str(house.settings.home))
    monkeypatch.setenv("RECOUVREMENT_BODACC_ADDRESS", address)

    found = CliRunner().invoke(app, ["insolvency", "fetch", "--on", "2026-03-02", "--json"])

    assert json.loads(found.stdout) == {"asked": 1, "answers": 1, "notices": 1, "facts": 1}

"""A case from its proposal to its end: what may follow what, the clocks that run, money through who holds it, silence meanwhile."""

import subprocess
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import text

from recouvrement.day.acts import attach_document, record_dispute
from recouvrement.day.anchoring import anchor_day
from recouvrement.day.case_file import case_file
from recouvrement.day.case_moves import (
    answer_fact,
    case_payment,
    cases_now,
    choose_route,
    close_case,
    move,
    open_cents_of,
)
from recouvrement.day.cases import propose_cases, seal_dossier
from recouvrement.day.completeness import missing_papers, note_on_document, waive_evidence
from recouvrement.day.decisions import decided, ranges
from recouvrement.day.house import House
from recouvrement.day.intake import take_files
from recouvrement.day.proposal import propose
from recouvrement.day.reviewing import match_payment, unmatch_payment
from recouvrement.domain.case_states import FORWARD, MOVES, OVER, CaseState, may_move
from recouvrement.domain.escalation import Decision
from recouvrement.domain.position import DebtorPosition
from recouvrement.domain.reasons import Reason
from recouvrement.dossier.build import build_dossier
from recouvrement.dossier.verify import verify_zip
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.case_moves import payments_of_case
from recouvrement.ledger.cases import case_by_code
from recouvrement.ledger.journal import verify_all
from tests.conftest import MakeHouse
from tests.planted import planted_expired_notice

DAY = date(2026, 11, 20)
S = CaseState
CUSTOMERS = """code;name;kind;email;address;postcode;city;language;siren;legal_form;registry
C3;Ferronnerie Lenoir;business;lenoir@fer.example;3 quai du Fer;69002;Lyon;fr;732829320;SARL;RCS Lyon
"""
INVOICES = """invoice_number;customer_code;issue_date;due_date;amount;currency;delivery_date
F-201;C3;2026-06-01;2026-07-01;4000,00;EUR;2026-05-28
"""
BANK = """account;booking_date;value_date;amount;currency;label;remittance;counterparty;line_id
FR7630006000011234567890189;2026-11-19;2026-11-19;900,00;EUR;ETUDE DURAND;reversement;Etude Durand;B1
FR7630006000011234567890189;2026-11-20;2026-11-20;3000,00;EUR;ETUDE DURAND;solde;Etude Durand;B2
"""


@pytest.fixture
def expired(make_house: MakeHouse, tmp_path: Path) -> House:
    """A debtor whose formal notice was posted, delivered, and has expired; no paper is held yet."""
    house = make_house(on=DAY)
    for name, content in (("customers.csv", CUSTOMERS), ("invoices.csv", INVOICES), ("bank.csv", BANK)):
        (tmp_path / name).write_text(content)
        assert take_files(house, [tmp_path / name], actor="test")[0].verdict == "read"
    planted_expired_notice(house, "F-201", 400000)
    return house


def papers(house: House, folder: Path) -> None:
    for kind in ("order", "delivery_note", "invoice"):
        (folder / f"{kind}.txt").write_text(f"{kind} F-201")
        assert not attach_document(
            house, "F-201", folder / f"{kind}.txt", kind=kind, title=f"{kind} F-201", on=DAY, operator="owner"
        ).refused


def decisions(house: House, on: date = DAY) -> list[tuple[DebtorPosition, Decision]]:
    known = house.ledger.known_to()
    return [
        pair
        for part in ranges(house, house.creditor(), known)
        for pair in decided(house, house.creditor(), part, on=on, known_to=known)
    ]


def reasons(house: House, on: date = DAY) -> list[Reason]:
    return [item.reason for _, decision in decisions(house, on) for item in decision.items]


@pytest.fixture
def case(expired: House, tmp_path: Path) -> House:
    """The same with its papers and its case proposed: DOS-C3-1."""
    papers(expired, tmp_path)
    assert len(propose_cases(expired, decisions(expired), on=DAY, actor="test")) == 1
    return expired


CODE = "DOS-C3-1"


def moved(house: House, *states: CaseState, on: date = DAY) -> None:
    for state in states:
        assert not move(house, CODE, state, on=on, operator="owner").refused, state


def chosen(house: House, route: str = "injonction_de_payer_tc") -> None:
    assert not choose_route(house, CODE, route, on=DAY, operator="owner").refused


def test_the_moves_are_a_path_to_one_of_four_ends() -> None:
    for state in CaseState:
        assert state in MOVES
        assert state in OVER or MOVES[state] >= OVER
    path = [
        S.PROPOSED,
        S.CHOSEN,
        S.SENT,
        S.ACKNOWLEDGED,
        S.ORDER_OBTAINED,
        S.SERVED,
        S.OPPOSED,
        S.ENFORCEABLE,
        S.ENFORCEMENT,
    ]
    assert all(may_move(before, after) for before, after in pairwise(path))
    assert set(path) == set(FORWARD)


def test_no_hand_off_without_what_the_policy_demands_and_the_list_says_who_brings_it(
    expired: House, tmp_path: Path
) -> None:
    assert reasons(expired) == [Reason.EVIDENCE_MISSING]
    found = {(m.requirement, m.bringer, m.overdue) for m in missing_papers(expired, on=DAY)}
    assert found == {("commitment", "sales", True), ("delivery", "delivery_staff", True), ("invoice", "accounts", True)}
    assert missing_papers(expired, on=DAY, debtor="C9") == []
    papers(expired, tmp_path)
    assert missing_papers(expired, on=DAY) == []
    assert reasons(expired) == [Reason.NOTICE_EXPIRED]


def test_a_waiver_needs_a_reason_opens_the_gate_is_journalled_and_can_be_withdrawn(expired: House) -> None:
    def waive(requirement: str, **options: object) -> str:
        values: dict[str, object] = {"reason": "oral_order", "on": DAY, "operator": "owner", **options}
        return waive_evidence(expired, "F-201", requirement, **values).refused  # type: ignore[arg-type]

    acts = expired.ledger.known_to()
    assert waive("commitment", reason=" ") == "reason_missing"
    assert waive("nothing") == "unknown_requirement"
    assert waive("commitment", withdraw=True) == "nothing_to_end"
    assert expired.ledger.known_to() == acts, "a refusal leaves no act"
    assert [waive(line) for line in ("commitment", "delivery", "invoice")] == ["", "", ""]
    assert reasons(expired) == [Reason.NOTICE_EXPIRED]
    assert waive("delivery", withdraw=True) == ""
    assert reasons(expired) == [Reason.EVIDENCE_MISSING]
    with expired.ledger.reading() as connection:
        told = connection.execute(text("SELECT count(*) FROM journal WHERE event = 'evidence_waived'")).scalar()
        assert all(verdict.ok for verdict in verify_all(connection).values())
    assert told == 4


def test_an_unsigned_order_does_not_count_against_a_consumer(expired: House, tmp_path: Path) -> None:
    (tmp_path / "person.csv").write_text(CUSTOMERS.replace("business", "consumer"))
    take_files(expired, [tmp_path / "person.csv"], actor="test")
    papers(expired, tmp_path)
    assert {m.requirement for m in missing_papers(expired, on=DAY)} == {"commitment", "delivery"}
    with expired.ledger.reading() as connection:
        ids = dict(connection.execute(text("SELECT kind, id FROM document")).all())  # type: ignore[arg-type]
    for kind in ("order", "delivery_note"):
        assert not note_on_document(expired, ids[kind], "signed", detail="", on=DAY, operator="owner").refused
    assert missing_papers(expired, on=DAY) == []


def test_the_proposal_says_sums_apart_routes_and_what_nobody_knows(case: House) -> None:
    with case.ledger.reading() as connection:
        found = propose(case, connection, case_by_code(connection, CODE), AsOf(DAY, case.ledger.known_to()))
    assert (found.amounts.principal, found.amounts.indemnities) == (400000, 4000)
    assert found.amounts.penalties > 0
    assert found.oldest_due == date(2026, 7, 1)
    assert found.limitation is not None
    assert found.limitation.prudent_end == date(2031, 5, 28), "from the delivery, the earliest day"
    assert found.court == "tribunal des activités économiques de Lyon"
    assert {"insolvency_open"} <= set(found.options.unknown_facts), "nobody checked the notices"
    assert 0 < found.score < 1000


def test_a_route_is_chosen_by_a_person_and_the_dossier_carries_its_drafts(case: House) -> None:
    assert choose_route(case, CODE, "l126_1", on=DAY, operator="owner").refused == "route_disabled"
    assert choose_route(case, CODE, "duel", on=DAY, operator="owner").refused == "unknown_route"
    assert choose_route(case, "DOS-X", "agency", on=DAY, operator="owner").refused == "unknown_case"
    chosen(case)
    assert not answer_fact(case, CODE, "creditor_birth", "sans objet", on=DAY, operator="owner").refused
    assert answer_fact(case, CODE, "guarantor", "perhaps", on=DAY, operator="owner").refused == "answer_yes_or_no"
    with case.ledger.reading() as connection:
        case_id = case_by_code(connection, CODE).id
    made = seal_dossier(case, case_id, on=DAY, actor="owner")
    folder = case.settings.home / "out" / "dossiers"
    assert sorted(path.name for path in folder.iterdir()) == [
        f"{CODE}-v1-accompagnement.pdf", f"{CODE}-v1-injonction_de_payer_commerce.pdf", f"{CODE}-v1-proposition.pdf", f"{CODE}-v1.zip",
    ]  # fmt: skip
    assert verify_zip(Path(made.path)).ok
    draft = "".join(p.extract_text() for p in PdfReader(folder / f"{CODE}-v1-injonction_de_payer_commerce.pdf").pages)
    for told in (
        "tribunal des activités économiques de Lyon",
        "4 000,00 €",
        "28/05/2031",
        "FR7630006000011234567890189",
    ):
        assert told.replace(" ", "") in draft.replace(" ", "").replace("\u202f", "").replace(
            "\xa0", ""
        ) or told.startswith("FR76")
    proposal = "".join(p.extract_text() for p in PdfReader(folder / f"{CODE}-v1-proposition.pdf").pages)
    assert "voie choisie" in proposal


def test_a_case_goes_only_where_the_procedure_goes(case: House) -> None:
    assert move(case, CODE, S.SENT, on=DAY, operator="owner").refused == "not_from_proposed"
    assert move(case, CODE, S.CHOSEN, on=DAY, operator="owner").refused == "route_missing"
    chosen(case)
    assert move(case, CODE, S.SENT, on=DAY, operator="owner").refused == "no_dossier"
    with case.ledger.reading() as connection:
        case_id = case_by_code(connection, CODE).id
    seal_dossier(case, case_id, on=DAY, actor="owner")
    moved(case, S.SENT, S.ACKNOWLEDGED)
    assert move(case, CODE, S.ORDER_OBTAINED, on=DAY - timedelta(3), operator="owner").refused == "before_the_last_move"
    moved(case, S.ORDER_OBTAINED)
    (now,) = cases_now(case, on=DAY)
    assert [(c["limit"], c["keep_on"]) for c in now["clocks"]] == [("ip_service", date(2027, 2, 20))]
    moved(case, S.SERVED)
    (now,) = cases_now(case, on=DAY)
    assert [c["limit"] for c in now["clocks"]] == ["ip_opposition", "ip_no_opposition_notice"]
    assert move(case, CODE, S.PAID, on=DAY, operator="owner").refused == "use_close_case"


def test_the_ladder_is_silent_while_a_case_is_out_and_pauses_when_it_is_taken_back(case: House) -> None:
    assert reasons(case) == [Reason.HANDED_OVER]
    back = {"on": DAY, "operator": "owner"}
    assert close_case(case, CODE, S.TAKEN_BACK, **back).refused == "reason_missing"
    assert close_case(case, CODE, S.TAKEN_BACK, reason="agreement", **back).refused == "pause_until_missing"
    until = DAY + timedelta(30)
    assert not close_case(case, CODE, S.TAKEN_BACK, reason="agreement", until=until, **back).refused
    assert reasons(case) == [Reason.ON_HOLD]
    assert close_case(case, CODE, S.LOST, reason="x", until=until, **back).refused == "not_from_taken_back"
    assert Reason.NOTICE_EXPIRED in reasons(case, until + timedelta(days=1)) or Reason.FEED_OLD in reasons(
        case, until + timedelta(days=1)
    )


def test_money_through_the_bailiff_pays_the_debt_with_the_fees_apart(case: House) -> None:
    with case.ledger.reading() as connection:
        lines = dict(connection.execute(text("SELECT amount_cents, id FROM bank_line")).all())  # type: ignore[arg-type]
        case_id = case_by_code(connection, CODE).id
    pay = {"on": DAY, "operator": "owner"}
    assert case_payment(case, CODE, "0" * 26, fees_cents=0, **pay).refused == "unknown_line"
    assert case_payment(case, CODE, lines[300000], fees_cents=200000, **pay).refused == "more_than_is_open"
    assert not case_payment(case, CODE, lines[90000], fees_cents=10000, **pay).refused
    assert case_payment(case, CODE, lines[90000], fees_cents=0, **pay).refused == "already_matched"
    with case.ledger.reading() as connection:
        assert sum(open_cents_of(connection, case_id, AsOf(DAY, case.ledger.known_to())).values()) == 300000
        sources = connection.execute(
            text("SELECT amount_cents, receipt_id IS NOT NULL FROM allocation ORDER BY 1")
        ).all()
        assert connection.execute(text("SELECT count(*) FROM payer_identity WHERE value LIKE '%Durand%'")).scalar() == 0
    assert [tuple(row) for row in sources] == [(10000, 1), (90000, 0)]
    assert not unmatch_payment(case, lines[90000], **pay).refused
    with case.ledger.reading() as connection:
        assert sum(open_cents_of(connection, case_id, AsOf(DAY, case.ledger.known_to())).values()) == 400000, "fees too"
    assert case_payment(case, CODE, lines[90000], fees_cents=10000, **pay).refused == "booked_before"
    with case.ledger.reading() as connection:
        assert payments_of_case(connection, case_id, AsOf(DAY, case.ledger.known_to())) == []
    assert not match_payment(case, lines[90000], [("F-201", 90000)], **pay).refused
    assert close_case(case, CODE, S.PAID, **pay).refused == "still_open"
    assert not case_payment(case, CODE, lines[300000], fees_cents=10000, **pay).refused
    assert not close_case(case, CODE, S.PAID, **pay).refused
    made = seal_dossier(case, case_id, on=DAY, actor="owner")
    assert verify_zip(Path(made.path)).ok


def test_a_contested_claim_closes_the_routes_that_want_none(case: House) -> None:
    record_dispute(case, "F-201", category="quality", wait_until=DAY + timedelta(20), on=DAY, operator="owner")
    with case.ledger.reading() as connection:
        found = propose(case, connection, case_by_code(connection, CODE), AsOf(DAY, case.ledger.known_to()))
    assert found.contested
    assert found.cause == "quality"
    assert found.facts["contested"] is True
    assert "injonction_de_payer_tc" not in {o.route.key for o in found.options.options if o.is_open}
    assert replace(found, cause="").cause == ""


MARKER = "Marqueur-Du-Voisin"
NEIGHBOUR = f"""code;name;kind;email;address;postcode;city;language
C4;{MARKER} SARL;business;voisin@marqueur.example;9 rue du {MARKER};44000;Nantes;fr
"""
OWED = f"""invoice_number;customer_code;issue_date;due_date;amount;currency;order_reference
F-301;C4;2026-06-01;2026-07-01;77,77;EUR;{MARKER}-42
"""


def test_a_dossier_from_the_ledger_is_checked_by_its_script_alone_and_holds_nothing_of_a_neighbour(
    case: House, tmp_path: Path
) -> None:
    for name, content in (("neighbour.csv", NEIGHBOUR), ("owed.csv", OWED)):
        (tmp_path / name).write_text(content)
        assert take_files(case, [tmp_path / name], actor="test")[0].verdict == "read"
    (tmp_path / "paper.txt").write_text(f"papier du {MARKER}")
    attach_document(case, "F-301", tmp_path / "paper.txt", kind="order", title=MARKER, on=DAY, operator="owner")
    anchor_day(case, on=DAY, actor="test")
    with case.ledger.reading() as connection:
        case_id = case_by_code(connection, CODE).id
    made = Path(seal_dossier(case, case_id, on=DAY, actor="owner").path)
    empty = tmp_path / "empty"
    with zipfile.ZipFile(made) as archive:
        archive.extractall(empty)
    done = by_script(empty)
    assert done.returncode == 0, done.stdout + done.stderr
    for path in [made, *made.parent.iterdir(), *empty.rglob("*")]:
        if path.is_file():
            held = path.read_bytes()
            text_of = "".join(page.extract_text() for page in PdfReader(path).pages) if path.suffix == ".pdf" else ""
            assert MARKER.encode() not in held, path.name
            assert MARKER not in text_of, path.name
            assert b"77,77" not in held, path.name
    piece = min(empty.glob("pieces/*.txt"))
    piece.write_bytes(piece.read_bytes() + b" ")
    assert by_script(empty).returncode == 1


def by_script(folder: Path) -> subprocess.CompletedProcess[str]:
    """The check of a stranger: nothing in the environment but where the tools are."""
    return subprocess.run(
        ["bash", "verify.sh"], cwd=folder, capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin"}
    )


def test_a_dossier_of_the_same_version_is_rebuilt_to_the_same_bytes(case: House) -> None:
    with case.ledger.reading() as connection:
        row = case_by_code(connection, CODE)
        moment, as_of = datetime(2026, 11, 20, 8, tzinfo=UTC), AsOf(DAY, case.ledger.known_to())
        made = [
            case_file(case, connection, row, version=1, on=DAY, moment=moment, as_of=as_of, previous=()).file
            for _ in range(2)
        ]
    assert build_dossier(made[0]).zip_bytes == build_dossier(made[1]).zip_bytes

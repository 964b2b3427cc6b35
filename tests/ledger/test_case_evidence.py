"""What a case file shows of its ledger: every paper with its day, what came back, what was said; and the same again later."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from recouvrement.day.acts import attach_document, record_dispute, record_promise
from recouvrement.day.acts_debtors import mark_insolvent
from recouvrement.day.anchoring import anchor_day
from recouvrement.day.case_file import CasePapers, case_file
from recouvrement.day.case_moves import cases_now
from recouvrement.day.cases import propose_cases, seal_dossier
from recouvrement.day.completeness import note_on_document
from recouvrement.day.house import House
from recouvrement.day.proposal import propose
from recouvrement.domain.case_states import CaseState
from recouvrement.domain.causes import Cause
from recouvrement.domain.completeness import EvidenceKind
from recouvrement.domain.contact_states import ContactState
from recouvrement.dossier.build import build_dossier
from recouvrement.dossier.types import Exhibit
from recouvrement.ledger.anchors import add_token
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.cases import case_by_code, cases_of, open_case
from recouvrement.ledger.choosing import tell_cause
from recouvrement.ledger.content import keep
from recouvrement.ledger.facts import close_fact, find_debtor, find_items, open_facts
from recouvrement.ledger.outbox import Fence
from recouvrement.ledger.outbox import move as move_contact
from recouvrement.ledger.tables.parties import debtor as debtors
from tests.channels.answers import bounce_of
from tests.ledger.test_cases import CODE, DAY, case, chosen, decisions, expired, moved, papers  # noqa: F401 (fixtures)
from tests.planted import planted

S = ContactState
LETTER = (
    b"From: compta@atelier.example\r\nTo: lenoir@fer.example\r\nMessage-ID: <r.F-201@atelier.example>\r\n"
    b"Subject: Relance\r\n\r\nBonjour\r\n"
)


def made(house: House, *, known_to: int | None = None) -> CasePapers:
    """The case file at the end of the day, as known up to an act (now when none is given)."""
    as_of = AsOf(DAY, house.ledger.known_to() if known_to is None else known_to)
    with house.ledger.reading() as connection:
        row, moment = case_by_code(connection, CODE), datetime(2026, 11, 20, 8, tzinfo=UTC)
        return case_file(house, connection, row, version=1, on=DAY, moment=moment, as_of=as_of, previous=())


def lines(found: CasePapers) -> list[tuple[date, str, str]]:
    return [(event.on, event.what, event.detail) for event in found.file.events]


def exhibit(found: CasePapers, kind: EvidenceKind) -> Exhibit:
    (only,) = [one for one in found.file.exhibits if one.kind is kind]
    return only


def reminded(house: House) -> str:
    """A reminder by e-mail of the first of October, accepted by the relay."""
    contact = planted(
        house, "F-201", 400000, on=date(2026, 10, 1), step="firm_reminder", channel="email", data=LETTER, state=S.SENDING,
        origin="run", recipient="lenoir@fer.example",
    )  # fmt: skip
    with house.ledger.act("send", "test") as act:
        answer = keep(act, b"250 2.0.0 Ok: queued as 4F3A", "text/plain")
        assert move_contact(act, contact, S.SENT, fence=Fence((S.SENDING,)), evidence=answer)
    return contact


def came_back(house: House, contact: str) -> None:
    with house.ledger.act("listen", "test") as act:
        report = keep(act, bounce_of(LETTER, "5.1.1"), "message/rfc822")
        assert move_contact(act, contact, S.BOUNCED, fence=Fence((S.SENT,)), evidence=report)


def told(house: House, cause: Cause) -> None:
    with house.ledger.act("cause", "owner") as act:
        debtor = find_debtor(act.connection, house.creditor(), "C3")
        assert debtor
        tell_cause(act, debtor, cause, on=DAY, source="call")


def insolvent(house: House, procedure: str, published: date) -> None:
    assert not mark_insolvent(
        house, "C3", procedure=procedure, judgment_on=published, published_on=published, source="bodacc", on=DAY,
        operator="owner",
    ).refused  # fmt: skip


def test_every_exhibit_stands_in_the_chronology_on_its_day(case: House, tmp_path: Path) -> None:  # noqa: F811
    scan = tmp_path / "avis.jpg"
    scan.write_bytes(b"\xff\xd8\xff\xe0" + bytes(40))
    attach_document(case, "C3", scan, kind="delivery_proof", title="Avis de réception signé", on=DAY, operator="owner")
    (tmp_path / "cgv.txt").write_text("conditions")
    attach_document(
        case, "C3", tmp_path / "cgv.txt", kind="general_terms", title="CGV acceptées", on=DAY, operator="owner"
    )
    reminded(case)

    found = made(case)

    shown = {reference for event in found.file.events for reference in event.exhibits}
    assert shown == {one.reference for one in found.file.exhibits}
    assert (DAY, "CGV acceptées", "") in lines(found)
    assert (date(2026, 5, 28), "Livraison ou prestation", "facture F-201") in lines(found)
    assert (date(2026, 6, 1), "Facture émise", "facture F-201, 4\xa0000,00\xa0€") in lines(found)
    (handed_over,) = [event for event in found.file.events if event.what == "Recommandé remis"]
    assert handed_over.exhibits == (exhibit(found, EvidenceKind.DELIVERY_PROOF).reference,)
    assert exhibit(found, EvidenceKind.DELIVERY_PROOF).media_type == "image/jpeg"
    numbering = build_dossier(found.file).numbering
    assert [one.member[-4:] for one in numbering if one.kind is EvidenceKind.DELIVERY_PROOF] == [".jpg"]


def test_a_title_obtained_opens_its_enforcement_and_the_transmission_names_its_route(case: House) -> None:  # noqa: F811
    assert made(case).proposal.facts["enforceable_title"] is False
    chosen(case)
    with case.ledger.reading() as connection:
        case_id = case_by_code(connection, CODE).id
    seal_dossier(case, case_id, on=DAY, actor="owner")
    moved(case, CaseState.SENT, CaseState.ENFORCEABLE)
    found = made(case)
    assert found.proposal.facts["enforceable_title"] is True
    assert found.proposal.options.options[0].route.key == "enforcement"
    told_ = [(event.what, event.detail) for event in found.file.events]
    assert ("Dossier transmis", "Injonction de payer, tribunal de commerce") in told_
    assert ("Titre exécutoire", "") in told_


def test_a_message_carries_the_relays_answer_and_what_came_back_of_it(case: House) -> None:  # noqa: F811
    contact = reminded(case)
    found = exhibit(made(case), EvidenceKind.REMINDER)
    assert [(a.label, a.media_type, a.content) for a in found.annexes] == [
        ("Réponse du relais de messagerie", "text/plain", b"250 2.0.0 Ok: queued as 4F3A")
    ]
    came_back(case, contact)
    after = made(case)
    found = exhibit(after, EvidenceKind.REMINDER)
    assert [(a.label, a.media_type) for a in found.annexes[1:]] == [("Avis de non-remise", "message/rfc822")]
    (returned,) = [event for event in after.file.events if event.what == "Message revenu, non remis"]
    assert returned.exhibits == (contact,)
    with case.ledger.act("correct", "owner") as act:  # a person corrected the address: the step is planned anew
        assert move_contact(act, contact, S.CANCELLED, fence=Fence((S.BOUNCED,)))
    assert exhibit(made(case), EvidenceKind.REMINDER).content == LETTER, "it left all the same"


def test_a_notice_taken_over_from_before_the_house_is_no_answer_to_itself(case: House) -> None:  # noqa: F811
    assert exhibit(made(case), EvidenceKind.FORMAL_NOTICE).annexes == ()


def test_what_was_said_and_agreed_stands_in_the_chronology_with_its_end(case: House) -> None:  # noqa: F811
    promised = {"cents": 100000, "due_on": DAY + timedelta(9), "on": DAY, "operator": "owner"}
    assert not record_promise(case, "F-201", **promised).refused  # type: ignore[arg-type]
    record_dispute(case, "F-201", category="quality", wait_until=DAY + timedelta(20), on=DAY, operator="owner")
    with case.ledger.act("end", "owner") as act:
        debtor = find_debtor(act.connection, case.creditor(), "C3") or ""
        (row,) = open_facts(act.connection, "dispute", debtor)
        assert close_fact(act, "dispute", row.id, effective_on=DAY, event="withdrawn") is None

    said = [(what, detail) for _, what, detail in lines(made(case))]

    assert ("Promesse de paiement", "facture F-201, 1\xa0000,00\xa0€ pour le 29/11/2026") in said
    assert ("Contestation", "facture F-201, qualité contestée") in said
    assert ("Contestation : retirée", "facture F-201, qualité contestée") in said


@pytest.mark.parametrize(
    ("cause", "contested"),
    [(Cause.DISPUTE_PRICE, True), (Cause.CASH_TROUBLE, False), (Cause.UNKNOWN, False)],
)
def test_a_disagreement_that_was_only_spoken_of_contests_the_claim(
    case: House,  # noqa: F811
    cause: Cause,
    contested: bool,
) -> None:
    told(case, cause)
    found = made(case).proposal
    assert (found.contested, found.facts["contested"]) == (contested, contested)
    assert found.cause == ("" if cause is Cause.UNKNOWN else cause.value)


def test_a_check_of_the_day_counts_for_thirty_days(case: House, tmp_path: Path) -> None:  # noqa: F811
    def lacking(on: date) -> set[str]:
        as_of = AsOf(on, case.ledger.known_to())
        with case.ledger.reading() as connection:
            found = propose(case, connection, case_by_code(connection, CODE), as_of)
        known = {"unknown"} if found.facts["insolvency_open"] is None else set()
        return known | {line.requirement.value for one in found.checklists for line in one.missing}

    assert {"identity", "insolvency_check", "unknown"} <= lacking(DAY)
    for kind in ("identity", "insolvency_check"):
        (tmp_path / f"{kind}.txt").write_text(kind)
        attach_document(case, "C3", tmp_path / f"{kind}.txt", kind=kind, title=kind, on=DAY, operator="owner")
    assert not {"identity", "insolvency_check", "unknown"} & lacking(DAY + timedelta(30))
    assert {"identity", "insolvency_check", "unknown"} <= lacking(DAY + timedelta(31))


def test_an_insolvency_makes_the_declaration_run_whatever_the_route(case: House) -> None:  # noqa: F811
    published = DAY - timedelta(days=9)
    before = mark_insolvent(
        case,
        "C3",
        procedure="liquidation",
        judgment_on=DAY,
        published_on=published,
        source="bodacc",
        on=DAY,
        operator="owner",
    )
    assert before.refused == "published_before_its_judgment"
    insolvent(case, "liquidation", published)
    (now,) = cases_now(case, on=DAY)
    assert [(c["limit"], c["keep_on"], c["must_act"]) for c in now["clocks"]] == [
        ("declaration_of_claim", date(2027, 1, 11), True)
    ]
    (line,) = [event for event in made(case).file.events if event.what.startswith("Jugement")]
    assert (line.on, line.what, line.detail) == (
        published, "Jugement d'ouverture : liquidation judiciaire", "BODACC du 11/11/2026",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "named"),
    [
        ("C3", False),
        ("c3", False),
        ("c9", True),
        ("../../x", False),
        ("CON", True),
        ("Épinette", False),
        ("a" * 300, False),
    ],
)
def test_a_case_is_named_so_that_its_files_are_safe_and_apart_on_any_disk(
    case: House,  # noqa: F811
    code: str,
    named: bool,
) -> None:
    with case.ledger.act("open", "test") as act:
        item = find_items(act.connection, case.creditor(), "F-201")[0]
        neighbour = act.new_id()
        act.connection.execute(
            insert(debtors).values(id=neighbour, act_id=act.id, creditor_id=case.creditor(), code=code[:60] + " voisin")
        )
        made_id = open_case(
            act, creditor_id=case.creditor(), debtor_id=neighbour, debtor_code=code, items=[(item.id, 1)], on=DAY
        )
        found = next(row.code for row in cases_of(act.connection, neighbour) if row.id == made_id)
    assert found == (f"DOS-{code}-1" if named else f"DOS-{neighbour}-1")
    assert len(found) <= 64


def test_a_version_is_rebuilt_to_the_same_bytes_after_all_that_happened_since(expired: House, tmp_path: Path) -> None:  # noqa: F811
    papers(expired, tmp_path)
    contact = reminded(expired)
    assert propose_cases(expired, decisions(expired), on=DAY, actor="test")
    anchor_day(expired, on=DAY - timedelta(days=1), actor="test")
    known = expired.ledger.known_to()
    before = build_dossier(made(expired, known_to=known).file).zip_bytes

    came_back(expired, contact)
    told(expired, Cause.DISPUTE_DELIVERY)
    with expired.ledger.act("time_stamp", "test") as act:
        add_token(act, DAY - timedelta(days=1), keep(act, b"a token that came later", "application/timestamp-reply"))
    anchor_day(expired, on=DAY, actor="test")
    record_dispute(expired, "F-201", category="price", wait_until=DAY + timedelta(9), on=DAY, operator="owner")
    insolvent(expired, "safeguard", DAY)
    document = exhibit(made(expired), EvidenceKind.ORDER).reference
    assert not note_on_document(expired, document, "signed", detail="", on=DAY, operator="owner").refused

    assert build_dossier(made(expired, known_to=known).file).zip_bytes == before
    assert build_dossier(made(expired).file).zip_bytes != before

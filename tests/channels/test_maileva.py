"""The Maileva connector against a local server that speaks its published API; never run against the real one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from recouvrement.channels.maileva import Maileva
from recouvrement.channels.maileva_http import MailevaAccount
from recouvrement.channels.postal import (
    LetterProblem,
    PostalConnector,
    PostalDownError,
    PostalLetter,
    PostalStatus,
    ProofKind,
)
from tests.channels.fake_maileva import FakeMaileva
from tests.channels.http_server import HttpServer

SENDER = ("ATELIER NORD", "2 quai Bleu", "59000 LILLE")
LETTER = PostalLetter("K1", "DOS-1", ("SARL DUPONT", "Bât. B", "1 rue du Port", "44000 NANTES"), b"%PDF-1.7 lettre")
SINCE = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def service() -> FakeMaileva:
    return FakeMaileva()


@pytest.fixture
def server(service: FakeMaileva) -> Iterator[HttpServer]:
    with service.serve() as started:
        yield started


def connector_to(server: HttpServer, client: httpx.Client, password: str = "bon") -> Maileva:
    account = MailevaAccount(server.url, server.url, "id", "secret", "compta", password, SENDER)
    assert "secret" not in repr(account)
    return Maileva(account, client)


@pytest.fixture
def maileva(server: HttpServer) -> Iterator[Maileva]:
    with httpx.Client(timeout=5, trust_env=False) as client:
        yield connector_to(server, client)


def test_a_letter_is_prepared_then_submitted(maileva: Maileva, service: FakeMaileva) -> None:
    connector: PostalConnector = maileva
    external_id = connector.prepare(LETTER)
    assert external_id == "s1"
    assert (service.sendings["s1"]["custom_id"], service.sendings["s1"]["acknowledgement_of_receipt"]) == ("K1", True)
    assert service.documents["s1"][0]["octets"].encode("latin-1") == LETTER.pdf
    recipient = service.recipients["s1"][0]
    lines = [recipient.get(f"address_line_{number}") for number in range(1, 7)]
    assert lines == ["SARL DUPONT", None, "Bât. B", "1 rue du Port", None, "44000 NANTES"]
    assert service.submissions == []
    assert connector.submit(external_id) is PostalStatus.SUBMITTED
    assert service.submissions == ["s1"]


def test_the_same_key_is_prepared_once(maileva: Maileva, service: FakeMaileva) -> None:
    assert [maileva.prepare(LETTER) for _ in range(3)] == ["s1"] * 3
    assert (len(service.sendings), len(service.documents["s1"]), len(service.recipients["s1"])) == (1, 1, 1)


def test_a_letter_abroad_is_not_for_this_service(maileva: Maileva, service: FakeMaileva) -> None:
    """Its address is right; it is printed and posted by hand, or a person chooses another way."""
    lines = ("MÜLLER GMBH", "Hauptstraße 5", "10115 BERLIN", "ALLEMAGNE")

    assert maileva.prepare(replace(LETTER, address=lines, country="DE")) is LetterProblem.REFUSED_BY_SERVICE
    assert service.sendings == {}


@pytest.mark.parametrize("trouble", ["drop", "lost", 500, 503])
@pytest.mark.parametrize("step", ["/sendings", "/documents", "/recipients"])
def test_what_an_outage_left_half_done_is_completed(
    maileva: Maileva, service: FakeMaileva, step: str, trouble: str | int
) -> None:
    service.fail["POST", step] = trouble
    with pytest.raises(PostalDownError) as down:
        maileva.prepare(LETTER)
    assert "@" not in str(down.value)
    assert maileva.prepare(LETTER) == "s1"
    assert (len(service.sendings), len(service.documents["s1"]), len(service.recipients["s1"])) == (1, 1, 1)


@pytest.mark.parametrize("trouble", ["drop", "lost", 502])
def test_a_submission_in_doubt_is_settled_by_the_service_and_never_doubled(
    maileva: Maileva, service: FakeMaileva, trouble: str | int
) -> None:
    external_id = maileva.prepare(LETTER)
    assert isinstance(external_id, str)
    service.fail["POST", "/submit"] = trouble
    with pytest.raises(PostalDownError):
        maileva.submit(external_id)
    assert maileva.submit(external_id) is PostalStatus.SUBMITTED
    assert maileva.submit(external_id) is PostalStatus.SUBMITTED
    assert service.submissions == ["s1"]


def test_a_submitted_letter_is_found_and_left_alone(maileva: Maileva, service: FakeMaileva) -> None:
    maileva.submit(str(maileva.prepare(LETTER)))
    assert maileva.prepare(LETTER) == "s1"
    assert len(service.documents["s1"]) == 1


def test_of_two_sendings_of_one_key_the_submitted_one_counts(maileva: Maileva, service: FakeMaileva) -> None:
    maileva.prepare(LETTER)
    service.sendings["s2"] = service.sendings["s1"] | {"id": "s2", "status": "ACCEPTED"}
    assert maileva.prepare(LETTER) == "s2"


def test_a_service_that_ignores_the_filter_is_not_believed(maileva: Maileva, service: FakeMaileva) -> None:
    service.filters = False
    for number in range(600):
        service.sendings[f"x{number}"] = {"id": f"x{number}", "custom_id": f"other{number}", "status": "ACCEPTED"}
    external_id = maileva.prepare(LETTER)
    assert maileva.prepare(LETTER) == external_id
    assert service.sendings[str(external_id)]["custom_id"] == "K1"


def test_a_token_that_ran_out_is_renewed_once(maileva: Maileva, service: FakeMaileva) -> None:
    maileva.prepare(LETTER)
    service.logins += 1  # the service forgets the first token
    assert maileva.prepare(LETTER) == "s1"
    assert service.logins == 3


def test_a_wrong_password_is_an_outage(server: HttpServer) -> None:
    with httpx.Client(timeout=5, trust_env=False) as client, pytest.raises(PostalDownError, match="401"):
        connector_to(server, client, "mauvais").prepare(LETTER)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"address": ("SARL DUPONT",)}, LetterProblem.NO_POSTCODE_LINE),
        ({"address": ("SARL DUPONT", "1000 BRUXELLES")}, LetterProblem.NO_POSTCODE_LINE),
        ({"address": ("X" * 39, "44000 NANTES")}, LetterProblem.LINE_TOO_LONG),
        ({"pdf": b"x" * 20_000_001}, LetterProblem.TOO_BIG),
        ({"registered": False}, LetterProblem.REFUSED_BY_SERVICE),
    ],
)
def test_a_letter_the_service_cannot_post_is_refused_before_any_request(
    maileva: Maileva, server: HttpServer, changes: dict[str, object], problem: LetterProblem
) -> None:
    fields = {"key": "K1", "case": "D", "address": LETTER.address, "pdf": LETTER.pdf} | changes
    assert maileva.prepare(PostalLetter(**fields)) is problem  # type: ignore[arg-type]
    assert server.requests == []


def test_a_refusal_by_the_service_is_a_value(maileva: Maileva, service: FakeMaileva) -> None:
    service.fail["POST", "/recipients"] = 400
    assert maileva.prepare(LETTER) is LetterProblem.REFUSED_BY_SERVICE


def test_a_draft_that_the_service_will_not_take_is_an_error(maileva: Maileva, service: FakeMaileva) -> None:
    external_id = str(maileva.prepare(LETTER))
    service.documents.clear()
    assert maileva.submit(external_id) is PostalStatus.ERROR


def test_what_became_of_a_letter(maileva: Maileva, service: FakeMaileva) -> None:
    external_id = str(maileva.prepare(LETTER))
    service.sendings[external_id]["statuses"] = [
        {"code": "DRAFT", "date": "2026-02-28T09:00:00.000Z"},
        {"code": "ACCEPTED", "date": "2026-03-02T10:00:00.000Z"},
        {"code": "ACCEPTED", "date": None},
    ]
    service.recipients[external_id][0] |= {
        "registered_number": "2C11111111119",
        "deposit_proof_date": "2026-03-03T08:00:00.000Z",
        "delivery_statuses": [
            {"code": "LP19", "date": "2026-03-20T08:00:00.000+01:00"},
            {"code": "LP09", "date": "2026-03-05T08:00:00.000Z"},
            {"code": "LP03", "date": "2026-03-03T20:00:00.000Z"},
        ],
        "undelivered_mail_reason": "N03",
        "undelivered_mail_date": "2026-03-22T08:00:00.000Z",
    }
    events = list(maileva.poll([external_id, "gone"], SINCE))
    assert [(event.status.value, event.code) for event in events] == [
        ("submitted", "ACCEPTED"),
        ("deposited", "DEPOSIT_PROOF"),
        ("deposited", "LP03"),
        ("presented", "LP09"),
        ("unclaimed", "LP19"),
        ("unclaimed", "N03"),
        ("error", "NOT_FOUND"),
    ]
    assert events[4].number == "2C11111111119"
    assert events[4].status.keeps_the_notice_valid


def test_proofs_are_fetched_once_they_exist(maileva: Maileva, service: FakeMaileva) -> None:
    external_id = str(maileva.prepare(LETTER))
    assert list(maileva.fetch_proofs(external_id)) == []
    service.recipients[external_id][0] |= {
        "deposit_proof_url": "http://ailleurs.example/depot",
        "acknowledgement_of_receipt_url": "/sendings/s1/recipients/r1/download_acknowledgement_of_receipt",
    }
    proofs = {proof.kind: proof.octets for proof in maileva.fetch_proofs(external_id)}
    assert proofs == {
        ProofKind.DEPOSIT: b"%PDF- download_deposit_proof",
        ProofKind.ACKNOWLEDGEMENT: b"%PDF- download_acknowledgement_of_receipt",
    }

"""What travels: exact bytes, one validated recipient, no secret and no address in what may be logged."""

import asyncio
import datetime as dt
import ipaddress
import ssl
from pathlib import Path

import pytest
from aiosmtplib.email import parse_address
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from recouvrement.channels.addresses import envelope_recipient, mailbox
from recouvrement.channels.catcher import Catcher
from recouvrement.channels.outcomes import Accepted, AccountDown, Phase, Reason, Refused
from recouvrement.channels.smtp import Security, SmtpAccount, send_one
from recouvrement.channels.wire import needs_of, stuffed
from tests.channels.faults import FaultServer
from tests.channels.messages import BODY, account, outgoing, sent

HOSTILE = [
    "a@b.fr>\r\nDATA",
    "a@b.fr\r\nRCPT TO:<x@y.fr>",
    "a@b.fr\n",
    "a@b.fr>,<c@d.fr",
    "a@b.fr c@d.fr",
    "a@b.fr;c@d.fr",
    '"a\r\nb"@c.fr',
    '"a b"@c.fr',
    "<a@b.fr>",
    "Ann <a@b.fr>",
    "a@b.fr NOTIFY=NEVER",
    "@relay.fr:a@b.fr",
    "a@[127.0.0.1]",
    "a@localhost",
    "a\u202eb@example.fr",
    "a\x00b@example.fr",
    "a" * 300 + "@example.fr",
    "",
    " ",
    "@",
]


@pytest.mark.parametrize("address", HOSTILE)
def test_hostile_recipient_never_reaches_a_connection(address: str) -> None:
    with FaultServer() as server:
        outcome = asyncio.run(send_one(account(server.port), outgoing(recipient=address)))
    assert outcome == Refused(Phase.ADDRESS, Reason.NOT_AN_ADDRESS)
    assert server.connections == 0
    assert "@" not in str(outcome) + repr(outcome)


def test_a_wrong_sender_never_reaches_a_connection_and_fails_no_message() -> None:
    with FaultServer() as server:
        outcome = asyncio.run(send_one(account(server.port), outgoing(sender="a@b.fr>\r\nDATA")))
    assert outcome == AccountDown(Phase.ADDRESS, Reason.SENDER_NOT_AN_ADDRESS)
    assert server.connections == 0


@given(st.one_of(st.emails(), st.text(max_size=40), st.from_regex(r"[^\n]{1,20}@[a-z.\-<> ]{1,20}")))
def test_the_client_library_reads_the_address_that_was_validated(text: str) -> None:
    checked = mailbox(text)
    if checked is not None:
        assert parse_address(checked.wire) == checked.wire
        assert not any(char in checked.wire for char in "\r\n<> \t,;\0")


def test_the_redirect_changes_the_envelope_and_no_octet_of_the_message(tmp_path: Path) -> None:
    to = envelope_recipient("client@example.fr", "essai@example.fr")
    with Catcher(tmp_path) as catcher:
        sent(account(catcher.port), [outgoing(recipient=to)])
        assert [line["rcpt_tos"] for line in catcher.envelopes()] == [["essai@example.fr"]]
        assert catcher.messages() == [BODY]


@pytest.mark.parametrize("redirect", ["", " ", "nobody", "a@b.fr, c@d.fr"])
def test_a_broken_redirect_sends_nothing_to_the_debtor(redirect: str) -> None:
    with pytest.raises(ValueError, match="redirect") as refused:
        envelope_recipient("client@example.fr", redirect)
    assert "@" not in str(refused.value)


LINES = st.lists(st.binary(max_size=60).map(lambda b: b.translate(None, b"\r\n\0")), max_size=12)


@given(st.lists(LINES, min_size=1, max_size=4))
@settings(max_examples=25, deadline=None)
def test_the_exact_bytes_given_are_those_that_arrive(bodies: list[list[bytes]]) -> None:
    messages = [b"Subject: x\r\n\r\n" + b"".join(line + b"\r\n" for line in body) for body in bodies]
    with FaultServer() as server:
        sent(account(server.port, connections=1), [outgoing(str(n), octets) for n, octets in enumerate(messages)])
    assert server.stored == messages


@given(LINES)
def test_a_stuffed_message_has_one_end_and_is_unstuffed_to_itself(body: list[bytes]) -> None:
    message = b"A: b\r\n\r\n" + b"".join(line + b"\r\n" for line in body)
    lines = stuffed(message).split(b"\r\n")
    assert (lines[-2], lines[-1], lines.count(b".")) == (b".", b"", 1)
    assert b"".join(line.removeprefix(b".") + b"\r\n" for line in lines[:-2]) == message


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (b"", Reason.BAD_LINE_ENDS),
        (b"Subject: a\n\nb\n", Reason.BAD_LINE_ENDS),
        (b"Subject: a\r\n\r\nb", Reason.BAD_LINE_ENDS),
        (b"Subject: a\r\n\r\nb\n.\nMAIL FROM:<x@y.fr>\r\n", Reason.BAD_LINE_ENDS),
        (b"Subject: a\r\n\r\nb\r.\r\n", Reason.BAD_LINE_ENDS),
        (b"Subject: a\r\n\r\nb\0\r\n", Reason.BAD_LINE_ENDS),
        (b"Subject: a\r\n\r\n" + b"x" * 999 + b"\r\n", Reason.LINE_TOO_LONG),
        (b"no headers here\r\n", Reason.NO_HEADERS),
    ],
)
def test_a_message_that_would_change_on_the_way_is_refused(message: bytes, reason: Reason) -> None:
    assert needs_of(message) is reason
    with FaultServer() as server:
        outcome = asyncio.run(send_one(account(server.port), outgoing(message=message)))
    assert outcome == Refused(Phase.MESSAGE, reason)
    assert server.connections == 0


EIGHT_BIT = "Subject: a\r\n\r\npayé\r\n".encode()
UTF8_HEADER = "Subject: relancé\r\n\r\nx\r\n".encode()


def test_eight_bit_text_is_announced_where_it_is_offered() -> None:
    with FaultServer(extensions=("8BITMIME", "SIZE 1000")) as server:
        asyncio.run(send_one(account(server.port), outgoing(message=EIGHT_BIT)))
    assert server.commands[1].endswith(f"SIZE={len(EIGHT_BIT)} BODY=8BITMIME")
    assert server.stored == [EIGHT_BIT]


def test_seven_bit_text_asks_for_nothing() -> None:
    with FaultServer(extensions=()) as server:
        outcome = asyncio.run(send_one(account(server.port), outgoing()))
    assert isinstance(outcome, Accepted)
    assert server.commands[1] == "MAIL FROM:<compta@creancier.example>"


@pytest.mark.parametrize(
    ("message", "offered", "reason"),
    [
        (EIGHT_BIT, (), Reason.NEEDS_8BITMIME),
        (UTF8_HEADER, ("8BITMIME",), Reason.NEEDS_SMTPUTF8),
    ],
)
def test_frozen_bytes_are_never_re_encoded_to_fit(message: bytes, offered: tuple[str, ...], reason: Reason) -> None:
    with FaultServer(extensions=offered) as server:
        outcome = asyncio.run(send_one(account(server.port), outgoing(message=message)))
    assert outcome == Refused(Phase.MESSAGE, reason)
    assert not server.stored


def test_non_ascii_recipient_travels_with_smtputf8() -> None:
    with FaultServer() as server:
        outcome = asyncio.run(send_one(account(server.port), outgoing(recipient="jérôme@société.example")))
    assert isinstance(outcome, Accepted)
    assert server.commands[1].endswith("SMTPUTF8")
    assert server.commands[2] == "RCPT TO:<jérôme@xn--socit-esab.example>"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for 127.0.0.1 with its key, in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + built.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def server_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_starttls_and_login_with_the_right_password(
    tmp_path: Path, certificate: Path, server_tls: ssl.SSLContext
) -> None:
    with Catcher(tmp_path, tls=server_tls, password="bon") as catcher:
        to = account(
            catcher.port, security=Security.STARTTLS, ca_file=str(certificate), username="compta", password="bon"
        )
        outcome = asyncio.run(send_one(to, outgoing()))
        assert isinstance(outcome, Accepted)
        assert outcome.evidence.startswith("2.0.0 Ok: queued as ")
        assert catcher.messages() == [BODY]


def test_starttls_and_a_wrong_password(tmp_path: Path, certificate: Path, server_tls: ssl.SSLContext) -> None:
    with Catcher(tmp_path, tls=server_tls, password="bon") as catcher:
        to = account(
            catcher.port, security=Security.STARTTLS, ca_file=str(certificate), username="compta", password="mauvais"
        )
        outcome = asyncio.run(send_one(to, outgoing()))
    assert (type(outcome), outcome.phase, outcome.code) == (AccountDown, Phase.AUTH, 535)
    assert "mauvais" not in str(outcome) + repr(outcome) + repr(to)


def test_a_certificate_that_nobody_vouches_for_stops_the_account(tmp_path: Path, server_tls: ssl.SSLContext) -> None:
    with Catcher(tmp_path, tls=server_tls) as catcher:
        outcome = asyncio.run(send_one(account(catcher.port, security=Security.STARTTLS), outgoing()))
        assert catcher.messages() == []
    assert outcome == AccountDown(Phase.TLS, Reason.TLS_REFUSED)


def test_implicit_tls_against_a_server_in_clear_stops_the_account() -> None:
    with FaultServer() as server:
        outcome = asyncio.run(send_one(account(server.port, security=Security.TLS), outgoing()))
    assert outcome == AccountDown(Phase.TLS, Reason.TLS_REFUSED)


def test_an_access_token_logs_in_with_xoauth2() -> None:
    async def token() -> str:
        return "ya29.token"

    with FaultServer(extensions=("AUTH PLAIN XOAUTH2",)) as server:
        to = account(server.port, username="compta", token=token)
        assert isinstance(asyncio.run(send_one(to, outgoing())), Accepted)
    assert [command.split()[1] for command in server.commands if command.startswith("AUTH")] == ["XOAUTH2"]


def test_the_password_is_in_no_repr_and_never_leaves_in_clear() -> None:
    assert "s3cret" not in repr(account(25, username="u", password="s3cret"))
    with pytest.raises(ValueError, match="without TLS") as refused:
        SmtpAccount("main", "relay.example", 25, Security.NONE, username="u", password="s3cret")
    assert "s3cret" not in str(refused.value)


def test_a_message_shows_neither_addresses_nor_bytes() -> None:
    assert repr(outgoing("k7")) == "Outgoing(key='k7')"

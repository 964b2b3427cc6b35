"""The e-mail as bytes: the same twice, text first, nothing hidden, no value that adds a header."""

import email
import re
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from html.parser import HTMLParser
from typing import Any

import pytest

from recouvrement.letters import Correspondent, HeaderRefused, MessageCode, build_email, compose, specimen
from recouvrement.typesetting import Attachment

MESSAGE = specimen(MessageCode.FIRM_REMINDER)
COMPOSED = compose(MESSAGE)
INVOICE = Attachment("FA-2026-0412 é.pdf", b"%PDF-1.7\r\n\x00\xff", "application/pdf", "facture")


def built(moment: datetime, **changes: Any) -> bytes:
    given: dict[str, Any] = {
        "message_id": "<dun.D-00042.3.9f2c@atelier-nord.example>",
        "moment": moment,
        "from_": Correspondent("compta@atelier-nord.example", "Atelier Nord – Menuiserie"),
        "to": Correspondent("compta@debiteur.example", "Hôtel du Port SAS"),
        "reply_to": Correspondent("compta+D-00042@atelier-nord.example"),
    }
    return build_email(MESSAGE, COMPOSED, **(given | changes))


def parsed(raw: bytes) -> EmailMessage:
    mail = email.message_from_bytes(raw, policy=SMTP)
    assert isinstance(mail, EmailMessage)
    return mail


def test_same_facts_give_same_bytes_and_another_message_gives_others(moment: datetime) -> None:
    assert built(moment, attachments=[INVOICE]) == built(moment, attachments=[INVOICE])
    assert built(moment, message_id="<other@atelier-nord.example>") != built(moment)


def test_text_comes_first_then_html_then_attachments(moment: datetime) -> None:
    mail = parsed(built(moment, attachments=[INVOICE]))
    kinds = [part.get_content_type() for part in mail.walk()]
    assert kinds == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/pdf"]
    text, html = list(mail.walk())[2:4]
    assert text.get_content().replace("\r\n", "\n") == COMPOSED.text
    assert html.get_content().replace("\r\n", "\n") == COMPOSED.html
    (attached,) = mail.iter_attachments()
    assert attached.get_content() == INVOICE.content
    assert attached.get_filename() == INVOICE.name


def test_headers_are_those_of_a_letter_not_of_a_mailing(moment: datetime) -> None:
    mail = parsed(built(moment))
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "OOF"
    assert mail["Date"].datetime == moment
    assert mail["Subject"] == COMPOSED.subject
    assert mail["Content-Language"] == "fr"
    assert mail["Reply-To"].addresses[0].addr_spec == "compta+D-00042@atelier-nord.example"
    assert mail["To"].addresses[0].display_name == "Hôtel du Port SAS"
    assert len(mail["To"].addresses) == 1
    for absent in ("List-Unsubscribe", "Precedence", "Bcc", "Cc", "Return-Path"):
        assert absent not in mail


def test_thread_is_kept_even_with_long_identifiers(moment: datetime) -> None:
    long = "<" + "A" * 150 + "@PR0P264MB0001.FRAP264.PROD.OUTLOOK.example>"
    raw = built(moment, in_reply_to=long, references=["<first@atelier-nord.example>", long])
    assert f"\r\nIn-Reply-To: {long}\r\n".encode() in raw
    assert parsed(raw)["References"].split() == ["<first@atelier-nord.example>", long]


def test_many_references_keep_the_first_and_the_last(moment: datetime) -> None:
    known = [f"<m{rank}@x.example>" for rank in range(40)]
    kept = parsed(built(moment, in_reply_to=known[-1], references=known))["References"].split()
    assert kept == [known[0], *known[-9:]]


def test_lines_end_with_cr_lf_and_stay_short(moment: datetime) -> None:
    raw = built(moment, attachments=[INVOICE])
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    raw.decode("ascii")


BREAKS = ["x\r\nBcc: spy@evil.example", "x\nBcc: spy@evil.example", "x\rBcc: y", "x\u2028Bcc: y", "x\x00y"]


@pytest.mark.parametrize("text", BREAKS)
def test_line_breaks_are_refused_in_every_header(moment: datetime, text: str) -> None:
    subject = replace(COMPOSED, subject=text)
    reference = replace(MESSAGE, reference=text)
    good = Correspondent("a@b.example")
    common = {"message_id": "<a@b.example>", "moment": moment, "from_": good, "to": good}
    for refused in (
        lambda: built(moment, from_=Correspondent("a@b.example", text)),
        lambda: built(moment, to=Correspondent("a@b.example", text)),
        lambda: built(moment, reply_to=Correspondent("a@b.example", text)),
        lambda: built(moment, to=Correspondent(f"a@b.example{text}")),
        lambda: built(moment, message_id=f"<a@b.example>{text}"),
        lambda: built(moment, in_reply_to=f"<a@b.example>{text}"),
        lambda: built(moment, references=[f"<a@b.example>{text}"]),
        lambda: built(moment, attachments=[replace(INVOICE, name=text)]),
        lambda: built(moment, attachments=[replace(INVOICE, media_type=f"text/plain{text}")]),
        lambda: build_email(MESSAGE, subject, **common),  # type: ignore[arg-type]
        lambda: build_email(reference, COMPOSED, **common),  # type: ignore[arg-type]
    ):
        with pytest.raises(HeaderRefused) as refusal:
            refused()
        assert "evil" not in str(refusal.value)


@pytest.mark.parametrize(
    "address",
    ["a@b.fr>\r\nDATA", "a@b.fr, c@d.fr", "Ann <a@b.fr>", "a b@c.fr", "", "@b.fr", "é@b.fr", "a@b", "a@localhost"],
)
def test_addresses_that_are_not_one_are_refused(moment: datetime, address: str) -> None:
    with pytest.raises(HeaderRefused, match="To"):
        built(moment, to=Correspondent(address))


def test_international_domain_is_written_in_ascii(moment: datetime) -> None:
    mail = parsed(built(moment, to=Correspondent("compta@société.example")))
    assert mail["To"].addresses[0].addr_spec == "compta@xn--socit-esab.example"


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b.pdf", "a\\b.pdf", ""])
def test_attachment_names_are_plain(moment: datetime, name: str) -> None:
    with pytest.raises(HeaderRefused):
        built(moment, attachments=[replace(INVOICE, name=name)])


def test_a_date_needs_a_zone(moment: datetime) -> None:
    with pytest.raises(ValueError, match="time zone"):
        built(moment.replace(tzinfo=None))


@pytest.mark.parametrize("name", ['Société "X", <script>', "=?utf-8?q?Bcc?=", "😀 漢 ﬀ", "x" * 300, "a@evil.example"])
def test_hostile_display_names_stay_names(moment: datetime, name: str) -> None:
    mail = parsed(built(moment, to=Correspondent("compta@debiteur.example", name)))
    (only,) = mail["To"].addresses
    assert only.addr_spec == "compta@debiteur.example"
    assert "Bcc" not in mail


class Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("code", list(MessageCode))
def test_html_is_accessible_and_fetches_nothing(code: MessageCode) -> None:
    composed = compose(specimen(code))
    seen = Seen()
    seen.feed(composed.html)
    tags = [tag for tag, _ in seen.tags]
    assert not {"img", "script", "link", "style", "iframe", "form", "svg"} & set(tags)
    assert dict(seen.tags)["html"]["lang"] == "fr"
    assert tags.count("h1") == 1
    assert tags.count("table") == tags.count("caption")
    assert all(attributes.get("scope") in {"col", "row"} for tag, attributes in seen.tags if tag == "th")
    assert ("div", "article") in [(tag, attributes.get("role")) for tag, attributes in seen.tags]
    assert f"<title>{composed.subject}</title>" in composed.html
    sizes = [int(size) for size in re.findall(r"font-size:(\d+)px", composed.html)]
    assert min(sizes) >= 16
    links = [attributes["href"] for tag, attributes in seen.tags if tag == "a"]
    assert set(links) <= {"https://pay.example/c/5f2c9a"}
    assert not re.search(r"url\(|src=|background=", composed.html)

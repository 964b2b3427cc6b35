"""What came in: bounces give the original's Message-ID, replies their new words, automatic answers are told apart."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recouvrement.channels.cues import Cue, cues_in
from recouvrement.channels.incoming import Incoming, Kind, SubjectClass, read_incoming

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
OURS = "<dun.D12.3.1a2b3c4d@creancier.example>"


def read(text: str, encoding: str = "utf-8") -> Incoming:
    return read_incoming(text.strip("\n").replace("\n", "\r\n").encode(encoding), AT)


def dsn(action: str, status: str, returned: str = f"Message-ID: {OURS}\nSubject: Facture\n", **more: str) -> str:
    blocks = (
        more.get("blocks") or f"Final-Recipient: rfc822; debiteur@client.example\nAction: {action}\nStatus: {status}\n"
    )
    return f"""
From: MAILER-DAEMON@relay.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <dsn1@relay.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain

I'm sorry to have to inform you.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example

{blocks}
--b1
Content-Type: {more.get("kind", "message/rfc822")}

{returned}
the text
--b1--
"""


def test_a_failed_delivery_names_the_message_and_the_status() -> None:
    bounce = read(dsn("failed", "5.1.1"))
    assert (bounce.kind, bounce.action, bounce.status, bounce.permanent) == (Kind.BOUNCE, "failed", "5.1.1", True)
    assert bounce.original_message_id == OURS
    assert bounce.failed == ("debiteur@client.example",)
    assert "@client.example" not in repr(bounce)


@pytest.mark.parametrize(
    ("action", "status", "kind", "permanent"),
    [
        ("delayed", "4.4.7", Kind.BOUNCE, False),
        ("failed", "4.4.7", Kind.BOUNCE, False),
        ("failed (unknown user)", "5.1.1", Kind.BOUNCE, True),
        ("error", "5.0.0", Kind.BOUNCE, True),
        ("failed", "", Kind.BOUNCE, True),
        ("delivered", "2.0.0", Kind.RECEIPT, None),
        ("relayed", "2.0.0", Kind.RECEIPT, None),
    ],
)
def test_the_fates_of_rfc_3464(action: str, status: str, kind: Kind, permanent: bool | None) -> None:
    report = read(dsn(action, status))
    assert (report.kind, report.permanent, report.original_message_id) == (kind, permanent, OURS)


def test_of_several_recipients_the_worst_fate_counts() -> None:
    blocks = "Final-Recipient: rfc822; a@b.example\nAction: delivered\nStatus: 2.0.0\n\n"
    blocks += "Final-Recipient: rfc822; c@d.example\nAction: failed\nStatus: 5.1.1\n"
    report = read(dsn("", "", blocks=blocks))
    assert (report.action, report.failed) == ("failed", ("c@d.example",))


def test_headers_returned_as_text_are_enough() -> None:
    assert read(dsn("failed", "5.1.1", kind="text/rfc822-headers")).original_message_id == OURS


def test_a_report_that_returns_nothing_is_threaded_by_its_references() -> None:
    text = dsn("failed", "5.1.1", returned="").replace("Auto-Submitted", f"References: {OURS}\nAuto-Submitted")
    assert read(text).original_message_id == OURS


QMAIL = f"""
From: MAILER-DAEMON@mail.example
Return-Path: <>
Subject: failure notice

Hi. This is the qmail-send program at mail.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<debiteur@client.example>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Return-Path: <compta@creancier.example>
Message-ID: {OURS}
Subject: Facture
"""


def test_a_qmail_bounce_is_read_by_flufl() -> None:
    bounce = read(QMAIL)
    assert (bounce.kind, bounce.permanent, bounce.original_message_id) == (Kind.BOUNCE, True, OURS)
    assert bounce.failed == ("debiteur@client.example",)


def test_a_french_failure_in_free_words_is_a_bounce_that_a_person_weighs() -> None:
    bounce = read("From: postmaster@client.example\nSubject: Message non remis : Facture\n\nBonjour, rien à faire.\n")
    assert (bounce.kind, bounce.permanent, bounce.action) == (Kind.BOUNCE, None, None)


def test_a_person_who_quotes_a_bounce_has_replied() -> None:
    text = QMAIL.replace("MAILER-DAEMON@mail.example", "marie@client.example").replace("Return-Path: <>\n", "")
    assert (
        read(text.replace("Subject: failure notice", f"Subject: RE: Facture\nIn-Reply-To: {OURS}")).kind is Kind.REPLY
    )


def test_a_read_receipt_changes_nothing() -> None:
    text = f"""
From: marie@client.example
Subject: Lu : Facture
Content-Type: multipart/report; report-type=disposition-notification; boundary="b"

--b
Content-Type: text/plain

Lu.
--b
Content-Type: message/disposition-notification

Original-Message-ID: {OURS}
Disposition: manual-action/MDN-sent-manually; displayed
--b
Content-Type: text/rfc822-headers

Message-ID: {OURS}
--b--
"""
    receipt = read(text)
    assert (receipt.kind, receipt.action, receipt.original_message_id) == (Kind.RECEIPT, "displayed", OURS)


AUTOMATIC = [
    "Auto-Submitted: auto-replied\nSubject: Re: Facture",
    "Auto-Submitted: auto-replied (vacation)\nSubject: Facture",
    f"Auto-Submitted: auto-generated\nIn-Reply-To: {OURS}\nSubject: Ticket 12",
    "X-Autoreply: yes\nSubject: Re: Facture",
    "Precedence: auto_reply\nSubject: Re: Facture",
    "Subject: Réponse automatique : Facture FA-1",
    "Subject: =?utf-8?q?R=C3=A9ponse_automatique_=3A_Facture?=",
    "Subject: Automatic reply: Facture FA-1",
    "Subject: Absence du bureau : Facture",
    "Subject: Out of Office: invoice",
    "Subject: Out of the office until Monday",
    "Subject: En congés jusqu'au 12",
    "Subject: Message d'absence",
    "Subject: Absence du 2 au 12 mars",
    "Subject: Auto: Facture FA-1",
    "Subject: Vacation reply",
    "Subject: Abwesenheitsnotiz: Rechnung FA-1",
    "Subject: Respuesta automática: factura",
    "Subject: Risposta automatica: fattura",
]


@pytest.mark.parametrize("headers", AUTOMATIC)
def test_an_automatic_answer_is_not_a_reply(headers: str) -> None:
    found = read(f"From: marie@client.example\n{headers}\n\nJe suis absente jusqu'au 12, la facture est déjà payée.\n")
    assert (found.kind, found.suggestions) == (Kind.OUT_OF_OFFICE, frozenset())


HUMAN = [
    f"Subject: Re: Facture\nIn-Reply-To: {OURS}",
    "Subject: RE: Absence de bon de livraison",
    f"Subject: Facture\nReferences: <a@b> {OURS}",
    f"Auto-Submitted: no\nSubject: Re: Facture\nIn-Reply-To: {OURS}",
]


@pytest.mark.parametrize("headers", HUMAN)
def test_a_person_who_happens_to_be_on_leave_has_replied(headers: str) -> None:
    found = read(f"From: marie@client.example\n{headers}\n\nJe suis en congés jusqu'au 12, je paierai à mon retour.\n")
    assert (found.kind, found.suggestions) == (Kind.REPLY, {Cue.PROMISE})


@pytest.mark.parametrize(
    "subject", ["Absence de livraison, commande 12", "Absence d'acompte", "Auto école Martin : facture FA-1", "Vacation rental, invoice FA-1", "Automatic Doors Ltd"],
)  # fmt: skip
def test_a_subject_that_only_begins_like_an_absence_is_for_a_person(subject: str) -> None:
    found = read(f"From: marie@client.example\nSubject: {subject}\n\nNous contestons la facture.\n")
    assert (found.kind, found.suggestions) == (Kind.UNCLASSIFIED, {Cue.CONTESTED})


def test_a_message_out_of_the_blue_is_for_a_person() -> None:
    found = read("From: marie@client.example\nSubject: Votre facture\n\nBonjour\n")
    assert (found.kind, found.subject_class, found.mentions) == (Kind.UNCLASSIFIED, SubjectClass.OTHER, ())


def test_the_nearest_message_of_the_thread_comes_first() -> None:
    found = read("Subject: Re: x\nIn-Reply-To: <c@x>\nReferences: <a@x> <b@x>\n <c@x>\n\nok\n")
    assert found.mentions == ("<c@x>", "<b@x>", "<a@x>")
    assert (found.in_reply_to, found.references) == ("<c@x>", ("<a@x>", "<b@x>", "<c@x>"))


QUOTED = """
Bonjour,
bien reçu.

{attribution}
{mark}Si vous avez déjà payé, merci de ne pas tenir compte de ce message.
{mark}Vous pouvez contester cette facture.
"""


@pytest.mark.parametrize(
    ("attribution", "mark"),
    [
        ("Le lun. 2 mars 2026 à 10:00, Compta <compta@creancier.example> a écrit :", "> "),
        ("Le lun. 2 mars 2026 à 10:00, Compta <compta@creancier.example>\na écrit :", ""),
        ("On Mon, 2 Mar 2026 at 10:00, Compta <c@x.example> wrote:", "> "),
        ("Am 02.03.2026 um 10:00 schrieb Compta <c@x.example>:", ""),
        ("El lun, 2 mar 2026 a las 10:00, Compta (<c@x.example>) escribió:", ""),
        ("Il giorno lun 2 mar 2026 alle ore 10:00 Compta <c@x.example> ha scritto:", ""),
        ("-----Message d'origine-----\nDe : Compta", ""),
        ("-------- Message transféré --------", ""),
        ("*De :* Compta <c@x.example>\n*Envoyé :* lundi 2 mars 2026 10:00", ""),
        ("---- Le lun., 02 mars 2026 10:00:00 +0100 Compta <c@x.example> écrit ----", ""),
        ("________________________________\nDe : Compta <c@x.example>", ""),
        ("De : Compta <c@x.example>\nEnvoyé : lundi 2 mars 2026 10:00", ""),
    ],
)
def test_our_own_words_quoted_in_a_reply_suggest_nothing(attribution: str, mark: str) -> None:
    found = read(f"Subject: RE: Facture\nIn-Reply-To: {OURS}\n" + QUOTED.format(attribution=attribution, mark=mark))
    assert found.suggestions == frozenset()
    assert found.text == "Bonjour,\nbien reçu."


def test_an_answer_written_below_the_quotation_is_read() -> None:
    text = f"Subject: Re: x\nIn-Reply-To: {OURS}\n\nOn Monday 2 March, Compta wrote:\n> Please pay.\n\nWe have already paid.\n"
    assert read(text).suggestions == {Cue.ALREADY_PAID}


def test_an_html_reply_is_read_without_what_it_quotes() -> None:
    html = "<style>p{}</style><div>Facture contest&eacute;e&nbsp;: jamais livr&eacute;e.</div>"
    html += '<div class="gmail_quote">Le lundi, X a écrit :<blockquote>déjà payé ?</blockquote></div>'
    found = read(f"Subject: Re: x\nIn-Reply-To: {OURS}\nContent-Type: text/html; charset=utf-8\n\n{html}\n")
    assert found.suggestions == {Cue.CONTESTED}
    assert "payé" not in found.text


@pytest.mark.parametrize(
    ("sentence", "cues"),
    [
        ("Facture déjà réglée le 3 mars.", {Cue.ALREADY_PAID}),
        ("Le virement a été effectué hier", {Cue.ALREADY_PAID}),
        ("Nous avons payé par chèque", {Cue.ALREADY_PAID}),
        ("This invoice has been paid on March 3rd.", {Cue.ALREADY_PAID}),
        ("Payment was made last week", {Cue.ALREADY_PAID}),
        ("Nous contestons cette facture : marchandise non conforme.", {Cue.CONTESTED}),
        ("Nous n'avons jamais reçu la marchandise", {Cue.CONTESTED}),
        ("We dispute the amount", {Cue.CONTESTED}),
        ("Le paiement est prévu le 15.", {Cue.PROMISE}),
        ("We will pay on Friday", {Cue.PROMISE}),
        ("Nous n'avons pas encore payé", set()),
        ("The invoice is not paid yet, not paid.", set()),
        ("Nous ne contestons pas le montant", set()),
        ("Bonjour, pouvez-vous m'envoyer la facture ?", set()),
        ("", set()),
    ],
)
def test_cues(sentence: str, cues: set[Cue]) -> None:
    assert cues_in(sentence) == cues


BROKEN = [
    b"",
    b"\0\0\0",
    b"Subject: =?x-nowhere?q?=FF?=\r\nFrom: =?utf-8?b?!!!?= <a@b>\r\n\r\nx",
    b"Subject: Re: \xe9\xe9\r\nIn-Reply-To: <a@b\r\nContent-Type: text/plain; charset=klingon\r\n\r\n\xff\xfe",
    b'Content-Type: multipart/mixed; boundary=""\r\n\r\n--\r\n',
    b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n--b--\r\n",
    b"Content-Type: message/delivery-status\r\n\r\nAction: failed",
    b"Content-Type: message/rfc822\r\n\r\n" * 500,
    b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(3000)),
    b"Content-Type: text/html\r\n\r\n" + b"<div>" * 50_000,
    b"Subject: Re: x\r\n\r\nLe " + b"le " * 60_000,
]


@pytest.mark.parametrize("raw", BROKEN, ids=range(len(BROKEN)))
def test_no_message_is_lost_however_broken(raw: bytes) -> None:
    found = read_incoming(raw, AT)
    assert found.raw == raw
    assert found.kind in {Kind.UNCLASSIFIED, Kind.REPLY, Kind.BOUNCE}


@given(st.binary(max_size=400))
def test_no_octets_break_the_reader(raw: bytes) -> None:
    assert read_incoming(raw, AT).raw == raw
    assert read_incoming(b"Subject: Re: a\r\nFrom: " + raw, AT).raw.endswith(raw)

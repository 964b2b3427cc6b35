"""A made-up case, complete enough to be sealed: a firm, its debtor, three invoices, twelve exhibits, a journal."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from fractions import Fraction
from functools import cache

from pypdf import PdfReader

from recouvrement.domain.completeness import EvidenceKind
from recouvrement.domain.journal import anchor_sheet, append, blinded_head, digest, payload_hash
from recouvrement.domain.money import rounded_half_up
from recouvrement.domain.parties import DebtorKind
from recouvrement.dossier.types import (
    Amounts,
    Anchor,
    AnchorSalt,
    Annex,
    CaseFile,
    CreditRow,
    Dossier,
    EventRow,
    Exhibit,
    ItemRow,
    MissingPiece,
    Party,
    PaymentRow,
    RoundingRow,
    SegmentRow,
)

DEBTOR = "01JDEBTEUR0000000000000001"
CUT = date(2026, 11, 20)
MOMENT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
ARTICLE = "C. com. art. L441-10 II"


def plain_pdf(words: str, pages: int = 1, *, wide: bool = False) -> bytes:
    """A small PDF written by hand, with the words on each page."""
    box = "0 0 842 595" if wide else "0 0 595 842"
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(pages))
    bodies = [b"<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {pages}>>".encode()]
    bodies.append(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
    for number in range(pages):
        stream = f"BT /F1 18 Tf 72 500 Td ({words} {number + 1}/{pages}) Tj ET".encode("latin-1")
        resources = "/Resources<</Font<</F1 3 0 R>>>>"
        bodies.append(f"<</Type/Page/Parent 2 0 R/MediaBox[{box}]{resources}/Contents {5 + 2 * number} 0 R>>".encode())
        bodies.append(b"<</Length %d>>\nstream\n%s\nendstream" % (len(stream), stream))
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1) + table + end


def email(subject: str, text: str, *, attached: bytes | None = None) -> bytes:
    message = EmailMessage()
    message["From"] = "Atelier Durand <compta@atelier-durand.example>"
    message["To"] = "comptabilite@menuiserie-lefort.example"
    message["Date"] = "Mon, 14 Sep 2026 09:12:00 +0200"
    message["Subject"] = subject
    message["Message-ID"] = "<01JX.relance@atelier-durand.example>"
    message.set_content(text)
    if attached:
        message.add_attachment(attached, maintype="application", subtype="pdf", filename="relance.pdf")
        message.set_boundary("=fixe=")
    return message.as_bytes()


def salt(name: str) -> str:
    return digest(f"sel de {name}")


def exhibit(
    kind: EvidenceKind, title: str, on: date, content: bytes, media_type: str = "application/pdf", **more: object
) -> Exhibit:
    values: dict[str, object] = {"payload_salt": salt(title), "reference": title} | more
    return Exhibit(DEBTOR, kind, title, on, content, media_type, **values)  # type: ignore[arg-type]


@cache
def exhibits() -> tuple[Exhibit, ...]:
    reminder = "Bonjour,\n\nSauf erreur de notre part, la facture F-2026-031 (4 800,00 €) reste impayée.\n\nCordialement,\nAtelier Durand"
    refused = (
        b"Reporting-MTA: dns; relais.example\n\nFinal-Recipient: rfc822; x@y.example\nAction: delayed\nStatus: 4.4.1\n"
    )
    return (
        exhibit(
            EvidenceKind.REMINDER,
            "Relance du 14 septembre 2026",
            date(2026, 9, 14),
            email("Facture F-2026-031 échue", reminder, attached=plain_pdf("Relance")),
            "message/rfc822",
            annexes=(
                Annex(
                    "Réponse du serveur", b"250 2.0.0 Ok: queued as 4F7C21\n", "text/plain", payload_salt=salt("smtp")
                ),
                Annex("Avis de retard", refused, "text/plain"),
            ),
        ),
        exhibit(
            EvidenceKind.GENERAL_TERMS,
            "Conditions générales acceptées le 3 mars 2026",
            date(2026, 3, 3),
            plain_pdf("CGV", 4),
        ),
        exhibit(EvidenceKind.QUOTE, "Devis D-2026-017 signé", date(2026, 3, 3), plain_pdf("Devis", 2)),
        exhibit(EvidenceKind.ORDER, "Commande 4471", date(2026, 3, 10), plain_pdf("Commande")),
        exhibit(
            EvidenceKind.DELIVERY_NOTE,
            "Bon de livraison 881 signé",
            date(2026, 4, 2),
            plain_pdf("Bon de livraison", wide=True),
        ),
        exhibit(EvidenceKind.INVOICE, "Facture F-2026-031", date(2026, 4, 30), plain_pdf("Facture F-2026-031")),
        exhibit(EvidenceKind.INVOICE, "Facture F-2026-044", date(2026, 5, 31), plain_pdf("Facture F-2026-044")),
        exhibit(EvidenceKind.INVOICE, "Facture F-2026-052", date(2026, 6, 30), plain_pdf("Facture F-2026-052")),
        exhibit(
            EvidenceKind.FORMAL_NOTICE,
            "Mise en demeure du 16 octobre 2026",
            date(2026, 10, 16),
            plain_pdf("Mise en demeure", 2),
        ),
        exhibit(
            EvidenceKind.DEPOSIT_PROOF,
            "Preuve de dépôt 1E00232062142",
            date(2026, 10, 16),
            plain_pdf("Preuve de depot"),
        ),
        exhibit(
            EvidenceKind.DELIVERY_PROOF,
            "Avis de réception : pli non réclamé",
            date(2026, 11, 4),
            plain_pdf("Pli avise, non reclame"),
        ),
        exhibit(
            EvidenceKind.REPLY,
            "Réponse du 15 septembre 2026",
            date(2026, 9, 15),
            email("RE: Facture", "Nous réglons une partie cette semaine.\n"),
            "message/rfc822",
        ),
    )


def segment(first: date, last: date, units: int, base: int) -> SegmentRow:
    return SegmentRow(first, last, (last - first).days + 1, units, base, ARTICLE)


def rounding(on: date, *segments: SegmentRow) -> RoundingRow:
    exact = sum((each.exact_cents for each in segments), Fraction(0))
    return RoundingRow(on, exact, rounded_half_up(exact))


def items() -> tuple[ItemRow, ...]:
    # F-2026-031: 4,800.00 due 2026-05-30, 2,000.00 received 2026-09-18, penalties first
    one = [
        segment(date(2026, 5, 31), date(2026, 6, 30), 121500, 480000),
        segment(date(2026, 7, 1), date(2026, 9, 18), 124000, 480000),
    ]
    first = rounding(date(2026, 9, 18), *one)
    rest = 480000 - (200000 - first.cents)
    two = segment(date(2026, 9, 19), CUT, 124000, rest)
    last = rounding(CUT, two)
    paid = PaymentRow(date(2026, 9, 18), 200000, 200000 - first.cents, first.cents, reference="VIR LEFORT")
    a = ItemRow(
        "F-2026-031",
        date(2026, 4, 30),
        date(2026, 5, 30),
        480000,
        rest,
        last.cents,
        4000,
        0,
        4000,
        "C. com. art. D441-5",
        delivered_on=date(2026, 4, 2),
        payments=(paid,),
        segments=(*one, two),
        roundings=(first, last),
    )
    only = segment(date(2026, 7, 1), CUT, 124000, 110000)
    end = rounding(CUT, only)
    b = ItemRow(
        "F-2026-044",
        date(2026, 5, 31),
        date(2026, 6, 30),
        120000,
        110000,
        end.cents,
        4000,
        0,
        4000,
        "C. com. art. D441-5",
        credits=(CreditRow(date(2026, 6, 15), 10000, "A-2026-003"),),
        segments=(only,),
        roundings=(end,),
    )
    whole = segment(date(2026, 7, 31), CUT, 124000, 1234567)
    sum_up = rounding(CUT, whole)
    c = ItemRow(
        "F-2026-052",
        date(2026, 6, 30),
        date(2026, 7, 30),
        1234567,
        1234567,
        sum_up.cents,
        4000,
        0,
        4000,
        "C. com. art. D441-5",
        segments=(whole,),
        roundings=(sum_up,),
        note="Taux du second semestre 2026 : BCE 2,40 % au 1er juillet 2026 + 10 points.",
    )
    return a, b, c


def amounts_of(rows: tuple[ItemRow, ...]) -> Amounts:
    return Amounts(
        sum(row.principal for row in rows),
        sum(row.penalties for row in rows),
        sum(row.indemnity for row in rows),
        sum(row.interest for row in rows),
        sum(payment.cents for row in rows for payment in row.payments),
    )


def journal_of(pieces: tuple[Exhibit, ...], chain: str = DEBTOR) -> tuple[str, ...]:
    lines = [append(None, {"chain": chain, "event": "ledger_opened", "at": "2026-03-01T08:00:00Z"})]
    for piece in sorted(pieces, key=lambda each: each.on or date.min):
        held = [(piece.payload_salt, piece.content), *((annex.payload_salt, annex.content) for annex in piece.annexes)]
        hashes = [payload_hash(key, content) for key, content in held if key]
        lines.append(
            append(
                lines[-1],
                {"chain": chain, "event": "document_attached", "at": f"{piece.on}T09:00:00Z", "payloads": hashes},
            )
        )
    return tuple(lines)


def anchored(
    lines: tuple[str, ...], first: date = date(2026, 11, 10), days: int = 8
) -> tuple[tuple[Anchor, ...], tuple[AnchorSalt, ...]]:
    """Sheets of consecutive days; this journal's head stands on the second and the sixth, other debtors on all."""
    anchors: list[Anchor] = []
    salts: list[AnchorSalt] = []
    for rank in range(days):
        on = first + timedelta(rank)
        heads = [blinded_head(salt(f"autre {rank} {n}"), digest(f"autre tête {rank} {n}")) for n in range(5)]
        if rank in {1, 5}:
            seq = len(lines) if rank == 5 else len(lines) - 3
            salts.append(AnchorSalt(on, seq, salt(f"ancre {rank}")))
            heads.append(blinded_head(salt(f"ancre {rank}"), digest(lines[seq - 1])))
        anchors.append(Anchor(on, anchor_sheet(anchors[-1].sheet if anchors else None, heads)))
    return tuple(anchors), tuple(salts)


EVENTS = (
    EventRow(date(2026, 3, 3), "Devis accepté", "Devis et conditions générales signés par le gérant.",
             ("Devis D-2026-017 signé", "Conditions générales acceptées le 3 mars 2026")),
    EventRow(date(2026, 4, 2), "Livraison", "Bon de livraison signé sans réserve.", ("Bon de livraison 881 signé",)),
    EventRow(date(2026, 4, 30), "Facture F-2026-031", "4 800,00 € TTC, échéance 30/05/2026.", ("Facture F-2026-031",)),
    EventRow(date(2026, 9, 14), "Relance par courriel", "Remise au relais du destinataire (250) ; lecture non prouvée.",
             ("Relance du 14 septembre 2026",)),
    EventRow(date(2026, 9, 15), "Réponse du débiteur", "Annonce un règlement partiel.", ("Réponse du 15 septembre 2026",)),
    EventRow(date(2026, 9, 18), "Règlement reçu", "2 000,00 € par virement, imputés sur F-2026-031."),
    EventRow(date(2026, 10, 16), "Mise en demeure", "Lettre recommandée, huit jours pour payer.",
             ("Mise en demeure du 16 octobre 2026", "Preuve de dépôt 1E00232062142")),
    EventRow(date(2026, 11, 4), "Pli non réclamé", "Retour à l'expéditeur.", ("Avis de réception : pli non réclamé",)),
)  # fmt: skip

CREDITOR = Party(
    "01JCREANCIER00000000000001", "Atelier Durand", ("12 rue des Tanneurs", "38000 Grenoble"), "SARL", "552100554",
    "RCS Grenoble", "20 000 €", "Claire Durand, gérante", "commerçant",
)  # fmt: skip
LEFORT = Party(
    DEBTOR, "Menuiserie Lefort", ("8 avenue du Port", "69002 Lyon"), "SAS", "732829320", "RCS Lyon",
    kind=DebtorKind.BUSINESS, other_names=("Lefort Agencement",), court="Tribunal des activités économiques de Lyon",
)  # fmt: skip


@cache
def sample() -> CaseFile:
    pieces = exhibits()
    lines = journal_of(pieces)
    anchors, salts = anchored(lines)
    return CaseFile(
        case_code="C-2026-0007", version=1, cut_on=CUT, moment=MOMENT, creditor=CREDITOR, debtor=LEFORT,
        amounts=amounts_of(items()), items=items(), exhibits=pieces, events=EVENTS, journal_lines=lines,
        anchors=anchors, anchor_salts=salts,
        missing=(MissingPiece("Contrôle BODACC du jour", "", "le service recouvrement"),
                 MissingPiece("Bon de livraison signé", "F-2026-052", waived_because="livraison reconnue par courriel")),
        routes=({"route": "injonction_de_payer", "name": "Injonction de payer", "article": "CPC 1405"},),
        statements_until=date(2026, 11, 19), limitation_on=date(2031, 4, 2), contact="Claire Durand, 04 00 00 00 00",
    )  # fmt: skip


def with_exhibits(case: CaseFile, *more: Exhibit) -> CaseFile:
    """The case with other exhibits that the journal never named (no salt)."""
    return replace(case, exhibits=(*case.exhibits, *(replace(each, payload_salt="") for each in more)))


def members_of(dossier: Dossier) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(dossier.zip_bytes)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def words_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def other(title: str, content: bytes, media_type: str = "application/pdf") -> Exhibit:
    return replace(exhibit(EvidenceKind.OTHER, title, date(2026, 11, 1), content, media_type), payload_salt="")

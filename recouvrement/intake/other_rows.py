"""Rows of the smaller tables: steps already taken, life-cycle statuses, documents, insolvency notices."""

from pathlib import PurePosixPath

from recouvrement.domain.ladder import Channel, StepCode
from recouvrement.domain.lifecycle import NAMES, meaning
from recouvrement.domain.records import DocumentRecord, InsolvencyNotice, LifecycleRecord, StepRecord
from recouvrement.intake import bodacc, insolvency_words, lifecycle_codes
from recouvrement.intake.reasons import Reason
from recouvrement.intake.refusals import RecordRefusedError
from recouvrement.intake.rows import Cells

STEPS = frozenset(step.value for step in StepCode)
CHANNELS = frozenset(channel.value for channel in Channel)
ROLES = frozenset(
    [
        "quote",
        "order",
        "delivery_note",
        "completion_certificate",
        "terms",
        "invoice",
        "correspondence",
        "contract",
        "proof_of_delivery",
        "proof_of_deposit",
        "reply",
        "guarantee",
        "other",
    ]
)


def step(cells: Cells) -> StepRecord:
    """A step taken by hand before going live; RecordRefusedError for a step or channel that the ladder lacks."""
    number = cells.needed("invoice_number", "invoice number")
    return StepRecord(
        invoice_number=number,
        step=cells.word("step", "", STEPS) or cells.needed("step", "code"),
        done_on=cells.needed_day("done_on"),
        channel=cells.word("channel", "", CHANNELS) or cells.needed("channel", "code"),
        proof=cells.text("proof"),
        line=cells.line,
    )


def lifecycle(cells: Cells) -> LifecycleRecord:
    """A life-cycle status by its number (200 to 213, 501) or its French name."""
    number = cells.needed("invoice_number", "invoice number")
    code = lifecycle_codes.code_of(cells.needed("status_code", "code"))
    if code is None:
        raise RecordRefusedError(Reason.UNKNOWN_VALUE, "status_code", "code", "not a life-cycle status", number)
    return LifecycleRecord(
        invoice_number=number,
        status_code=code,
        status=NAMES[code],
        meaning=meaning(code),
        on=cells.day("on"),
        reason_code=cells.text("reason_code"),
        amount_cents=cells.amount("amount"),
        currency=cells.currency(),
        message_id=cells.text("message_id"),
        line=cells.line,
    )


def document(cells: Cells) -> DocumentRecord:
    """A document of the manifest; RecordRefusedError when its path leaves the folder."""
    path = cells.needed("path", "path").replace("\\", "/")
    if not is_inside(path):
        raise RecordRefusedError(Reason.UNSAFE_PATH, "path", "path", "the path leaves the folder")
    number, code = cells.text("invoice_number"), cells.text("customer_code")
    if not number and not code:
        raise RecordRefusedError(Reason.MISSING_VALUE, "invoice_number", "invoice number", "it belongs to nothing")
    return DocumentRecord(
        path=path,
        role=cells.word("role", "other", ROLES),
        invoice_number=number,
        customer_code=code,
        document_on=cells.day("document_on"),
        title=cells.text("title"),
        line=cells.line,
    )


def is_inside(path: str) -> bool:
    """True for a relative path that cannot climb out of its folder.

    >>> [is_inside(p) for p in ("F1/devis.pdf", "../etc/passwd", "/etc/passwd", "C:/x", "a/../../b", "")]
    [True, False, False, False, False, False]
    """
    parts = PurePosixPath(path)
    return (
        bool(parts.parts)
        and not parts.is_absolute()
        and ".." not in parts.parts
        and ":" not in path[:3]
        and "\0" not in path
    )


def insolvency(cells: Cells) -> InsolvencyNotice:
    """A BODACC notice from the open-data CSV, whose judgment column holds JSON."""
    judgment = bodacc.object_in(cells.text("judgment"))
    nature = cells.text("nature") or str(judgment.get("nature") or judgment.get("famille") or "")
    siren = bodacc.first_siren(cells.text("siren"))
    if siren is None:
        cells.warn(Reason.INVALID_IDENTIFIER, "siren", "no valid SIREN: information only", cells.text("notice_id"))
    return insolvency_words.notice(
        notice_id=cells.text("notice_id"),
        siren=siren,
        debtor_name=cells.text("debtor_name"),
        nature=f"Annulation : {nature}" if "annul" in cells.text("notice_kind").casefold() else nature,
        detail=str(judgment.get("complementJugement") or "") if judgment else cells.text("judgment"),
        family=cells.text("family"),
        judgment_on=cells.day("judgment_on") or bodacc.day_or_none(judgment.get("date")),
        published_on=cells.needed_day("published_on"),
        court=cells.text("court"),
        line=cells.line,
    )

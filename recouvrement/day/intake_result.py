"""What became of one file, and the sentences about it."""

from dataclasses import dataclass, field

from recouvrement.domain.records import InvoiceRecord, Problem, Severity

TOLD = 20  # problems printed beside a verdict; all of them are in the ledger


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of one file; `written` counts rows new or corrected in the ledger."""

    file: str
    kind: str
    verdict: str
    records: int
    written: int
    reasons: tuple[str, ...]
    detail: dict[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """The object that `recouvrement import --json` prints."""
        return {
            "file": self.file,
            "kind": self.kind,
            "verdict": self.verdict,
            "records": self.records,
            "written": self.written,
            "reasons": list(self.reasons),
            **self.detail,
        }


def told(problem: Problem) -> str:
    """One problem as a line."""
    return f"{problem.reason}: {problem.message}" + (f" (line {problem.line})" if problem.line else "")


def not_ours(file: str, record: InvoiceRecord) -> Problem:
    """An invoice that another firm issued: a bill to pay."""
    return Problem(
        file=file,
        line=record.line,
        element=f"invoice {record.number}",
        field="seller",
        value_class="other seller",
        reason="other_seller",
        message="This invoice was issued by another firm: it is a bill to pay, not a debt to recover; it was set aside.",
        remedy="Drop only the firm's own invoices; if the firm's SIREN is wrong, correct it in the ledger.",
        subject=record.number,
    )


def shrunk(file: str, items: int, before: int, floor: int) -> Problem:
    """A complete list that lost too much since the one before."""
    return Problem(
        file=file, line=None, element="file", field="items", value_class="count", reason="snapshot_shrunk",
        message=f"This complete list has {items} items, the one before had {before}: under {floor} %, so it was not taken.",
        remedy="If it is right, import it again with --confirm-snapshot; else export the whole list again.",
        severity=Severity.REJECTED,
    )  # fmt: skip


def quarantined(file: str, record: InvoiceRecord) -> Problem:
    """An e-invoice seen in a file that was refused: a person must know that it exists."""
    amount = f"{record.gross_cents // 100}.{record.gross_cents % 100:02d} {record.currency}"
    return Problem(
        file=file, line=record.line, element=f"invoice {record.number}", field="file", value_class="e-invoice",
        reason="quarantined",
        message=f"Invoice {record.number} of {record.issue_on.isoformat()} ({amount}) was seen in a file that was refused; "
        "it is not in the ledger and is not chased.",
        remedy="Have it issued again in a valid form, or enter it by CSV once the customer has accepted it.",
        severity=Severity.REJECTED, subject=record.number,
    )  # fmt: skip


def not_opened(file: str, kind: str, error: str) -> Problem:
    """A file that neither disk nor database would take."""
    return Problem(
        file=file, line=None, element="file", field="file", value_class="file", reason="not_taken",
        message=f"This {kind} could not be taken in ({error}); nothing of it is in the ledger.",
        remedy="Check the file and its permissions, then import it again.", severity=Severity.REJECTED,
    )  # fmt: skip

"""The record of what was taken in: the file or folder, what was wrong in it, and whom it concerns."""

from collections.abc import Iterable, Sequence

from recouvrement.day.intake_result import FileResult
from recouvrement.domain.journal_events import HOUSE, JournalEvent
from recouvrement.domain.records import Problem
from recouvrement.ledger import journal
from recouvrement.ledger.book import Act
from recouvrement.ledger.files import clear_problems, record_file, record_problems


def record_taken(
    act: Act, digest: str, result: FileResult, problems: Sequence[Problem], debtors: Iterable[str]
) -> None:
    """The intake, its problems in place of those of earlier contents, and one journal line for it and for each debtor."""
    file_id = record_file(
        act, sha256=digest, name=result.file, kind=result.kind, verdict=result.verdict, records=result.records,
        written=result.written, detail=result.detail,
    )  # fmt: skip
    clear_problems(act, result.file, but=file_id)
    record_problems(act, file_id, problems)
    facts = {"file": file_id, "sha256": digest, "kind": result.kind, "verdict": result.verdict}
    entries: list[journal.Entry] = [(HOUSE, JournalEvent.FILE_TAKEN_IN, {**facts, "written": result.written})]
    entries += [(debtor_id, JournalEvent.FACTS_RECORDED, facts) for debtor_id in sorted(debtors)]
    journal.append_all(act, entries)

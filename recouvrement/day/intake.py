"""Files in: read, take into the ledger in one act a file, set aside what is wrong, move on."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from recouvrement.cycles import without_cycles
from recouvrement.day.house import House
from recouvrement.day.intake_opened import Opened, opened
from recouvrement.day.intake_record import record_taken
from recouvrement.day.intake_result import TOLD, FileResult, not_opened, told
from recouvrement.day.intake_taking import AS_IT_COMES, How, StaysOut, Taking
from recouvrement.intake.limits import Limits
from recouvrement.intake.mapping import Mappings
from recouvrement.intake.reading import batches, check_line, read
from recouvrement.ledger.bulk import roomy
from recouvrement.ledger.files import RefusedByTheDatabase, taken_before, worth_again
from recouvrement.ledger.invoices import first_of_all
from recouvrement.ledger.snapshots import note_snapshot
from recouvrement.settings import Settings

BATCH = 5_000
HALF_WRITTEN = frozenset({".part", ".tmp", ".crdownload"})
__all__ = ["FileResult", "check_files", "inbox_files", "take_files", "take_inbox"]


def mappings_of(settings: Settings) -> Mappings:
    """The shipped mappings and those of this firm (`mappings/` in its home, first)."""
    return Mappings.of_folders((settings.data / "mappings", settings.home / "mappings"))


def limits_of(settings: Settings) -> Limits:
    """The size limits of the settings, in bytes."""
    return Limits(document_bytes=settings.max_file_mb * 1_000_000, stream_bytes=settings.max_bank_file_mb * 1_000_000)


def check_files(settings: Settings, files: Iterable[Path], *, account: str = "") -> list[dict[str, object]]:
    """Read files without writing anything; one verdict per file."""
    mappings, limits = mappings_of(settings), limits_of(settings)
    return [check_line(read(path.name, path, mappings, limits=limits, account=account)) for path in files]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the caller asked of an intake."""

    house: House
    creditor_id: str
    actor: str
    how: How


def take_files(house: House, files: Iterable[Path], *, actor: str, how: How = AS_IT_COMES) -> list[FileResult]:
    """Take files in, customers before invoices before the rest; one bad file stops nothing."""
    wanted = _Wanted(house, house.creditor(), actor, how)
    mappings, limits = mappings_of(house.settings), limits_of(house.settings)
    results: list[FileResult] = []
    waiting: list[Opened] = []
    for path in files:
        try:
            waiting.append(opened(path, mappings, limits, account=how.account))
        except OSError as error:
            results.append(_unopened(path, error))
    waiting.sort(key=lambda file: file.rank)
    return results + [_take(wanted, file) for file in waiting]


def _unopened(path: Path, error: OSError) -> FileResult:
    return FileResult(
        path.name, "unknown", "rejected", 0, 0, (told(not_opened(path.name, "file", type(error).__name__)),)
    )


def _take(wanted: _Wanted, file: Opened) -> FileResult:
    """Take one file into the ledger in one act; the same bytes twice change nothing."""
    house, flow = wanted.house, file.flow
    with house.ledger.reading() as connection:
        before = taken_before(connection, flow.source.sha256)
        again = before is not None and worth_again(connection, before.id)
    if before is not None and not again:
        return FileResult(file.name, before.kind, "read", before.records, 0, ("already_taken_in",))
    try:
        return _taken(wanted, file)
    except StaysOut as refused:
        return _refused(wanted, file, refused)
    except RefusedByTheDatabase as error:
        problem = not_opened(file.name, "file", type(error).__name__)
        return _refused(wanted, file, StaysOut("not_taken", [problem]))


def _taken(wanted: _Wanted, file: Opened) -> FileResult:
    """The whole file in one act; StaysOut undoes it."""
    flow, items = file.read()
    with wanted.house.ledger.act("import", wanted.actor) as act, roomy(act.connection), without_cycles():
        taking = Taking(wanted.house, act, wanted.creditor_id, file.path, flow, wanted.how)
        with first_of_all(act.connection, large=file.items is None and file.kind == "invoices"):
            for batch in batches(items, BATCH):
                taking.batch(batch)
                if wanted.how.progress is not None:
                    wanted.how.progress(file.name, flow.source.fraction_read)
        taking.finish()
        verdict = "warning" if flow.tally.verdict == "read" and taking.problems else flow.tally.verdict
        result = FileResult(
            file.name, file.kind, verdict, flow.tally.taken, taking.written,
            tuple(told(p) for p in taking.problems[:TOLD]), dict(taking.detail),
        )  # fmt: skip
        record_taken(act, flow.source.sha256, result, taking.problems, taking.debtors)
    return result


def _refused(wanted: _Wanted, file: Opened, refused: StaysOut) -> FileResult:
    """Nothing of the file went in: its problems are recorded, and a snapshot that shrank is noted."""
    reasons = tuple(told(p) for p in refused.problems[:TOLD]) or (refused.reason,)
    records = 0 if refused.reason == "rejected" else file.flow.tally.taken
    result = FileResult(file.name, file.kind, "rejected", records, 0, reasons)
    with wanted.house.ledger.act("import", wanted.actor) as act:
        if refused.items is not None:
            note_snapshot(act, refused.scope, items=refused.items, source=act.new_id(), taken=False)
        record_taken(act, file.flow.source.sha256, result, refused.problems, ())
    return result


def inbox_files(house: House) -> list[Path]:
    """The files that wait in the drop folder, by name; hidden and half-written ones are left."""
    if not house.inbox.is_dir():
        return []
    return sorted(
        p for p in house.inbox.iterdir() if p.is_file() and not p.name.startswith(".") and p.suffix not in HALF_WRITTEN
    )


def take_inbox(house: House, *, actor: str) -> list[FileResult]:
    """Take in what lies in the drop folder; read files move to `inbox/done`, refused ones to `inbox/set-aside`."""
    results = take_files(house, inbox_files(house), actor=actor)
    for result in results:
        target = house.inbox / ("set-aside" if result.verdict == "rejected" else "done")
        target.mkdir(exist_ok=True)
        source = house.inbox / result.file
        try:
            digest = sha256(source.read_bytes()).hexdigest()[:8]
        except OSError:
            continue  # it could not be opened: it stays where it is, to be tried again
        source.rename(target / f"{source.stem}.{digest}{source.suffix}")
    return results

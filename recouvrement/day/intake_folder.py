"""A folder of files and papers: tables and e-invoices first, then papers by the invoice that their place or name tells."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from recouvrement.day.house import House
from recouvrement.day.intake import HALF_WRITTEN, limits_of, mappings_of, take_files
from recouvrement.day.intake_record import record_taken
from recouvrement.day.intake_result import TOLD, FileResult, told
from recouvrement.day.intake_taking import AS_IT_COMES, How
from recouvrement.domain.records import InvoiceRecord, Problem, Severity
from recouvrement.intake.documents import discovered
from recouvrement.intake.reading import stream
from recouvrement.ledger.files import kept_already
from recouvrement.ledger.invoices import known_numbers
from recouvrement.ledger.rare_facts import take_documents

SCANS = frozenset([".pdf", ".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".webp", ".heic"])
WRITTEN = frozenset([".doc", ".docx", ".odt", ".rtf", ".eml", ".msg", ".txt", ".html", ".htm"])
PAPERS = SCANS | WRITTEN
ARCHIVES = frozenset([".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2"])


def files_of(path: Path) -> list[Path]:
    """The file itself, or the files of a folder."""
    return list(_files(path)) if path.is_dir() else [path]


def take_paths(house: House, paths: Iterable[Path], *, actor: str, how: How = AS_IT_COMES) -> list[FileResult]:
    """Take files and folders in: the files together, in the order that their kinds need, then each folder."""
    paths = list(paths)
    files = [path for path in paths if not path.is_dir()]
    results = take_files(house, files, actor=actor, how=how)
    for folder in (path for path in paths if path.is_dir()):
        results += take_folder(house, folder, actor=actor, how=how)
    return results


def take_folder(house: House, folder: Path, *, actor: str, how: How = AS_IT_COMES) -> list[FileResult]:
    """Take a folder in, sub-folders included: one result per table, e-invoice and statement, and one for its papers.

    A paper belongs to the invoice whose number names its folder or begins its name. One that belongs to nothing known is
    set aside and told; archives are refused: what is in them was seen by nobody.
    """
    files = list(_files(folder))
    archives = [path for path in files if path.suffix.lower() in ARCHIVES]
    papers = [path for path in files if path not in archives and _is_paper(house, path)]
    tables = [path for path in files if path not in archives and path not in papers]
    results = take_files(house, tables, actor=actor, how=how)
    if papers or archives:
        results.append(_papers(house, folder, papers, archives, actor))
    return results


def _files(folder: Path) -> Iterator[Path]:
    """Files of a folder by path; hidden and half-written ones are left, and links that lead out of it."""
    root = folder.resolve()
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden and path.suffix not in HALF_WRITTEN and root in path.resolve().parents:
            yield path


def _is_paper(house: House, path: Path) -> bool:
    """Whether a file is a paper rather than data: a PDF without invoice in it, a scan, a letter, a text of no format."""
    suffix = path.suffix.lower()
    if suffix not in PAPERS:
        return False
    if suffix not in {".pdf", ".txt"}:
        return True
    flow = stream(path.name, path, mappings_of(house.settings), limits=limits_of(house.settings))
    return not any(
        isinstance(item, InvoiceRecord) or (suffix == ".txt" and not isinstance(item, Problem)) for item in flow
    )


def _papers(house: House, folder: Path, papers: Sequence[Path], archives: Sequence[Path], actor: str) -> FileResult:
    """Attach papers in one act, as if a manifest had named them."""
    names = [path.relative_to(folder).as_posix() for path in papers]
    creditor_id, name = house.creditor(), folder.resolve().name
    digest = sha256(
        "\n".join(f"{n} {sha256(p.read_bytes()).hexdigest()}" for n, p in zip(names, papers, strict=True)).encode()
    )
    with house.ledger.act("import", actor) as act:
        found = [
            replace(d, title=Path(d.path).name) for d in discovered(names, known_numbers(act.connection, creditor_id))
        ]
        _, written, debtors, problems = take_documents(act, creditor_id, found, name, folder)
        lost = sorted({*names} - {d.path for d in found})
        kept = kept_already(act.connection, [sha256((folder / path).read_bytes()).hexdigest() for path in lost])
        problems += [_nobodys(name, n) for n in lost if sha256((folder / n).read_bytes()).hexdigest() not in kept]
        problems += [_archive(name) for _ in archives]
        verdict, reasons = "warning" if problems else "read", tuple(told(p) for p in problems[:TOLD])
        result = FileResult(name, "papers", verdict, len(found), written, reasons)
        record_taken(act, digest.hexdigest(), result, problems, debtors)
    return result


def _nobodys(folder: str, path: str) -> Problem:
    return Problem(
        file=folder, line=None, element=f"paper {sha256(path.encode()).hexdigest()[:8]}{Path(path).suffix}"[:120], field="name",
        value_class="file name", reason="unknown_invoice",
        message="A paper lies in no folder named after a known invoice, and its name begins with no known number.",
        remedy="Put it in a folder named after the invoice, begin its name with the number, or name it in a manifest.",
        severity=Severity.SET_ASIDE,
    )  # fmt: skip


def _archive(folder: str) -> Problem:
    return Problem(
        file=folder, line=None, element="archive", field="file", value_class="archive", reason="archive_refused",
        message="Archives are not opened: what is in them was seen by nobody.",
        remedy="Unpack it, look at what is in it, and import the folder.", severity=Severity.REJECTED,
    )  # fmt: skip

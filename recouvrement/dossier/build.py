"""A frozen case file in, the bytes of its sealed dossier out."""

from operator import attrgetter
from string import Template

from recouvrement.domain.journal import GENESIS, digest, sheet_name
from recouvrement.dossier.archive import MANIFEST, manifest_of, packed
from recouvrement.dossier.coherence import contradictions
from recouvrement.dossier.combined import Chapter, ReadingCopy, reading_copy
from recouvrement.dossier.covering import covering_letter, missing_lines
from recouvrement.dossier.documents import bordereau, chronologie, decompte
from recouvrement.dossier.numbering import Placed, member_name, placed
from recouvrement.dossier.reading import PdfPages, Picture, Placeholder, TextPages, read_exhibit
from recouvrement.dossier.record import SCHEMA, case_json
from recouvrement.dossier.types import CaseFile, Dossier, Exhibit, IncoherentCaseError, NumberedExhibit
from recouvrement.dossier.wording import day, drawable
from recouvrement.typesetting import TEMPLATES

FIXED_TEXTS = TEMPLATES / "dossier"


def build_dossier(case: CaseFile) -> Dossier:
    """The sealed dossier of a case version; the same case file gives the same bytes.

    A damaged, encrypted, huge or foreign exhibit never stops it: the original is kept and a page of the reading copy
    says why it is not shown. Raises IncoherentCaseError, with every reason, when sums do not re-add, an exhibit belongs
    to another debtor, a number was given twice, or the journal and its anchors do not hold.
    """
    if reasons := contradictions(case):
        raise IncoherentCaseError(reasons)
    rows = placed(case)
    copy = reading_copy_of(case, rows)
    numbering = tuple(_numbered(row, copy) for row in rows)
    members = _members(case, rows, numbering, copy)
    manifest = manifest_of(members)
    sealed = packed([*members.items(), (MANIFEST, manifest)])
    letter = covering_letter(case, numbering, digest(manifest))
    return Dossier(sealed, digest(manifest), numbering, letter)


def reading_copy_of(case: CaseFile, rows: tuple[Placed, ...]) -> ReadingCopy:
    """The combined reading copy of the numbered exhibits."""
    chapters = [_chapter(row.number, row.exhibit) for row in rows if row.exhibit]
    who = f"{case.creditor.name} c/ {case.debtor.name}"
    foot = f"{who}, dossier {case.case_code}, version {case.version}"
    subtitle = f"{who}. Dossier {case.case_code}, version {case.version}, arrêté au {day(case.cut_on)}."
    return reading_copy(chapters, "Copie de lecture des pièces", subtitle, foot, case.moment)


def _chapter(number: int, exhibit: Exhibit) -> Chapter:
    name = member_name(number, exhibit.kind, exhibit.media_type)
    return Chapter(number, exhibit.title, name, digest(exhibit.content), read_exhibit(exhibit))


def _numbered(row: Placed, copy: ReadingCopy) -> NumberedExhibit:
    if row.exhibit is None:
        assert row.frozen is not None, "a number without exhibit was frozen by an earlier version"
        known = row.frozen
        return NumberedExhibit(
            row.number, row.first_version, known.kind, known.title, known.on, known.sha256, withdrawn=True
        )
    exhibit = row.exhibit
    chapter = next(chapter for chapter in copy.chapters if chapter.number == row.number)
    annexes = tuple(
        (annex.label, member_name(row.number, exhibit.kind, annex.media_type, rank), digest(annex.content))
        for rank, annex in enumerate(exhibit.annexes, start=1)
    )
    return NumberedExhibit(
        number=row.number,
        first_version=row.first_version,
        kind=exhibit.kind,
        title=exhibit.title,
        on=exhibit.on,
        sha256=chapter.sha256,
        member=chapter.member,
        annexes=annexes,
        pages=copy.pages[row.number],
        unreadable=_why_unreadable(chapter),
        note=exhibit.note,
    )


def _why_unreadable(chapter: Chapter) -> str:
    match chapter.parts[0]:
        case Placeholder(reason=reason):
            return reason
        case PdfPages() | Picture() | TextPages():
            return ""


def _members(
    case: CaseFile, rows: tuple[Placed, ...], numbering: tuple[NumberedExhibit, ...], copy: ReadingCopy
) -> dict[str, bytes]:
    others = {
        "01-decompte.pdf": decompte(case),
        "02-chronologie.pdf": chronologie(case, numbering),
        "lecture/combine.pdf": copy.pdf,
        "journal.txt": "".join(case.journal_lines).encode(),
    }
    exhibits = _exhibit_files(rows)
    front = bordereau(case, numbering, [(name, digest(content)) for name, content in others.items()])
    evidence = _anchor_files(case) | {"sels.txt": _salts(case, rows)}
    members = {"00-bordereau.pdf": front} | others | exhibits | evidence
    members["case.json"] = case_json(case, numbering)
    members["verify.sh"] = (FIXED_TEXTS / "verify.sh").read_bytes()
    members["LISEZMOI.txt"] = _read_me(case, len(members) + 1)
    return dict(sorted(members.items()))


def _exhibit_files(rows: tuple[Placed, ...]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for row in rows:
        if row.exhibit is None:
            continue
        files[member_name(row.number, row.exhibit.kind, row.exhibit.media_type)] = row.exhibit.content
        for rank, annex in enumerate(row.exhibit.annexes, start=1):
            files[member_name(row.number, row.exhibit.kind, annex.media_type, rank)] = annex.content
    return files


def _anchor_files(case: CaseFile) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for anchor in case.anchors:
        files[f"ancres/{sheet_name(anchor.on)}"] = anchor.sheet
        if anchor.token is not None:
            files[f"ancres/{sheet_name(anchor.on)}.tsr"] = anchor.token
    return files


def _salts(case: CaseFile, rows: tuple[Placed, ...]) -> bytes:
    """`sels.txt`: the journal's head, the salts of its anchored heads, the salts of the exhibits that it names."""
    head = digest(case.journal_lines[-1]) if case.journal_lines else GENESIS
    lines = [f"tete {len(case.journal_lines)} {head}"]
    lines += [
        f"ancre {sheet_name(salt.on)} {salt.seq} {salt.salt}"
        for salt in sorted(case.anchor_salts, key=attrgetter("on", "seq"))
    ]
    for row in rows:
        if row.exhibit is None:
            continue
        files = [
            (row.exhibit.payload_salt, row.exhibit.media_type),
            *((a.payload_salt, a.media_type) for a in row.exhibit.annexes),
        ]
        for rank, (salt, media_type) in enumerate(files):
            if salt:
                lines.append(f"piece {member_name(row.number, row.exhibit.kind, media_type, rank)} {salt}")
    return "".join(f"{line}\n" for line in lines).encode()


def _read_me(case: CaseFile, file_count: int) -> bytes:
    text = Template((FIXED_TEXTS / "LISEZMOI.txt").read_text("utf-8")).substitute(
        case_code=case.case_code,
        version=case.version,
        cut_on=day(case.cut_on),
        creditor=drawable(case.creditor.name),
        debtor=drawable(case.debtor.name),
        schema=SCHEMA,
        file_count=file_count,
        missing="\n".join(f"  - {drawable(line)}" for line in missing_lines(case)) or "  aucune",
    )
    return text.encode()

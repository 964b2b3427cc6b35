"""The same checks as `verify.sh`, in Python, straight from the ZIP: what holds, what does not, what cannot be promised."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from recouvrement.domain.journal import Broken, blinded_head, digest, payload_hash, verify_chain, verify_sheets
from recouvrement.dossier.archive import MANIFEST, SAFE_NAME
from recouvrement.dossier.timestamp import token_fault, token_moment

MAX_UNPACKED = 2_000_000_000
MANIFEST_LINE = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9._/-]+)")
SALT_LINE = re.compile(
    r"(?:(?P<head>tete) (?P<count>\d{1,9})|ancre (?P<sheet>ancre-[\d-]{10}\.txt) (?P<seq>\d{1,9})"
    r"|piece (?P<piece>pieces/[a-z0-9.-]+)) (?P<value>[0-9a-f]{64})"
)
NOT_AMONG = (
    "la feuille témoin n'est pas parmi les ancres : elles ont été remplacées, ou elle est d'un autre jour que les leurs"
)
NO_PROOF = (
    "sans feuille témoin ni jeton d'horodatage vérifié, ce contrôle ne peut pas promettre que le journal, les ancres "
    "et le manifeste n'ont pas été réécrits ensemble"
)


@dataclass(frozen=True, slots=True)
class Verification:
    """What the check found.

    `reasons` say, in French, what does not hold (empty: everything agrees). Journal lines 1 to `anchored_until` stand on
    an anchor sheet of the dossier, lines 1 to `guaranteed_until` on one that the witness or a time-stamp (`proof`) vouches
    for. `cannot_promise` says what stays possible.
    """

    ok: bool
    reasons: tuple[str, ...]
    manifest_sha256: str = ""
    files: int = 0
    journal_lines: int = 0
    anchored_until: int = 0
    guaranteed_until: int = 0
    proof: str = ""
    cannot_promise: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Salts:
    """`sels.txt` as read: the announced head, anchored lines by sheet, and the salt of each exhibit."""

    head: tuple[int, str] | None
    anchored: tuple[tuple[str, int, str], ...]
    pieces: tuple[tuple[str, str], ...]


def verify_zip(
    source: Path | str | bytes, *, witness: bytes | None = None, authority: Path | None = None
) -> Verification:
    """Check a dossier with nothing else; every fault is a reason, none an exception.

    `witness` is the exact content of one anchor sheet kept by a third party; `authority` a PEM file of the time-stamping
    authority (checked by the `openssl` command). OSError when the file itself cannot be read.
    """
    content = source if isinstance(source, bytes) else Path(source).read_bytes()
    members, faults = _unpacked(content)
    if faults:
        return Verification(ok=False, reasons=faults)
    return verify_members(members, witness=witness, authority=authority)


def verify_members(
    members: Mapping[str, bytes], *, witness: bytes | None = None, authority: Path | None = None
) -> Verification:
    """The check over members already unpacked (name → bytes)."""
    if MANIFEST not in members:
        return Verification(ok=False, reasons=("SHA256SUMS manque",))
    lines = _journal_lines(members)
    salts, salt_faults = _read_salts(members)
    sheets = sorted((name[7:], sheet) for name, sheet in members.items() if re.fullmatch(r"ancres/ancre-.*\.txt", name))
    reasons = [*_manifest_faults(members), *_journal_faults(lines, salts), *salt_faults]
    reasons += [*_anchor_faults(sheets, lines, salts), *_piece_faults(members, salts)]
    reach = {name: seq for name, seq, _ in salts.anchored}
    guaranteed, proof, outside = _from_outside(members, sheets, reach, witness, authority)
    reasons += outside
    return Verification(
        ok=not reasons,
        reasons=tuple(dict.fromkeys(reasons)),
        manifest_sha256=digest(members[MANIFEST]),
        files=len(members) - 1,
        journal_lines=len(lines),
        anchored_until=max(reach.values(), default=0),
        guaranteed_until=0 if reasons else guaranteed,
        proof=proof,
        cannot_promise=(*_not_promised(len(lines), guaranteed), *_unnamed(members, salts)),
    )


def _not_promised(count: int, guaranteed: int) -> tuple[str, ...]:
    if guaranteed == 0:
        return (NO_PROOF,)
    if guaranteed < count:
        return (f"les lignes {guaranteed + 1} à {count} du journal ne sont pas couvertes par cette preuve",)
    return ()


def _unnamed(members: Mapping[str, bytes], salts: _Salts) -> tuple[str, ...]:
    """Exhibits that no journal line names: changed together with the manifest, only the letter's hash shows it."""
    named = {name for name, _ in salts.pieces}
    count = sum(name.startswith("pieces/") and name not in named for name in members)
    return (
        (f"{count} fichier(s) de pieces/ ne sont pas nommés par le journal : le manifeste seul les protège",)
        if count
        else ()
    )


def _unpacked(content: bytes) -> tuple[dict[str, bytes], tuple[str, ...]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
                return {}, ("archive trop volumineuse pour être contrôlée ici",)
            names = [entry.filename for entry in entries]
            if len(set(names)) != len(names):
                return {}, ("l'archive contient deux fois le même nom",)
            if strange := [name for name in names if not SAFE_NAME.fullmatch(name)]:
                return {}, (f"l'archive contient {len(strange)} nom(s) interdit(s)",)
            return {entry.filename: archive.read(entry) for entry in entries}, ()
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError, OSError) as damage:
        return {}, (f"archive ZIP illisible ({type(damage).__name__})",)


def _manifest_faults(members: Mapping[str, bytes]) -> Iterator[str]:
    listed: dict[str, str] = {}
    for line in _lines(members[MANIFEST]):
        found = MANIFEST_LINE.fullmatch(line)
        if found is None:
            yield "SHA256SUMS est malformé"
            return
        listed[found[2]] = found[1]
    for name, sha in listed.items():
        if name not in members:
            yield f"fichier retiré : {name}"
        elif digest(members[name]) != sha:
            yield f"fichier changé : {name}"
    for name in members:
        if name not in listed and name != MANIFEST:
            yield f"fichier ajouté : {name}"


def _journal_lines(members: Mapping[str, bytes]) -> list[str]:
    text = members.get("journal.txt", b"").decode("ascii", "replace")
    return re.findall(r"[^\n]*\n|[^\n]+$", text)


def _lines(content: bytes) -> list[str]:
    """Lines as `grep` sees them: only a line feed ends one."""
    return content.decode("ascii", "replace").removesuffix("\n").split("\n") if content else []


def _journal_faults(lines: list[str], salts: _Salts) -> Iterator[str]:
    verdict = verify_chain(lines)
    if isinstance(verdict, Broken):
        yield f"journal, ligne {verdict.seq} : {FRENCH.get(verdict.reason, verdict.reason)}"
    elif salts.head != (verdict.count, verdict.head):
        yield "le journal ne finit pas où le dossier l'annonce"


FRENCH = {
    "not a journal line": "ligne malformée",
    "the link does not match the line before": "rupture de chaîne",
    "the number does not follow": "numéro inattendu",
    "a line of another chain": "ligne d'une autre chaîne",
    "not the canonical writing": "écriture non canonique",
    "not an anchor sheet": "ce n'est pas une feuille d'ancrage",
    "sheets out of order": "feuilles dans le désordre",
    "the sheet does not link to the one before": "chaîne des ancres rompue",
}


def _read_salts(members: Mapping[str, bytes]) -> tuple[_Salts, tuple[str, ...]]:
    head: tuple[int, str] | None = None
    anchored: list[tuple[str, int, str]] = []
    pieces: list[tuple[str, str]] = []
    for line in _lines(members.get("sels.txt", b"")):
        found = SALT_LINE.fullmatch(line)
        if found is None:
            return _Salts(None, (), ()), ("sels.txt est malformé",)
        if found["head"]:
            head = (int(found["count"]), found["value"])
        elif found["sheet"]:
            anchored.append((found["sheet"], int(found["seq"]), found["value"]))
        else:
            pieces.append((found["piece"], found["value"]))
    return _Salts(head, tuple(anchored), tuple(pieces)), ()


def _anchor_faults(sheets: list[tuple[str, bytes]], lines: list[str], salts: _Salts) -> Iterator[str]:
    verdict = verify_sheets(sheets)
    if isinstance(verdict, Broken):
        yield f"ancres/{sheets[verdict.seq - 1][0]} : {FRENCH.get(verdict.reason, verdict.reason)}"
    held = {name: set(sheet.decode("ascii", "replace").split("\n")[1:]) for name, sheet in sheets}
    for name, seq, salt in salts.anchored:
        if not 1 <= seq <= len(lines) or blinded_head(salt, digest(lines[seq - 1])) not in held.get(name, set()):
            yield f"tête absente de l'ancre {name}"


def _piece_faults(members: Mapping[str, bytes], salts: _Salts) -> Iterator[str]:
    journal = members.get("journal.txt", b"").decode("ascii", "replace")
    for name, salt in salts.pieces:
        if name not in members or payload_hash(salt, members[name]) not in journal:
            yield f"{name} : inconnu du journal"


def _from_outside(
    members: Mapping[str, bytes],
    sheets: list[tuple[str, bytes]],
    reach: Mapping[str, int],
    witness: bytes | None,
    authority: Path | None,
) -> tuple[int, str, list[str]]:
    """How far the witness sheet and the time-stamps vouch for the journal, by what, and the faults they show."""
    covered = guaranteed = 0
    proof, faults, witnessed = "", [], False
    for name, sheet in sheets:
        covered = max(covered, reach.get(name, 0))
        if witness is not None and sheet == witness:
            witnessed, guaranteed, proof = True, covered, f"la feuille témoin {name}"
        token = members.get(f"ancres/{name}.tsr")
        if authority is not None and token is not None:
            if fault := token_fault(sheet, token, authority):
                faults.append(f"ancres/{name} : {fault}")
            else:
                guaranteed, proof = covered, f"l'horodatage de {name}, donné le {token_moment(token)}"
    if witness is not None and not witnessed:
        if sheets and witness.split(b"\n", 1)[0] == digest(sheets[-1][1]).encode():
            guaranteed, proof = covered, "la feuille témoin du soir suivant"
        else:
            faults.append(NOT_AMONG)
    if (witness is not None or authority is not None) and guaranteed == 0 and not faults:
        faults.append("rien de ce journal n'est ancré par ce témoin ou cette autorité")
    return guaranteed, proof, faults

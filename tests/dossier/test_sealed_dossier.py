"""A dossier unpacked in an empty folder holds by itself, and every tampering is found by `verify.sh` and by Python."""

import io
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from recouvrement.domain.journal import anchor_sheet, append, digest, event_of, sheet_name
from recouvrement.dossier.archive import manifest_of
from recouvrement.dossier.build import build_dossier
from recouvrement.dossier.types import CaseFile
from recouvrement.dossier.verify import Verification, verify_members, verify_zip
from tests.dossier.sample_case import amounts_of, anchored, exhibits, items, journal_of, sample

NEEDED = ("bash", "sha256sum", "openssl", "grep", "cut")
Members = dict[str, bytes]


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the five commands that a recipient needs, and nothing else."""
    folder = tmp_path_factory.mktemp("path")
    for name in NEEDED:
        found = shutil.which(name)
        if found is None:
            pytest.skip(f"no {name} on this machine")
        (folder / name).symlink_to(found)
    return folder


@dataclass(frozen=True)
class Outcome:
    code: int
    said: str


@pytest.fixture
def by_script(tools: Path, tmp_path: Path) -> Callable[..., Outcome]:
    """Unpack members in an empty folder and run their own verify.sh there."""

    def run(members: Members, *arguments: Path | str) -> Outcome:
        folder = tmp_path / f"vide{len(list(tmp_path.iterdir()))}"
        for name, content in members.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        done = subprocess.run(
            ["bash", "verify.sh", *map(str, arguments)],
            cwd=folder,
            env={"PATH": str(tools)},
            capture_output=True,
            text=True,
            check=False,
        )
        return Outcome(done.returncode, done.stdout + done.stderr)

    return run


def unpacked(zip_bytes: bytes) -> Members:
    with zipfile.ZipFile(io.BytesIO(zip_bytes)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def sealed() -> Members:
    return unpacked(build_dossier(sample()).zip_bytes)


def resealed(members: Members, **changed: bytes) -> Members:
    """What a forger does who recomputes the manifest."""
    forged = {name: content for name, content in members.items() if name != "SHA256SUMS"} | changed
    return forged | {"SHA256SUMS": manifest_of(forged)}


def rewritten_case() -> CaseFile:
    """The same case with one journal line changed and every hash, head, salt and sheet recomputed after it."""
    lines = list(journal_of(exhibits()))
    events = [event_of(line) for line in lines]
    events[4]["at"] = "2026-04-01T09:00:00Z"
    forged: list[str] = []
    for event in events:
        forged.append(append(forged[-1] if forged else None, event))
    anchors, salts = anchored(tuple(forged))
    return replace(sample(), journal_lines=tuple(forged), anchors=anchors, anchor_salts=salts)


def witness_sheet(tmp_path: Path, day: date = date(2026, 11, 15)) -> tuple[Path, bytes]:
    sheet = next(anchor.sheet for anchor in sample().anchors if anchor.on == day)
    path = tmp_path / "recue-par-le-comptable.txt"
    path.write_bytes(sheet)
    return path, sheet


def test_an_untouched_dossier_holds_and_says_what_it_cannot_promise(
    sealed: Members, by_script: Callable[..., Outcome]
) -> None:
    outcome = by_script(sealed)
    assert outcome.code == 0, outcome.said
    assert "ne peut pas promettre" in outcome.said
    assert digest(sealed["SHA256SUMS"]) in outcome.said
    found = verify_members(sealed)
    assert found.ok
    assert found.cannot_promise[0].startswith("sans feuille témoin")
    assert (found.journal_lines, found.anchored_until, found.guaranteed_until) == (13, 13, 0)


def test_with_a_witness_sheet_the_lines_before_it_are_guaranteed(
    sealed: Members, by_script: Callable[..., Outcome], tmp_path: Path
) -> None:
    late, late_sheet = witness_sheet(tmp_path)
    outcome = by_script(sealed, late)
    assert outcome.code == 0
    assert "Lignes 1 à 13 : inchangées depuis la feuille témoin ancres/ancre-2026-11-15.txt" in outcome.said
    assert "ne peut pas promettre" not in outcome.said
    assert verify_members(sealed, witness=late_sheet).guaranteed_until == 13
    assert "Pièces : 14 fichiers, dont 13 nommés par le journal" in outcome.said
    early, early_sheet = witness_sheet(tmp_path, date(2026, 11, 12))
    said = by_script(sealed, early).said
    assert "Lignes 1 à 10 : inchangées" in said
    assert "Lignes 11 à 13 : non couvertes par cette preuve" in said
    found = verify_members(sealed, witness=early_sheet)
    assert found.guaranteed_until == 10
    assert found.cannot_promise == (
        "les lignes 11 à 13 du journal ne sont pas couvertes par cette preuve",
        "1 fichier(s) de pieces/ ne sont pas nommés par le journal : le manifeste seul les protège",
    )


def test_a_witness_older_than_every_line_of_this_journal_proves_nothing_and_fails(
    sealed: Members, by_script: Callable[..., Outcome], tmp_path: Path
) -> None:
    path, sheet = witness_sheet(tmp_path, date(2026, 11, 10))
    assert by_script(sealed, path).code == 1
    assert not verify_members(sealed, witness=sheet).ok


def test_the_sheet_of_the_next_evening_vouches_for_the_last_one_of_the_dossier(
    sealed: Members, by_script: Callable[..., Outcome], tmp_path: Path
) -> None:
    last = sample().anchors[-1].sheet
    following = anchor_sheet(last, [digest("autre tête")])
    path = tmp_path / "recue-le-lendemain.txt"
    path.write_bytes(following)
    outcome = by_script(sealed, path)
    assert outcome.code == 0, outcome.said
    assert "Lignes 1 à 13 : inchangées depuis la feuille témoin du soir suivant" in outcome.said
    assert verify_members(sealed, witness=following).guaranteed_until == 13
    later = anchor_sheet(following, [digest("autre tête")])
    path.write_bytes(later)
    outcome = by_script(sealed, path)
    assert outcome.code == 1
    assert "elles ont été remplacées, ou elle est d'un autre jour que les leurs" in outcome.said
    assert "ou elle est d'un autre jour que les leurs" in verify_members(sealed, witness=later).reasons[0]


def test_one_changed_byte_in_any_file_is_found(sealed: Members, by_script: Callable[..., Outcome]) -> None:
    for name, content in sealed.items():
        middle = len(content) // 2
        changed = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        assert not verify_members({**sealed, name: changed}).ok, name
        if name != "verify.sh":  # a changed script cannot be asked to check itself: its hash is checked below
            assert by_script({**sealed, name: changed}).code == 1, name
    assert verify_members({**sealed, "verify.sh": sealed["verify.sh"] + b"\n"}).reasons == (
        "fichier changé : verify.sh",
    )


@pytest.mark.parametrize(
    "name", ["pieces/13-autre.pdf", "note.txt", ".cache", "ancres/x/y.txt", "pieces/.*", "ancres/.txt"]
)
def test_an_added_file_is_found(sealed: Members, by_script: Callable[..., Outcome], name: str) -> None:
    outcome = by_script({**sealed, name: b"x"})
    assert outcome.code == 1
    assert "fichier ajouté" in outcome.said
    assert f"fichier ajouté : {name}" in verify_members({**sealed, name: b"x"}).reasons


def test_a_removed_file_is_found_whichever_it_is(sealed: Members, by_script: Callable[..., Outcome]) -> None:
    for name in sealed:
        left = {other: content for other, content in sealed.items() if other != name}
        assert not verify_members(left).ok, name
        if name in {"SHA256SUMS", "pieces/05-facture.pdf", "journal.txt", "sels.txt", "ancres/ancre-2026-11-13.txt"}:
            assert by_script(left).code == 1, name


def test_an_exhibit_changed_or_removed_with_the_manifest_recomputed_is_unknown_to_the_journal(
    sealed: Members, by_script: Callable[..., Outcome]
) -> None:
    forged = resealed(sealed, **{"pieces/05-facture.pdf": sealed["pieces/06-facture.pdf"]})
    assert "inconnu du journal" in by_script(forged).said
    assert verify_members(forged).reasons == ("pieces/05-facture.pdf : inconnu du journal",)
    without = resealed({name: content for name, content in sealed.items() if name != "pieces/05-facture.pdf"})
    assert by_script(without).code == 1
    assert not verify_members(without).ok


@pytest.mark.parametrize("number", [0, 5, 12])
def test_a_journal_line_changed_with_the_manifest_recomputed_is_found(
    sealed: Members, by_script: Callable[..., Outcome], number: int
) -> None:
    lines = sealed["journal.txt"].decode().splitlines(keepends=True)
    lines[number] = lines[number].replace("T09:00:00Z", "T10:00:00Z").replace("T08:00:00Z", "T07:00:00Z")
    forged = resealed(sealed, **{"journal.txt": "".join(lines).encode()})
    outcome = by_script(forged)
    assert outcome.code == 1
    assert "rupture de chaîne" in outcome.said or "ne finit pas où" in outcome.said
    assert not verify_members(forged).ok


def test_a_journal_cut_short_or_lengthened_with_the_manifest_recomputed_is_found(
    sealed: Members, by_script: Callable[..., Outcome]
) -> None:
    lines = sealed["journal.txt"].decode().splitlines(keepends=True)
    more = append(lines[-1], {"chain": event_of(lines[-1])["chain"], "event": "call_noted"})
    for content in ("".join(lines[:-1]), "".join([*lines, more]), "".join(lines).rstrip("\n"), "".join(lines) + "\0\n"):
        forged = resealed(sealed, **{"journal.txt": content.encode()})
        assert by_script(forged).code == 1
        assert not verify_members(forged).ok


def test_a_journal_rewritten_whole_is_missing_from_the_anchors(
    sealed: Members, by_script: Callable[..., Outcome]
) -> None:
    other = unpacked(build_dossier(rewritten_case()).zip_bytes)
    heads = [line for line in other["sels.txt"].decode().splitlines() if line.startswith("tete")]
    kept = [line for line in sealed["sels.txt"].decode().splitlines() if not line.startswith("tete")]
    salts = "\n".join([*heads, *kept, ""]).encode()
    forged = resealed(sealed, **{"journal.txt": other["journal.txt"], "sels.txt": salts})
    assert "tête absente de l'ancre" in by_script(forged).said
    assert any("tête absente" in reason for reason in verify_members(forged).reasons)


def test_everything_rewritten_is_found_with_a_witness_sheet_only(
    by_script: Callable[..., Outcome], tmp_path: Path
) -> None:
    forged = unpacked(build_dossier(rewritten_case()).zip_bytes)
    alone = by_script(forged)
    assert alone.code == 0
    assert "ne peut pas promettre" in alone.said
    assert verify_members(forged).ok
    path, sheet = witness_sheet(tmp_path)
    with_witness = by_script(forged, path)
    assert with_witness.code == 1
    assert "elles ont été remplacées" in with_witness.said
    assert verify_members(forged, witness=sheet).reasons == (
        "la feuille témoin n'est pas parmi les ancres : elles ont été remplacées, ou elle est d'un autre jour que les leurs",
    )


def test_a_replaced_anchor_breaks_the_chain_of_sheets(sealed: Members, by_script: Callable[..., Outcome]) -> None:
    other = unpacked(build_dossier(rewritten_case()).zip_bytes)
    for day in (date(2026, 11, 11), date(2026, 11, 13), date(2026, 11, 15)):
        name = f"ancres/{sheet_name(day)}"
        replaced = sealed[name][:65] + other["ancres/ancre-2026-11-15.txt"][65:130]
        forged = resealed(sealed, **{name: replaced})
        assert by_script(forged).code == 1, name
        assert not verify_members(forged).ok, name


def test_the_anchors_taken_away_leave_nothing_for_a_witness(
    sealed: Members, by_script: Callable[..., Outcome], tmp_path: Path
) -> None:
    salts = b"".join(line for line in sealed["sels.txt"].splitlines(keepends=True) if not line.startswith(b"ancre"))
    bare = {name: content for name, content in sealed.items() if not name.startswith("ancres/")} | {"sels.txt": salts}
    forged = resealed(bare)
    assert by_script(forged).code == 0
    path, sheet = witness_sheet(tmp_path)
    assert by_script(forged, path).code == 1
    assert not verify_members(forged, witness=sheet).ok


def test_a_script_without_its_tools_says_so(sealed: Members, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    bash = shutil.which("bash")
    assert bash
    (tmp_path / "verify.sh").write_bytes(sealed["verify.sh"])
    done = subprocess.run(
        [bash, "verify.sh"],
        cwd=tmp_path,
        env={"PATH": str(tmp_path / "bin")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "il manque sha256sum" in done.stdout


@pytest.mark.parametrize(
    ("put", "said"),
    [
        (lambda path: path.symlink_to("/dev/zero"), "lien ajouté : pieces/06-facture.pdf"),
        (lambda path: os.mkfifo(path), "ce n'est pas un fichier : pieces/06-facture.pdf"),
    ],
)
def test_what_would_never_end_is_named_before_it_is_read(
    sealed: Members, tmp_path: Path, put: Callable[[Path], None], said: str
) -> None:
    for name, content in sealed.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    (tmp_path / "pieces" / "06-facture.pdf").unlink()
    put(tmp_path / "pieces" / "06-facture.pdf")
    done = subprocess.run(["bash", "verify.sh"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert said in done.stdout


def test_the_script_runs_from_another_folder_and_refuses_an_absent_witness(
    sealed: Members, tools: Path, tmp_path: Path
) -> None:
    for name, content in sealed.items():
        (tmp_path / "un dossier" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "un dossier" / name).write_bytes(content)
    script = os.path.join("un dossier", "verify.sh")  # noqa: PTH118 — the path as a person types it
    held = subprocess.run(["bash", script], cwd=tmp_path, env={"PATH": str(tools)}, capture_output=True, check=False)
    assert held.returncode == 0
    absent = subprocess.run(
        ["bash", script, "rien"], cwd=tmp_path, env={"PATH": str(tools)}, capture_output=True, check=False
    )
    assert absent.returncode == 2


def test_sha256sum_alone_accepts_the_manifest(sealed: Members, tmp_path: Path) -> None:
    for name, content in sealed.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    done = subprocess.run(
        ["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert f"doit valoir {len(sealed) - 1}" in sealed["LISEZMOI.txt"].decode()


@pytest.mark.parametrize(
    "hostile", [b"", b"PK\x03\x04", b"not a zip at all", b"PK\x05\x06" + b"\0" * 18, bytes(range(256)) * 40]
)
def test_what_is_not_a_dossier_is_refused_with_a_reason(hostile: bytes) -> None:
    found: Verification = verify_zip(hostile)
    assert not found.ok
    assert found.reasons


@pytest.mark.parametrize(
    "name", ["../evil.txt", "/etc/passwd", "pieces/../../x", "a\\b", "C:/x", "pieces/", "é.txt", "-rf"]
)
def test_a_zip_with_a_name_that_escapes_is_refused(sealed: Members, name: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for each, content in [*sealed.items(), (name, b"x")]:
            archive.writestr(each, content)
    assert verify_zip(out.getvalue()).reasons == ("l'archive contient 1 nom(s) interdit(s)",)


def test_the_zip_on_disk_and_the_zip_in_memory_are_judged_alike(tmp_path: Path) -> None:
    made = build_dossier(sample()).zip_bytes
    path = tmp_path / "dossier.zip"
    path.write_bytes(made)
    assert verify_zip(path) == verify_zip(str(path)) == verify_zip(made)
    path.write_bytes(made[: len(made) // 2])
    assert not verify_zip(path).ok


def test_amounts_of_the_sample_add_up_by_hand() -> None:
    first = items()[0]
    assert (first.roundings[0].cents, first.payments[0].to_principal, first.principal) == (17999, 182001, 297999)
    assert amounts_of(items()).total == 1713682

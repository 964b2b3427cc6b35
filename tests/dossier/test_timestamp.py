"""RFC 3161 tokens of a local authority: a dossier that carries one is guaranteed without a witness."""

import io
import re
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

from recouvrement.dossier.build import build_dossier
from recouvrement.dossier.timestamp import token_moment
from recouvrement.dossier.types import Anchor, CaseFile
from recouvrement.dossier.verify import verify_zip
from tests.dossier.conftest import openssl
from tests.dossier.sample_case import sample


def token_of(authority: Path, sheet: bytes) -> bytes:
    (authority / "sheet").write_bytes(sheet)
    openssl(authority, "ts", "-query", "-data", "sheet", "-sha256", "-cert", "-out", "query")
    answer = ("-queryfile", "query", "-signer", "tsa.pem", "-inkey", "tsa.key", "-config", "settings", "-out", "answer")
    openssl(authority, "ts", "-reply", *answer)
    return (authority / "answer").read_bytes()


def stamped(authority: Path, *, of: bytes | None = None) -> CaseFile:
    """The sample with a token on its sixth sheet (on the bytes `of`, when given)."""
    anchors = list(sample().anchors)
    sheet = anchors[5].sheet
    anchors[5] = Anchor(anchors[5].on, sheet, token_of(authority, sheet if of is None else of))
    return replace(sample(), anchors=tuple(anchors))


def by_script(zip_bytes: bytes, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    with zipfile.ZipFile(io.BytesIO(zip_bytes)) as archive:
        archive.extractall(folder)
    return subprocess.run(["bash", "verify.sh", *arguments], cwd=folder, capture_output=True, text=True, check=False)


def test_a_token_guarantees_every_line_anchored_until_its_sheet(authority: Path, tmp_path: Path) -> None:
    made = build_dossier(stamped(authority)).zip_bytes
    root = authority / "root.pem"
    done = by_script(made, tmp_path, "", str(root))
    assert done.returncode == 0, done.stdout
    assert "Lignes 1 à 13 : inchangées depuis l'horodatage de ancres/ancre-2026-11-15.txt" in done.stdout
    found = verify_zip(made, authority=root)
    assert (found.ok, found.guaranteed_until) == (True, 13)
    assert not any("feuille témoin" in line for line in found.cannot_promise)


def test_a_token_is_told_with_its_date_since_anybody_may_have_a_rewritten_sheet_stamped_later(
    authority: Path, tmp_path: Path
) -> None:
    case = stamped(authority)
    token = case.anchors[5].token
    assert token is not None
    given = token_moment(token)
    assert re.fullmatch(r"[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4} GMT", given)
    made, root = build_dossier(case).zip_bytes, authority / "root.pem"
    said = by_script(made, tmp_path, "", str(root)).stdout
    assert f"l'horodatage de ancres/ancre-2026-11-15.txt, donné le {given}" in said
    assert "Un horodatage vaut à sa date" in said
    assert verify_zip(made, authority=root).proof == f"l'horodatage de ancre-2026-11-15.txt, donné le {given}"
    assert token_moment(b"not a token") == ""


def test_a_token_on_another_sheet_or_of_another_authority_is_refused(authority: Path, tmp_path: Path) -> None:
    root = authority / "root.pem"
    elsewhere = build_dossier(stamped(authority, of=b"une autre feuille\n")).zip_bytes
    assert "horodatage refusé" in by_script(elsewhere, tmp_path / "a", "", str(root)).stdout
    assert verify_zip(elsewhere, authority=root).reasons == ("ancres/ancre-2026-11-15.txt : horodatage refusé",)
    stranger = tmp_path / "autre.pem"
    openssl(tmp_path, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "k",
            "-out", "autre.pem", "-subj", "/CN=Autre")  # fmt: skip
    made = build_dossier(stamped(authority)).zip_bytes
    assert by_script(made, tmp_path / "b", "", str(stranger)).returncode == 1
    assert not verify_zip(made, authority=stranger).ok


def test_an_authority_without_any_token_proves_nothing_and_says_so(authority: Path, tmp_path: Path) -> None:
    made = build_dossier(sample()).zip_bytes
    root = authority / "root.pem"
    done = by_script(made, tmp_path, "", str(root))
    assert done.returncode == 1
    assert "rien de ce journal n'est ancré" in done.stdout
    assert not verify_zip(made, authority=root).ok

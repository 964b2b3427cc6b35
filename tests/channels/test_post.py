"""The print-and-post batch: whole or nothing, once, and a slip that is believed row by row."""

import csv
import io
import os
import subprocess
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from recouvrement.channels.deposit_slip import SlipProblem, read_slip
from recouvrement.channels.filled_sheets import RefusedRow
from recouvrement.channels.folder import Disk
from recouvrement.channels.post import COLUMNS, Batch, OtherLetters, Written, read_batch, write_batch
from recouvrement.channels.postal import LetterProblem, PostalLetter, PostalStatus, Posted, ProofKind
from recouvrement.channels.scans import ScanProblem, read_scans
from recouvrement.channels.sheets import Unreadable, read, written

DAY = date(2026, 3, 2)
NUMBERS = ("1E00232062142", "1A20000000015", "2C11111111119")


def pdf(pages: int = 1, mark: int = 0) -> bytes:
    """A small PDF of blank pages, told apart from others by its width."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=595 + mark, height=842)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def letter(number: int, **changes: object) -> PostalLetter:
    usual = {"key": f"K{number}", "case": f"DOS-{number}", "address": ("SARL DUPONT", "1 rue du Port", "44000 NANTES")}
    return PostalLetter(**(usual | {"pdf": pdf(number, number)} | changes))  # type: ignore[arg-type]


LETTERS = [letter(1), letter(2), letter(3)]


@pytest.fixture
def batch(tmp_path: Path) -> Batch:
    done = write_batch(tmp_path / "out", "lot1", DAY, LETTERS)
    assert isinstance(done, Written)
    return done.batch


def test_a_batch_is_a_folder_that_a_clerk_can_print_and_anyone_can_check(batch: Batch) -> None:
    assert batch.folder.name == "2026-03-02-lot1"
    names = sorted(path.name for path in batch.folder.iterdir())
    assert names == [
        *("001_DOS-1.pdf", "002_DOS-2.pdf", "003_DOS-3.pdf", "SHA256SUMS"),
        *("a-imprimer.pdf", "bordereau-depot.csv", "lot.json"),
    ]
    assert len(PdfReader(batch.folder / "a-imprimer.pdf").pages) == 6
    assert (batch.folder / "002_DOS-2.pdf").read_bytes() == LETTERS[1].pdf
    checked = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=batch.folder, capture_output=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_the_slip_opens_in_a_french_spreadsheet(batch: Batch) -> None:
    octets = (batch.folder / "bordereau-depot.csv").read_bytes()
    assert octets.startswith(b"\xef\xbb\xbflot;rang;cle;dossier;nature;l1;")
    rows = read(octets, COLUMNS)
    assert not isinstance(rows, Unreadable)
    assert [(row["rang"], row["cle"], row["l1"], row["pages"]) for row in rows][1] == ("2", "K2", "SARL DUPONT", "2")


def test_on_both_sides_every_letter_begins_on_a_new_sheet(tmp_path: Path) -> None:
    done = write_batch(tmp_path, "lot1", DAY, LETTERS, both_sides=True)
    assert isinstance(done, Written)
    widths = [page.mediabox.width for page in PdfReader(done.batch.folder / "a-imprimer.pdf").pages]
    assert [widths.index(595 + number) for number in (1, 2, 3)] == [0, 2, 4]


def test_the_same_batch_again_changes_nothing(batch: Batch) -> None:
    slip = batch.folder / "bordereau-depot.csv"
    slip.write_text("filled in by the clerk", encoding="utf-8")
    before = {path.name: path.stat().st_mtime_ns for path in batch.folder.iterdir()}
    again = write_batch(batch.folder.parent, "lot1", DAY, LETTERS)
    assert again == Written(batch, fresh=False, set_aside=())
    assert {path.name: path.stat().st_mtime_ns for path in batch.folder.iterdir()} == before


def test_another_batch_under_the_same_name_is_refused(batch: Batch) -> None:
    assert write_batch(batch.folder.parent, "lot1", DAY, [letter(1), letter(9)]) == OtherLetters(batch)
    assert read_batch(batch.folder) == batch


def test_a_bad_letter_is_set_aside_and_the_rest_goes(tmp_path: Path) -> None:
    bad = [
        letter(4, address=()),
        letter(5, address=("x",) * 7),
        letter(6, address=("x" * 39,)),
        letter(7, address=("SARL\nDUPONT",)),
        letter(8, pdf=b"%PDF-1.7 cut"),
        letter(9, pdf=b""),
        letter(10, key="same"),
        letter(11, key="same"),
    ]
    done = write_batch(tmp_path, "lot1", DAY, [*bad, letter(1)])
    assert isinstance(done, Written)
    assert [entry.key for entry in done.batch.entries] == ["K1"]
    assert [problem for _, problem in done.set_aside] == [
        LetterProblem.NO_ADDRESS,
        LetterProblem.TOO_MANY_LINES,
        LetterProblem.LINE_TOO_LONG,
        LetterProblem.CONTROL_IN_ADDRESS,
        LetterProblem.UNREADABLE_PDF,
        LetterProblem.UNREADABLE_PDF,
        LetterProblem.KEY_TWICE,
        LetterProblem.KEY_TWICE,
    ]


def test_nothing_to_post_makes_no_folder(tmp_path: Path) -> None:
    assert write_batch(tmp_path / "out", "lot1", DAY, []) is None
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("lot", ["", "../x", "a/b", "lot 1", "x" * 41])
def test_a_batch_name_cannot_leave_its_folder(tmp_path: Path, lot: str) -> None:
    with pytest.raises(ValueError, match="letters, digits and hyphens"):
        write_batch(tmp_path, lot, DAY, LETTERS)


def test_a_hostile_case_name_stays_in_the_folder_and_is_no_formula(tmp_path: Path) -> None:
    done = write_batch(tmp_path, "lot1", DAY, [letter(1, case="../../=cmd|' /C calc'!A0", address=("=HYPERLINK(1)",))])
    assert isinstance(done, Written)
    assert [path.name for path in done.batch.folder.glob("001*")] == ["001__cmd_C_calc_A0.pdf"]
    assert "'=HYPERLINK(1)" in (done.batch.folder / "bordereau-depot.csv").read_text(encoding="utf-8-sig").split(";")


class Stopping(Disk):
    """A disk that ends the process, as SIGKILL would, just before its n-th operation."""

    def __init__(self, after: int) -> None:
        self.left = after

    def _step(self) -> None:
        if self.left == 0:
            os._exit(9)
        self.left -= 1

    def make_folder(self, folder: Path) -> None:
        self._step()
        super().make_folder(folder)

    def write(self, path: Path, octets: bytes) -> None:
        self._step()
        path.write_bytes(octets[: len(octets) // 2])  # half of it, had the process died inside
        path.unlink()
        super().write(path, octets)

    def sync_folder(self, folder: Path) -> None:
        self._step()
        super().sync_folder(folder)

    def rename(self, old: Path, new: Path) -> None:
        self._step()
        super().rename(old, new)


def killed_after(operations: int, out: Path) -> bool:
    """Write the batch in a child process that dies before operation n; False when it got to the end."""
    child = os.fork()
    if child == 0:
        write_batch(out, "lot1", DAY, LETTERS, disk=Stopping(operations))
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def test_killed_between_any_two_file_operations_nothing_half_made_is_seen(tmp_path: Path) -> None:
    """Before the rename nothing visible, after it everything; and the next attempt ends with exactly one whole batch."""
    operations = 0
    while killed_after(operations, out := tmp_path / str(operations)):
        visible = [path for path in out.glob("*") if not path.name.startswith(".")] if out.exists() else []
        assert [path.name for path in visible] in ([], ["2026-03-02-lot1"])
        done = write_batch(out, "lot1", DAY, LETTERS)
        assert isinstance(done, Written)
        assert done.fresh is (visible == [])
        assert read_batch(done.batch.folder) == done.batch
        assert len(list(done.batch.folder.iterdir())) == 7
        assert not list(out.glob(".*")) or not done.fresh
        operations += 1
    assert operations == 12  # two folders, seven files, a sync, the rename, a sync


def test_two_at_once_publish_one(tmp_path: Path) -> None:
    class Overtaken(Disk):
        def rename(self, old: Path, new: Path) -> None:
            write_batch(tmp_path, "lot1", DAY, LETTERS)
            super().rename(old, new)

    done = write_batch(tmp_path, "lot1", DAY, LETTERS, disk=Overtaken())
    assert isinstance(done, Written)
    assert not done.fresh
    assert [path.name for path in tmp_path.iterdir()] == ["2026-03-02-lot1"]


def slip(batch: Batch, *filled: dict[str, str]) -> bytes:
    """The slip of a batch with cells filled in, row by row."""
    rows = read((batch.folder / "bordereau-depot.csv").read_bytes(), COLUMNS)
    assert not isinstance(rows, Unreadable)
    done = [dict(row.cells) | cells for row, cells in zip(rows, filled, strict=False)]
    return written(COLUMNS, [[cells[column] for column in COLUMNS] for cells in done])


def sent(number: str, day: str = "2026-03-03", **more: str) -> dict[str, str]:
    return {"numero_recommande": number, "date_depot": day} | more


ON = date(2026, 3, 20)


def test_a_filled_slip_gives_numbers_and_days(batch: Batch) -> None:
    octets = slip(batch, sent("1E00232062142"), sent("1a 200 000 000 15", "03/03/2026"), {})
    found = read_slip(octets, batch, {}, ON)
    assert found.taken == (
        Posted("K1", "DOS-1", "1E00232062142", date(2026, 3, 3)),
        Posted("K2", "DOS-2", "1A20000000015", date(2026, 3, 3)),
    )
    assert (found.refused, found.pending) == ((), ("K3",))
    assert (
        read_slip(octets, batch, {number: key for number, key in zip(NUMBERS, ("K1", "K2"), strict=False)}, ON) == found
    )


def test_outcomes_come_back_on_the_same_slip(batch: Batch) -> None:
    came = {"date_resultat": "12/03/2026"}
    octets = slip(
        batch,
        sent(NUMBERS[0], resultat="Distribué", **came),
        sent(NUMBERS[1], resultat="non-réclamé", **came),
        sent(NUMBERS[2], resultat="NPAI", **came),
    )
    outcomes = [posted.outcome for posted in read_slip(octets, batch, {}, ON).taken]
    assert outcomes == [PostalStatus.DELIVERED, PostalStatus.UNCLAIMED, PostalStatus.UNDELIVERABLE]


BAD_ROWS = {
    SlipProblem.NUMBER_MISSING: sent(""),
    SlipProblem.NUMBER_MALFORMED: sent("1,00E+05"),
    SlipProblem.NUMBER_OF_ANOTHER: sent("9Z99999999999"),
    SlipProblem.DAY_MISSING: sent(NUMBERS[0], ""),
    SlipProblem.DAY_MALFORMED: sent(NUMBERS[0], "31/02/2026"),
    SlipProblem.BEFORE_PRINT: sent(NUMBERS[0], "2026-03-01"),
    SlipProblem.IN_THE_FUTURE: sent(NUMBERS[0], "2026-03-21"),
    SlipProblem.OUTCOME_UNKNOWN: sent(NUMBERS[0], resultat="perdu", date_resultat="2026-03-05"),
    SlipProblem.OUTCOME_BEFORE_DEPOSIT: sent(NUMBERS[0], resultat="refuse", date_resultat="2026-03-02"),
    SlipProblem.SHA256_CHANGED: sent(NUMBERS[0], sha256="0" * 64),
    SlipProblem.OTHER_BATCH: sent(NUMBERS[0], cle="K99"),
}


@pytest.mark.parametrize("problem", BAD_ROWS)
def test_a_bad_row_is_refused_with_its_reason_and_the_rest_is_taken(batch: Batch, problem: SlipProblem) -> None:
    found = read_slip(slip(batch, BAD_ROWS[problem], sent(NUMBERS[1])), batch, {"9Z99999999999": "other"}, ON)
    assert [row.problem for row in found.refused] == [problem]
    assert [posted.key for posted in found.taken] == ["K2"]


def test_a_number_on_two_letters_is_refused_twice(batch: Batch) -> None:
    found = read_slip(slip(batch, sent(NUMBERS[0]), sent(NUMBERS[0]), sent(NUMBERS[2])), batch, {}, ON)
    assert found.refused == (
        RefusedRow(2, "K1", SlipProblem.NUMBER_TWICE),
        RefusedRow(3, "K2", SlipProblem.NUMBER_TWICE),
    )
    assert [posted.key for posted in found.taken] == ["K3"]


def test_a_number_once_recorded_does_not_change_by_itself(batch: Batch) -> None:
    found = read_slip(slip(batch, sent(NUMBERS[1])), batch, {NUMBERS[0]: "K1"}, ON)
    assert [row.problem for row in found.refused] == [SlipProblem.NUMBER_CHANGED]


def test_a_letter_replaced_in_the_folder_is_not_recorded_as_posted(batch: Batch) -> None:
    (batch.folder / "001_DOS-1.pdf").write_bytes(pdf(5))
    (batch.folder / "002_DOS-2.pdf").unlink()
    found = read_slip(slip(batch, *map(sent, NUMBERS)), batch, {}, ON)
    assert [row.problem for row in found.refused] == [SlipProblem.FILE_CHANGED] * 2
    assert [posted.key for posted in found.taken] == ["K3"]


def test_a_simple_letter_has_a_day_and_no_number(tmp_path: Path) -> None:
    done = write_batch(tmp_path, "lot1", DAY, [letter(1, registered=False), letter(2, registered=False)])
    assert isinstance(done, Written)
    found = read_slip(slip(done.batch, sent(""), sent(NUMBERS[1])), done.batch, {}, ON)
    assert found.taken == (Posted("K1", "DOS-1", None, date(2026, 3, 3)),)
    assert [row.problem for row in found.refused] == [SlipProblem.NUMBER_ON_SIMPLE_LETTER]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_a_slip_saved_by_any_spreadsheet_is_read(batch: Batch, encoding: str, mark: str) -> None:
    text = slip(batch, sent(NUMBERS[0], resultat="Distribué", date_resultat="2026-03-05")).decode("utf-8-sig")
    found = read_slip(text.replace(";", mark).encode(encoding), batch, {}, ON)
    assert [posted.outcome for posted in found.taken] == [PostalStatus.DELIVERED]


@pytest.mark.parametrize(
    ("octets", "problem"),
    [
        (b"", SlipProblem.COLUMNS_MISSING),
        (b"cle;sha256\r\nK1;0\r\n", SlipProblem.COLUMNS_MISSING),
        (b"PK\x03\x04\x00\x00\x00", SlipProblem.UNREADABLE),
    ],
)
def test_what_is_no_slip_is_refused_whole(batch: Batch, octets: bytes, problem: SlipProblem) -> None:
    found = read_slip(octets, batch, {}, ON)
    assert (found.taken, [row.problem for row in found.refused]) == ((), [problem])
    assert found.pending == ("K1", "K2", "K3")


@given(octets=st.binary(max_size=300))
def test_no_octets_break_the_reader_of_slips(octets: bytes) -> None:
    rows = read(octets, ("cle", "sha256"))
    assert isinstance(rows, Unreadable | tuple)


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20), min_size=1, max_size=5
    )
)
def test_no_cell_is_a_formula_and_every_cell_reads_back(values: list[str]) -> None:
    columns = [f"c{number}" for number in range(len(values))]
    octets = written(columns, [values])
    rows = read(octets, columns)
    assert not isinstance(rows, Unreadable)
    flat = [" ".join(value.split()) for value in values]
    for row in rows:
        assert [row[column] for column in columns] == flat
    cells = next(csv.reader(io.StringIO(octets.decode("utf-8-sig").partition("\r\n")[2], newline=""), delimiter=";"))
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝")) for cell in cells)


def test_scans_are_attached_by_their_number(tmp_path: Path) -> None:
    for name, octets in {
        "1e002 3206 2142.PDF": pdf(),
        "1E00232062142-depot.pdf": pdf(2),
        "9Z99999999999.pdf": pdf(),
        "photo.pdf": pdf(),
        "1A20000000015.pdf": pdf()[:100],
        ".DS_Store": b"",
    }.items():
        (tmp_path / name).write_bytes(octets)
    attached, refused = read_scans(tmp_path, {"1E00232062142": "K1", "1A20000000015": "K2"})
    assert {(scan.key, scan.kind) for scan in attached} == {
        ("K1", ProofKind.ACKNOWLEDGEMENT),
        ("K1", ProofKind.DEPOSIT),
    }
    assert {scan.file: scan.problem for scan in refused} == {
        "9Z99999999999.pdf": ScanProblem.NUMBER_UNKNOWN,
        "photo.pdf": ScanProblem.NAME_UNREADABLE,
        "1A20000000015.pdf": ScanProblem.NOT_A_PDF,
    }

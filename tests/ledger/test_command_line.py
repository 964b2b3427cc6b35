"""Every command under bad circumstances: one clear sentence, the right exit code, nothing written, never a traceback."""

import io
import subprocess
import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
import typer.main
from sqlalchemy import text

from recouvrement import cli
from recouvrement.cli.names import PARTS
from recouvrement.day.house import House
from tests.conftest import MakeHouse

GIVEN = {  # what a person might well type; nothing in the ledger has these names
    "amount": "10.00", "due": "2026-12-01", "until": "2026-12-20", "start": "2026-09-01", "end": "2026-09-02", "first": "2026-09-01",
    "last": "2026-09-30", "judgment": "2026-03-01", "instalment": "2026-12-01 10.00", "principal": "100.00", "date": "2026-01-01",
    "value": "2.15", "kind": "promise", "event": "kept", "reason": "mistake", "debtor": "X-99",
    "fact": "trustee",
}  # fmt: skip
OF_ITS_OWN = {"close-case": {"end": "paid"}, "person export": {"out": "new.zip"}}
# they need no ledger: law, texts, policies, files of their own
WITHOUT_A_LEDGER = {
    "init", "verify", "penalty", "lint-templates", "validate", "rates check", "rates add", "policy check", "policy show", "mapping guess",
}  # fmt: skip
# with no argument that could be unknown they just look, or do the day's work
NOTHING_TO_GET_WRONG = {
    "import", "match", "problems", "run", "send", "approvals", "go-live", "resume", "status", "to-correct", "accounts", "review", "doctor", "proofs",
    "report", "control", "cases", "missing", "waits", "withdrawals", "mailbox list", "evidence verify", "evidence anchor",
    "insolvency fetch", "backfill", "simulate-policy", "export",
}  # fmt: skip


def commands(command: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    inner = getattr(command, "commands", {})
    for word in inner:
        yield from commands(inner[word], f"{name} {word}".strip())
    if not inner:
        yield name, command


ALL = dict(commands(typer.main.get_command(cli.app)))


def typed(name: str, **instead: str) -> list[str]:
    """A command with what is required of it, as a person may type it."""
    words, instead = name.split(), OF_ITS_OWN.get(name, {}) | instead
    for one in ALL[name].params:
        if one.required:
            kind = one.type_descriptor.annotation
            choice = next(iter(kind)).value if isinstance(kind, type) and issubclass(kind, Enum) else None
            word = instead.get(one.name) or choice or GIVEN.get(one.name) or "X-99"
            words += (
                [word]
                if one.param_type_name == "argument"
                else ["--sent"]
                if one.name == "sent"
                else [one.opts[0], word]
            )
    return words


@pytest.fixture
def here(make_house: MakeHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """A house where the environment points, and a folder to work in with one file."""
    monkeypatch.setenv("RECOUVREMENT_HOME", str(tmp_path / "home"))
    (tmp_path / "X-99").write_text("x", "utf-8")
    monkeypatch.chdir(tmp_path)
    return make_house()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run the console script; its exit code and what it said."""

    def ran(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["recouvrement", *words])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
        capsys.readouterr()
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = capsys.readouterr()
        return code, out + err

    return ran


def acts(house: House) -> int:
    with house.ledger.reading() as connection:
        return int(connection.execute(text("SELECT count(*) FROM act")).scalar_one())


def test_without_a_ledger_every_command_says_so(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOUVREMENT_HOME", str(tmp_path / "nowhere"))
    (tmp_path / "X-99").write_text("x", "utf-8")
    monkeypatch.chdir(tmp_path)
    for name in sorted(set(ALL) - WITHOUT_A_LEDGER):
        code, said = run(*typed(name))
        assert (code, "no ledger in" in said, said.count("\n")) == (2, True, 1), (name, code, said)
    assert not (tmp_path / "nowhere").exists(), "only init makes one"


def test_what_is_not_in_the_ledger_is_refused_in_a_sentence_and_nothing_is_written(run: Any, here: House) -> None:
    before = acts(here)
    for name in sorted(set(ALL) - NOTHING_TO_GET_WRONG - WITHOUT_A_LEDGER):
        code, said = run(*typed(name))
        assert code in {1, 2}, (name, said)
        assert len(said.split()) > 2, (name, said)
        assert "Traceback" not in said
        assert acts(here) == before, name


@pytest.mark.parametrize(("option", "word", "code"), [("on", "31/12/2026", 2), ("operator", "nobody", 1)])
def test_a_wrong_day_and_an_unknown_operator_are_refused_by_every_command_that_takes_one(
    run: Any, here: House, option: str, word: str, code: int
) -> None:
    before, taken = acts(here), 0
    for name, command in ALL.items():
        if not any(one.name == option for one in command.params):
            continue
        found, said = run(*typed(name), f"--{option}", word)
        assert found == code, (name, found, said)
        assert ("is not a day" if option == "on" else "unknown operator code") in said, (name, said)
        taken += 1
    assert taken > 40
    assert acts(here) == before


@pytest.mark.parametrize("word", ["ten", "1.234,56", "nan", "--", "10.001"])
def test_what_is_no_amount_is_refused_by_every_command_that_takes_one(run: Any, here: House, word: str) -> None:
    before = acts(here)
    for name, command in ALL.items():
        if any(one.name == "amount" and one.required for one in command.params):
            found, said = run(*typed(name, amount=word))
            assert (found, acts(here)) == (2, before), (name, word, said)


def test_a_bad_setting_a_bad_database_and_a_folder_that_is_not_there_are_told(
    run: Any, here: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, said = run("person", "export", "X-99", "--out", str(tmp_path / "none" / "x.zip"))
    assert (code, "no debtor X-99" in said) == (1, True)
    code, said = run("report", "--out", str(here.settings.home / "recouvrement.db" / "x.html"))
    assert (code, said.count("\n")) == (2, 1), said
    monkeypatch.setenv("RECOUVREMENT_WORKERS", "two")
    code, said = run("status")
    assert (code, said.startswith("recouvrement: these settings cannot be used: RECOUVREMENT_WORKERS: ")) == (2, True)
    monkeypatch.delenv("RECOUVREMENT_WORKERS")
    for address in ("nonsense", "postgresql://someone:secret@127.0.0.1:1/x"):
        monkeypatch.setenv("RECOUVREMENT_DATABASE_URL", address)
        code, said = run("status")
        assert (code, "database does not answer" in said, "secret" in said) == (2, True, False)
    monkeypatch.delenv("RECOUVREMENT_DATABASE_URL")
    monkeypatch.setenv("RECOUVREMENT_HOME", str(tmp_path))
    (tmp_path / "recouvrement.db").write_text("no database", "utf-8")
    assert run("status")[0] == 2


def test_the_help_of_the_whole_is_told_from_names_alone() -> None:
    """It must not wait for pandas, SQLAlchemy and the rest of the house to be imported."""
    asked = "import sys; from recouvrement.cli import main; sys.argv[1:] = ['--help']\ntry: main()\nexcept SystemExit: pass\n"
    told = "print(*sorted({'pandas', 'pyarrow', 'sqlalchemy', 'alembic', 'recouvrement.day'} & set(sys.modules)), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", asked + told], capture_output=True, text=True, check=True, timeout=120)
    assert done.stderr.strip() == ""
    assert all(f" {name} " in done.stdout for name in cli.PART_OF)


def test_each_command_has_its_own_sentence_in_the_list_of_names() -> None:
    group: Any = typer.main.get_command(cli.app)
    for names in PARTS.values():
        for name, (_, sentence) in names.items():
            assert group.commands[name].help.split("\n")[0] == sentence, name

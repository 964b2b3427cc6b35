"""Every code by which an act can be refused is told in a sentence, and no sentence stands for nothing."""

import ast
from collections.abc import Iterator
from pathlib import Path

from recouvrement.day.refusals import CARRYING, REFUSALS, meaning

PROJECT = Path(__file__).resolve().parents[2]
FOLDERS = ("recouvrement/day", "recouvrement/ledger", "tasks", "flows")
REFUSE = {"Refusal", "NotUsable", "MayNotSend", "LiveRefused", "NothingToShow", "refused", "refuse_when"}
# functions that return the code of a refusal, or nothing
WHY_NOT = {
    ("approvals", "approve"), ("approvals", "refuse"), ("approving", "_settle"), ("reviewing", "_refusal"), ("answers", "_refusal"), ("answers", "_missing"),
    ("addresses", "problem"), ("addresses", "read_note"), ("hold_out", "_refused"), ("hold_out", "end_hold_out"),
    ("backfill", "not_past"), ("order", "may_run_live"),
}  # fmt: skip


def text_of(node: ast.expr | None) -> Iterator[str]:
    """The texts that an expression may be, its branches looked into."""
    if isinstance(node, ast.IfExp):
        yield from (*text_of(node.body), *text_of(node.orelse))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value


def codes_in(path: Path) -> Iterator[str]:
    """The codes that a module refuses by."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in REFUSE and node.args:
                yield from text_of(node.args[-1])
            for keyword in node.keywords:
                if keyword.arg == "refused":
                    yield from text_of(keyword.value)
        elif isinstance(node, ast.FunctionDef) and (path.stem, node.name) in WHY_NOT:
            for inner in ast.walk(node):
                if isinstance(inner, ast.Return):
                    yield from text_of(inner.value)


def written() -> set[str]:
    return {code for folder in FOLDERS for path in (PROJECT / folder).glob("*.py") for code in codes_in(path)}


def test_every_code_of_refusal_has_its_sentence() -> None:
    codes = written()
    assert len(codes) > 100, "the codes are found in the sources"
    assert sorted(codes - set(REFUSALS)) == []


def test_no_sentence_is_for_a_code_that_does_not_exist() -> None:
    sources = "\n".join(path.read_text("utf-8") for folder in ("recouvrement", "tasks", "flows")
                        for path in (PROJECT / folder).rglob("*.py") if path.stem != "refusals")  # fmt: skip
    assert [code for code in REFUSALS if f'"{code}"' not in sources] == []


def test_a_code_that_carries_a_word_is_told_with_it() -> None:
    assert meaning("a_party_status_holds_it") == "a party status of this debtor is still under way: end it first"
    assert meaning("not_waiting+posting_day_passed").count(";") == 1
    assert all("{}" in told for _, _, told in CARRYING)

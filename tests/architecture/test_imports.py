"""Who imports whom: the contracts of pyproject.toml, and a domain that needs nothing but Python."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "recouvrement"
CLOCK = {"today", "now", "utcnow", "time", "monotonic", "localtime", "gmtime"}
WHOLE_DOMAIN = """
import importlib, pkgutil, sys, recouvrement.domain as domain
for module in pkgutil.walk_packages(domain.__path__, "recouvrement.domain."):
    importlib.import_module(module.name)
print("\\n".join(sorted({name.split(".")[0] for name in sys.modules})))
"""


def modules(folder: Path = PACKAGE) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def test_the_import_contracts_hold() -> None:
    found = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports"))], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert found.returncode == 0, found.stdout[-3000:]
    assert "0 broken" in found.stdout


def test_the_domain_imports_the_standard_library_only() -> None:
    bare = {
        n.split(".")[0]
        for n in subprocess.check_output(
            [sys.executable, "-c", "import sys; print('\\n'.join(sys.modules))"], cwd=ROOT, text=True
        ).split()
    }
    loaded = set(subprocess.check_output([sys.executable, "-c", WHOLE_DOMAIN], cwd=ROOT, text=True).split())

    assert loaded - bare - set(sys.stdlib_module_names) - {"recouvrement"} == set()


def reads_the_clock(tree: ast.AST) -> list[int]:
    """Lines that call today(), now(), time() of date, datetime or time, under whatever name these were imported."""
    names = {"date", "datetime", "time", "dt"}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in {"datetime", "time"}:
            names |= {a.asname or a.name for a in node.names}
        elif isinstance(node, ast.Import):
            names |= {a.asname for a in node.names if a.asname and a.name in {"datetime", "time"}}
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    found = [f.lineno for f in calls if isinstance(f, ast.Attribute) and f.attr in CLOCK and _owner(f.value) in names]
    return found + [
        f.lineno
        for f in calls
        if isinstance(f, ast.Name) and f.id in {"monotonic", "perf_counter", "localtime", "gmtime"}
    ]


def _owner(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


@pytest.mark.parametrize("folder", ["recouvrement", "flows", "tasks"])
def test_only_the_clock_reads_the_clock(folder: str) -> None:
    found = {
        str(path.relative_to(ROOT)): lines
        for path in modules(ROOT / folder)
        if path != PACKAGE / "clock.py" and (lines := reads_the_clock(ast.parse(path.read_text(encoding="utf-8"))))
    }

    assert found == {}


def test_the_clock_test_sees_a_reading() -> None:
    assert reads_the_clock(ast.parse("from datetime import date as d\nd.today()")) == [2]
    assert reads_the_clock(ast.parse("import datetime as dt\ndt.datetime.now(dt.UTC)")) == [2]
    assert reads_the_clock(ast.parse("def f(on):\n    return on.today")) == []


@pytest.mark.parametrize(
    "part", ["domain", "policy", "ledger", "intake", "matching", "letters", "channels", "dossier", "day"]
)
def test_every_public_function_says_what_it_does(part: str) -> None:
    silent = []
    for path in modules(PACKAGE / part):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), path
        silent += [
            f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
            for node in public(tree)
            if not ast.get_docstring(node)
        ]

    assert silent == []


def public(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Functions of the module and methods of its classes whose name has no underscore before it."""
    classes = [n for n in tree.body if isinstance(n, ast.ClassDef) and not n.name.startswith("_")]
    nodes = [n for body in (tree.body, *(c.body for c in classes)) for n in body]
    return [
        n
        for n in nodes
        if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) and not n.name.startswith("_") and not _overload(n)
    ]


def _overload(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any("overload" in ast.unparse(d) or "validator" in ast.unparse(d) for d in node.decorator_list)

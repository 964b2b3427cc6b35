"""What a dossier says to other software: `case.json`, described by the published schema `docs/case.schema.json`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, is_dataclass
from datetime import UTC, date
from enum import Enum
from fractions import Fraction

from recouvrement.domain.journal import GENESIS, digest
from recouvrement.dossier.documents import exhibit_numbers
from recouvrement.dossier.types import CaseFile, EventRow, NumberedExhibit

SCHEMA = "recouvrement/case/1"


def case_json(case: CaseFile, numbering: Sequence[NumberedExhibit]) -> bytes:
    """The case as JSON: cents as whole numbers, days as ISO 8601, exact fractions as "numerator/denominator"."""
    numbers = exhibit_numbers(case, numbering)
    record = {
        "schema": SCHEMA,
        "case_code": case.case_code,
        "version": case.version,
        "cut_on": case.cut_on,
        "moment": case.moment.astimezone(UTC).isoformat(),
        "statements_until": case.statements_until,
        "limitation_on": case.limitation_on,
        "creditor": asdict(case.creditor),
        "debtor": asdict(case.debtor),
        "amounts": asdict(case.amounts) | {"total": case.amounts.total},
        "items": [asdict(item) for item in case.items],
        "exhibits": [_exhibit(row) for row in numbering],
        "events": [_event(event, numbers) for event in case.events],
        "missing": [asdict(piece) for piece in case.missing],
        "routes": [dict(route) for route in case.routes],
        "facts": dict(case.facts),
        "journal": {
            "lines": len(case.journal_lines),
            "head": digest(case.journal_lines[-1]) if case.journal_lines else GENESIS,
        },
    }
    return (json.dumps(_plain(record), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _event(event: EventRow, numbers: Mapping[str, int]) -> dict[str, object]:
    shown = sorted({numbers[reference] for reference in event.exhibits})
    return {"on": event.on, "what": event.what, "detail": event.detail, "exhibits": shown}


def _exhibit(row: NumberedExhibit) -> dict[str, object]:
    record = {field.name: getattr(row, field.name) for field in fields(row)}
    record["annexes"] = [{"label": label, "member": name, "sha256": sha} for label, name, sha in row.annexes]
    return record


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if is_dataclass(value) or not (value is None or isinstance(value, str | int)):
        raise TypeError(f"case.json cannot hold {type(value).__name__}")
    return value

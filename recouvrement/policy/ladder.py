"""A policy file (TOML) into the frozen value that the rules read: merged with what it extends, validated as a whole."""

import tomllib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from recouvrement.domain.money import cents
from recouvrement.domain.policy import Policy
from recouvrement.policy.faults import faults_of
from recouvrement.policy.ladder_text import WEEKDAYS, PolicyText, StepText
from recouvrement.policy.money_rules import money_rules

DEEPEST = 4
EXTENDED_BY = b"\n# ---- extended by: "


class PolicyRefused(Exception):
    """A policy that cannot be used; the text says where and why."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a policy was read from: the text of all it extends, then its own; its SHA-256 names the version."""

    text: bytes
    tables: dict[str, Any]


def load_policy(file: Path) -> Policy:
    """Read and validate a policy; raise PolicyRefused with every fault found."""
    return policy_of(file, policy_source(file))


def policy_source(file: Path, depth: int = 0) -> Source:
    """A policy's text and tables, `extends` merged in; raise PolicyRefused when it cannot be read."""
    try:
        own = file.read_bytes()
        tables: dict[str, Any] = tomllib.loads(own.decode())
    except UnicodeDecodeError as error:
        raise PolicyRefused(f"{file.name}: save it as UTF-8; octet {error.start + 1} is of another encoding") from error
    except (tomllib.TOMLDecodeError, RecursionError, OSError) as error:
        raise PolicyRefused(f"{file.name}: {error}") from error
    parent = tables.pop("extends", None)
    if parent is None:
        if "without" in tables:
            raise PolicyRefused(f"{file.name}: without: nothing is extended, so there is nothing to leave out")
        return Source(own, tables)
    if not isinstance(parent, str) or "/" in parent or "\\" in parent or depth >= DEEPEST:
        raise PolicyRefused(f"{file.name}: extends: {parent!r} is not a policy beside it")
    base = policy_source(file.with_name(f"{parent}.toml"), depth + 1)
    return Source(base.text + EXTENDED_BY + file.name.encode() + b"\n" + own, _merged(base.tables, tables, file.name))


def policy_kept(text: bytes) -> Policy:
    """The policy of a text that the ledger kept, `extends` and all; raise PolicyRefused when it is none of this release."""
    source = source_kept(text)
    return policy_of(Path(f"{source.tables.get('name', '')}.toml"), source)


def source_kept(text: bytes) -> Source:
    """What a kept text says, whatever release it was of; raise PolicyRefused when it cannot be read."""
    first, *extending = text.split(EXTENDED_BY)
    try:
        tables: dict[str, Any] = tomllib.loads(first.decode())
        for part in extending:
            name, _, own = part.decode().partition("\n")
            told = tomllib.loads(own)
            del told["extends"]
            tables = _merged(tables, told, name)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError) as error:
        raise PolicyRefused(f"kept policy: {error}") from error
    return Source(text, tables)


def _merged(base: dict[str, Any], own: dict[str, Any], name: str) -> dict[str, Any]:
    """Own values over those extended; steps by code, in the order of their offsets; `without` leaves steps out."""
    left_out, changed = own.pop("without", []), own.pop("step", [])
    if not (_all(left_out, str) and _all(changed, dict) and all("code" in step for step in changed)):
        raise PolicyRefused(f"{name}: `without` is a list of step codes, and every [[step]] has a code")
    known = {step["code"]: step for step in base.get("step", [])}
    if absent := [code for code in left_out if code not in known]:
        raise PolicyRefused(f"{name}: without: no step {', '.join(absent)} in what it extends")
    steps = {code: step for code, step in known.items() if code not in left_out}
    for step in changed:
        steps[step["code"]] = {**steps.get(step["code"], {}), **step}
    tables = {key: {**base.get(key, {}), **value} if isinstance(value, dict) else value for key, value in own.items()}
    ordered = sorted(
        steps.values(), key=lambda step: step.get("offset", 0) if isinstance(step.get("offset"), int) else 0
    )
    return {**_without_skips(base, left_out), **tables, "step": ordered}


def _without_skips(base: dict[str, Any], left_out: list[str]) -> dict[str, Any]:
    """What is extended, its causes no longer skipping steps that are left out anyway."""
    causes = {
        code: {key: [c for c in value if c not in left_out] if key == "skip" else value for key, value in table.items()}
        for code, table in base.get("cause", {}).items()
    }
    return {**base, **({"cause": causes} if causes else {})}


def _all(values: object, kind: type) -> bool:
    return isinstance(values, list) and all(isinstance(value, kind) for value in values)


def policy_of(file: Path, source: Source) -> Policy:
    """The policy of a source; raise PolicyRefused with every fault found."""
    try:
        written = PolicyText.model_validate(source.tables)
        if written.name != file.stem:
            raise PolicyRefused(f"{file.name}: its name is {written.name!r}, not that of its file")
        plain = written.model_dump(
            exclude={"step", "minimum", "buckets", "sending_weekdays", "sending_hours", "august_pause", "closed_periods", "cause",
                     "account_difference_limit", "write_off", "matching"}
        )  # fmt: skip
        return Policy(
            **plain,
            sha256=sha256(source.text).hexdigest(),
            steps=tuple(step.built() for step in written.step),
            minimum_cents={code: cents(amount) for code, amount in written.minimum.items()},
            due_soon=written.buckets.due_soon,
            edges=written.buckets.edges,
            sending_weekdays=tuple(WEEKDAYS.index(day) for day in written.sending_weekdays),
            sending_hours=written.hours,
            closed_periods=written.periods,
            money=money_rules(written.account_difference_limit, written.write_off, written.matching),
            causes={cause.value: text.built() for cause, text in written.cause.items()},
        )
    except ValidationError as error:
        raise PolicyRefused(f"{file.name}: {faults_of(error, source.tables, PolicyText, StepText)}") from error
    except (ValueError, ArithmeticError) as error:  # an amount that is none
        raise PolicyRefused(f"{file.name}: {error}") from error

"""All the policies of a firm: its own, those that customers may have, and the rules that choose between them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from recouvrement.domain.money import cents
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.policy import Policy
from recouvrement.domain.policy_choice import ChoiceRule
from recouvrement.policy.faults import faults_of
from recouvrement.policy.ladder import PolicyRefused, policy_of, policy_source

CHOICE = "choice.toml"


@dataclass(frozen=True, slots=True)
class Policies:
    """Policies by name, the exact text of each by its SHA-256, the rules in order, and the manifest that names them all."""

    default: Policy
    by_name: Mapping[str, Policy]
    rules: tuple[ChoiceRule, ...]
    texts: Mapping[str, bytes]

    @property
    def manifest(self) -> bytes:
        """What a run keeps: name and SHA-256 of each policy, the default first, then the text of the rules."""
        names = [self.default.name, *sorted(name for name in self.by_name if name != self.default.name)]
        lines = "".join(f"# {name} {self.by_name[name].sha256}\n" for name in names)
        return lines.encode() + self.texts[CHOICE]

    @property
    def sha256(self) -> str:
        """The name of the manifest: it changes when any policy or rule does."""
        return sha256(self.manifest).hexdigest()

    def of_sha256(self, digest: str) -> Policy:
        """The policy of a version that is loaded, else the default (an older version: its limits are the firm's now)."""
        return next((policy for policy in self.by_name.values() if policy.sha256 == digest), self.default)


class _RulesText(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: tuple["_RuleText", ...] = ()


class _RuleText(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    policy: str
    kinds: tuple[DebtorKind, ...] = ()
    most_invoices: int | None = None
    least_paid_late: int | None = None
    committed: bool | None = None
    below: dict[str, str] = {}
    above: dict[str, str] = {}

    def built(self) -> ChoiceRule:
        plain = self.model_dump(exclude={"kinds", "below", "above"})
        if not any(value not in (None, (), {}) for name, value in self.model_dump().items() if name != "policy"):
            raise ValueError(f"the rule for {self.policy} states no condition")
        return ChoiceRule(
            **plain,
            kinds=frozenset(self.kinds),
            below={code: cents(amount) for code, amount in self.below.items()},
            above={code: cents(amount) for code, amount in self.above.items()},
        )


def load_policies(folder: Path, default: str) -> Policies:
    """Every policy of a folder and its `choice.toml`; raise PolicyRefused with the file and the fault."""
    by_name, texts = {}, {CHOICE: b""}
    for file in sorted(folder.glob("*.toml")):
        if file.name != CHOICE:
            source = policy_source(file)
            by_name[file.stem] = policy = policy_of(file, source)
            texts[policy.sha256] = source.text
    if default not in by_name:
        raise PolicyRefused(f"{default}.toml: no such policy in {folder}")
    rules: tuple[ChoiceRule, ...] = ()
    if (folder / CHOICE).is_file():
        texts[CHOICE] = (folder / CHOICE).read_bytes()
        rules = _rules(texts[CHOICE], by_name)
    return Policies(by_name[default], by_name, rules, texts)


def _rules(text: bytes, known: Mapping[str, Policy]) -> tuple[ChoiceRule, ...]:
    tables: dict[str, Any] = {}
    try:
        tables = tomllib.loads(text.decode())
        rules = tuple(rule.built() for rule in _RulesText.model_validate(tables).rule)
    except ValidationError as error:
        raise PolicyRefused(f"{CHOICE}: {faults_of(error, tables, _RulesText, _RuleText)}") from error
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise PolicyRefused(f"{CHOICE}: {error}") from error
    if absent := sorted({rule.policy for rule in rules} - set(known)):
        raise PolicyRefused(f"{CHOICE}: no policy {', '.join(absent)}")
    return rules

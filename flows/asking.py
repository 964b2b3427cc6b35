"""What every form does before and after its act: who asks, in which house, and what is shown of the outcome."""

from collections.abc import Mapping
from datetime import date

from prefect import State
from prefect.artifacts import create_markdown_artifact

from flows.choices import FlowSettings
from flows.opening import opened
from flows.verdicts import done, refused
from recouvrement.day.acts_base import Done
from recouvrement.day.house import House
from recouvrement.day.operators import checked_operator


def asked(operator: str, role: str, on: date) -> House:
    """The house, when that operator has the role; NotAllowed or NoLedger otherwise."""
    checked_operator(FlowSettings(), operator, role=role)
    return opened(on)


def told(act: str, outcome: Done, facts: Mapping[str, object], *, undo: str) -> State:
    """The state of a form, with an artifact that shows what changed (codes, days, amounts) and how to undo it."""
    if outcome.refused:
        return refused(outcome.refused)
    rows = "\n".join(f"| {name} | {value} |" for name, value in facts.items())
    text = f"# {act}\n\n| Recorded | `{outcome.id}` |\n| --- | --- |\n{rows}\n\n**To undo:** {undo}."
    create_markdown_artifact(text, key="act-recorded", description=act)
    return done(f"{act}: recorded.")

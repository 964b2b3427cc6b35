"""The command that checks a policy: `recouvrement policy check FILE`."""

from pathlib import Path

import typer

from recouvrement.cli.files import Json
from recouvrement.cli.printing import Refused, answer
from recouvrement.day.house import usable_policy
from recouvrement.policy.ladder import PolicyRefused
from recouvrement.policy.law import load_law
from recouvrement.settings import Settings

policy_app = typer.Typer(no_args_is_help=True, help="Policies.")


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(policy_app, name="policy")


@policy_app.command()
def check(file: Path, as_json: Json = False) -> None:
    """Validate a policy as a whole, with its templates and their wording, and print its ladder as a calendar."""
    if not file.is_file():
        raise Refused(f"no such file: {file}", 2)
    settings = Settings()
    try:
        policy = usable_policy(settings, file, load_law(settings.data))
    except PolicyRefused as error:
        raise Refused(str(error)) from error
    rows = [
        {
            "step": step.code,
            "stage": step.stage.value,
            "offset_days": step.offset,
            "gap_days": step.gap,
            "channels": [channel.value for channel in step.channels],
            "needs_approval": step.needs_approval,
            "documents": list(step.documents),
        }
        for step in policy.steps
    ]
    lines = [
        f"{step.offset:+4d} d  {step.code:<18} {step.stage.value:<14} {', '.join(step.channels) or 'a person'}"
        + (" · approval" if step.needs_approval else "")
        + (f" · needs {', '.join(step.documents)}" if step.documents else "")
        for step in policy.steps
    ]
    head = {"policy": policy.name, "sha256": policy.sha256, "steps": rows}
    answer(head, as_json=as_json, lines=[f"{policy.name} ({policy.sha256[:12]})", *lines])


@policy_app.command()
def show(as_json: Json = False) -> None:
    """Print the policy in force."""
    settings = Settings()
    check(settings.data / "policies" / f"{settings.policy}.toml", as_json)

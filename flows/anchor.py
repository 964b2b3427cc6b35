"""The nightly anchor sheet: what makes yesterday's evidence hard to rewrite."""

from prefect import State
from prefect.artifacts import create_markdown_artifact

from flows.opening import opened
from flows.parameters import OptionalDay, day_of
from flows.verdicts import done, house_flow, refused
from tasks.evidence import anchor_the_day


@house_flow("anchor-evidence")
def anchor_evidence(on: OptionalDay = "") -> State:
    """Put the heads of the journals that moved on one sheet, linked to the sheet before; once a day.

    Keep the sheet somewhere else (a lawyer, an accountant, a time-stamping authority): with it nobody can rewrite what
    happened before, not even us. The file is `out/anchors/ancre-<day>.txt`.

    Args:
        on: The day of the sheet, like 2026-11-20; today in Paris when left empty. Sheets only go forward.
    """
    day = day_of(on)
    opened(day)
    made = anchor_the_day(day)
    if made.refused:
        return refused(made.refused)
    told = f"# Anchor sheet of {day}\n\n{made.chains} journals stand on it.\n\nSHA-256 `{made.sha256}`"
    create_markdown_artifact(told, key="anchor-sheet", description=f"Anchor sheet of {day}")
    return done(f"{made.chains} journals anchored, sheet {made.sha256[:16]}{'' if made.made else ' (made before)'}.")

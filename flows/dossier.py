"""A dossier on demand."""

from prefect import State
from prefect.artifacts import create_markdown_artifact

from flows.asking import asked
from flows.parameters import CODE, Operator, OptionalDay, Subject, day_of, matching
from flows.verdicts import done, house_flow, refused
from tasks.evidence import seal_the_dossier


@house_flow("build-dossier")
def build_dossier(debtor: Subject, operator: Operator = "owner", on: OptionalDay = "") -> State:
    """Make the next version of a debtor's dossier: the sealed ZIP that a bailiff or an agency can check alone.

    It is written to `out/dossiers` and kept in the ledger; earlier versions stay. Nothing is sent to anybody.

    Args:
        debtor: The debtor's code.
        operator: Your operator code.
        on: The day of the dossier, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "record", day)
    made = seal_the_dossier(matching(CODE, debtor, "debtor"), day, operator)
    if made["refused"]:
        return refused(str(made["refused"]))
    name = f"{made['case']}-v{made['version']}.zip"
    told = f"# Dossier `{name}`\n\nIn `out/dossiers` of the house. SHA-256 of its manifest: `{made['manifest']}`"
    create_markdown_artifact(told, key="dossier", description=f"Dossier of {day}")
    return done(f"Dossier version {made['version']} made.")

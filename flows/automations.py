"""What the server does by itself: it tells the operator of a failure, of silence, and of files set aside; safe to repeat."""

from datetime import timedelta
from uuid import UUID

from prefect.automations import AutomationCore
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.events.actions import RunDeployment
from prefect.events.schemas.automations import EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification

TELLING = "tell-operator/tell-operator"
# tell-operator itself is in none of these: a word that fails must not call for another word
SCHEDULED = ["daily-recovery", "watch-inbox", "anchor-evidence", "drain-outbox", "mailbox", "weekly-report"]
ENDED_BADLY = {"Failed", "Crashed", "TimedOut", "Broke", "Refused", "Paused", "NoLedger", "Cancelled"}
ENDED_WELL = {"Completed", "Partial", "Holiday"}
SILENCE = timedelta(hours=26)


def _of(deployments: list[str]) -> ResourceSpecification:
    return ResourceSpecification({"prefect.resource.role": "deployment", "prefect.resource.name": deployments})


def _when(states: set[str], deployments: list[str]) -> EventTrigger:
    """When a run of those deployments ends in one of those states (an event has the name of its state)."""
    return EventTrigger(
        expect={f"prefect.flow-run.{state}" for state in states},
        match_related=_of(deployments),
        posture=Posture.Reactive,
        threshold=1,
    )


def _silence(deployments: list[str]) -> EventTrigger:
    """When none of those deployments ended well for a day and two hours: the night's sheet is made every day."""
    return EventTrigger(
        expect={f"prefect.flow-run.{state}" for state in ENDED_WELL},
        match_related=_of(deployments),
        posture=Posture.Proactive,
        threshold=1,
        within=SILENCE,
    )


def automations(telling: UUID) -> list[AutomationCore]:
    """The three of the house; each runs `tell-operator`, whose deployment has that id."""

    def tell(what: str) -> list[RunDeployment]:
        return [RunDeployment(source="selected", deployment_id=telling, parameters={"what": what})]

    return [
        AutomationCore(
            name="a run failed",
            description="Mails the operator when a scheduled run fails, is refused or finds the house paused.",
            trigger=_when(ENDED_BADLY, SCHEDULED),
            actions=tell("run_failed"),
        ),
        AutomationCore(
            name="nothing ran since yesterday",
            description="Mails the operator when no scheduled run has ended well for 26 hours.",
            trigger=_silence(SCHEDULED),
            actions=tell("nothing_ran"),
        ),
        AutomationCore(
            name="files were set aside",
            description="Mails the operator when the drop folder held files that could not be read.",
            trigger=_when({"Partial"}, ["watch-inbox"]),
            actions=tell("files_set_aside"),
        ),
    ]


def ensure_automations() -> None:
    """Create or update each automation by its name; a second copy of one is deleted."""
    with get_client(sync_client=True) as client:
        telling = client.read_deployment_by_name(TELLING).id
        for wanted in automations(telling):
            _ensure(client, wanted)


def _ensure(client: SyncPrefectClient, wanted: AutomationCore) -> None:
    found = client.read_automations_by_name(wanted.name)
    if not found:
        client.create_automation(wanted)
        return
    client.update_automation(found[0].id, wanted)
    for copy in found[1:]:
        client.delete_automation(copy.id)

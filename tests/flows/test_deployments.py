"""Every deployment of prefect.yaml loads, validates and is described; nothing in it belongs to one machine."""

import importlib
import inspect
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from cronsim import CronSim
from prefect import Flow, State
from prefect.utilities.callables import parameter_schema
from prefect.utilities.schema_tools import is_valid_schema, validate

from flows.parameters import title_of
from recouvrement.clock import now

PROJECT = Path(__file__).resolve().parents[2]
TEXT = (PROJECT / "prefect.yaml").read_text("utf-8")
DEPLOYMENTS: list[dict[str, Any]] = yaml.safe_load(TEXT)["deployments"]
NAMES = [deployment["name"] for deployment in DEPLOYMENTS]


def flow_of(deployment: dict[str, Any]) -> Flow[Any, State]:
    """The flow that an entrypoint names."""
    module, _, name = deployment["entrypoint"].rpartition(".")
    found = getattr(importlib.import_module(module), name)
    assert isinstance(found, Flow)
    return found


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=NAMES)
def test_its_entrypoint_its_parameters_and_its_pool_hold(deployment: dict[str, Any]) -> None:
    flow = flow_of(deployment)
    assert flow.name == deployment["name"]
    schema = flow.parameters.model_dump()
    is_valid_schema(schema)
    assert validate(deployment.get("parameters", {}), schema, raise_on_error=False, ignore_required=True) == []
    assert deployment["enforce_parameter_schema"] is True
    assert deployment["work_pool"]["name"] == "recouvrement"
    assert deployment["work_pool"]["job_variables"]["env"]["RECOUVREMENT_HOME"] == "{{ $RECOUVREMENT_HOME }}"
    assert deployment["work_pool"]["job_variables"]["working_dir"] == "{{ $RECOUVREMENT_PROJECT }}"


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=NAMES)
def test_its_flow_ends_explicitly_and_a_manager_can_read_what_it_does(deployment: dict[str, Any]) -> None:
    flow = flow_of(deployment)
    assert inspect.signature(flow.fn).return_annotation is State
    assert len(flow.description or "") > 80
    assert len(deployment["description"]) > 25
    for name, shown in parameter_schema(flow).properties.items():  # what `prefect deploy` puts on the server
        assert shown.get("description"), f"{name} has no words in the form"
        assert shown["title"] == title_of(flow.name, name)
        assert shown["title"] != name, f"{name} has no title of its own"
    assert f"`{flow.name}`" in (PROJECT / "docs" / "operations.md").read_text("utf-8")


SUBJECTS = {"letters", "said", "money", "debtor", "case", "firm"}


def test_forms_are_found_by_their_subject() -> None:
    forms = [d for d in DEPLOYMENTS if "form" in d["tags"]]
    assert len(forms) > 50
    for one in forms:
        assert len(SUBJECTS & set(one["tags"])) == 1, one["name"]
    for page in ("guide.en.md", "guide.fr.md"):
        told = (PROJECT / "docs" / page).read_text("utf-8")
        assert {subject for subject in SUBJECTS if f"`{subject}`" in told} == SUBJECTS, page


def test_schedules_are_of_paris_named_once_and_fall_where_they_should() -> None:
    schedules = [(d["name"], s) for d in DEPLOYMENTS for s in d.get("schedules", [])]
    assert {name for name, _ in schedules} == {
        "daily-recovery",
        "watch-inbox",
        "drain-outbox",
        "anchor-evidence",
        "mailbox",
        "weekly-report",
    }
    assert len({(name, s["slug"]) for name, s in schedules}) == len(schedules)
    assert {s["timezone"] for _, s in schedules} == {"Europe/Paris"}
    paris = now().astimezone(ZoneInfo("Europe/Paris"))
    for name, schedule in schedules:
        coming = next(CronSim(schedule["cron"], paris))
        if name == "daily-recovery":
            assert (coming.hour, coming.minute, coming.weekday() < 5) == (8, 30, True)


def test_the_daily_schedule_starts_in_rehearsal() -> None:
    daily = next(d for d in DEPLOYMENTS if d["name"] == "daily-recovery")
    assert daily["parameters"] == {"mode": "rehearse"}, "by hand"
    assert [one["parameters"] for one in daily["schedules"]] == [{"mode": "agreed"}], (
        "whatever was set in the UI before"
    )


def test_nothing_of_one_machine_and_no_secret_stands_in_it() -> None:
    for word in ("/home/", "/work/", "/root/", "/tmp/", "password", "localhost:", "4200"):
        assert word not in TEXT


BAD = [
    ("record-promise", {"due": "nope"}),
    ("record-promise", {"due": "31/12/2026"}),
    ("record-promise", {"amount": "abc"}),
    ("record-promise", {"amount": "-5"}),
    ("record-promise", {"subject": "jean.dupont@particulier.example"}),
    ("record-dispute", {"category": "mood"}),
    ("record-hold", {"reason": "Because I say so"}),
    ("approve-notices", {"contacts": []}),
    ("approve-notices", {"contacts": ["nope"]}),
    ("settle-unknown", {"left": "maybe"}),
    ("daily-recovery", {"mode": "reel"}),
    ("daily-recovery", {"on": "tomorrow"}),
    ("backfill", {"start": "2026-13-01"}),
    ("waive-step", {"step": "seventh_reminder"}),
    ("end-fact", {"event": "because"}),
    ("choose-route", {"route": "the_moon"}),
]


@pytest.mark.parametrize(("name", "typed"), BAD, ids=[f"{name}-{typed}" for name, typed in BAD])
def test_what_cannot_be_is_refused_before_a_run_exists(name: str, typed: dict[str, Any]) -> None:
    schema = flow_of(next(d for d in DEPLOYMENTS if d["name"] == name)).parameters.model_dump()
    with pytest.raises(Exception, match="Validation failed"):
        validate(typed, schema, raise_on_error=True, ignore_required=True)

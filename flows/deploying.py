"""Putting the deployments of `prefect.yaml` on a server: `python -m flows.deploying`, safe to repeat."""

import os
import subprocess
import sys

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.exceptions import ObjectAlreadyExists

from flows.automations import ensure_automations
from recouvrement.settings import PROJECT, Settings

POOL = "recouvrement"


def create_pool() -> None:
    """Create the process work pool when there is none."""
    with get_client(sync_client=True) as client:
        try:
            client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
        except ObjectAlreadyExists:
            return


def deployment_environment() -> dict[str, str]:
    """What `prefect.yaml` asks for: the project and the home as absolute paths, whatever the shell said."""
    return {**os.environ, "RECOUVREMENT_PROJECT": str(PROJECT), "RECOUVREMENT_HOME": str(Settings().home)}


def deploy_all() -> None:
    """Create or update every deployment; when one is refused, print Prefect's own words and raise CalledProcessError."""
    command = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all", "--prefect-file", "prefect.yaml"]
    done = subprocess.run(
        command, cwd=PROJECT, env=deployment_environment(), check=False, capture_output=True, text=True, timeout=300
    )
    if done.returncode:
        print(done.stdout[-2000:], done.stderr[-2000:], file=sys.stderr)
        done.check_returncode()


if __name__ == "__main__":
    create_pool()
    deploy_all()
    ensure_automations()
    print("Every deployment of prefect.yaml is on the server, and the automations that tell the operator.")

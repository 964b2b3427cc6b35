"""Putting the deployments of `prefect.yaml` on a server: `python -m flows.deploying`, safe to repeat."""

import os
import subprocess
import sys

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.exceptions import ObjectAlreadyExists

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
    """Create or update every deployment; raises CalledProcessError with Prefect's own words when one is refused."""
    command = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all", "--prefect-file", "prefect.yaml"]
    subprocess.run(
        command, cwd=PROJECT, env=deployment_environment(), check=True, capture_output=True, text=True, timeout=300
    )


if __name__ == "__main__":
    create_pool()
    deploy_all()
    print("Every deployment of prefect.yaml is on the server.")

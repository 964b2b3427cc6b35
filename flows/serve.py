"""`make serve`: the Prefect server, its deployments and a worker on this machine; Ctrl-C stops all of it.

Repeating it is safe: a house that is being served already says where, and nothing starts twice. The server listens on
127.0.0.1 only, from port 4200 on the first free one.
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import TextIO

from flows.serving import HOST, NotStarted, free_ports, wait_for_own

LEAKING = ("PREFECT_API_URL", "PREFECT_PROFILE", "PREFECT_API_KEY", "PREFECT_API_AUTH_STRING", "PREFECT_PROFILES_PATH")


def environment(home: Path, port: int) -> dict[str, str]:
    """The environment of every part: nothing of the shell's own Prefect, everything of this house."""
    kept = {name: value for name, value in os.environ.items() if name not in LEAKING}
    if password := kept.get("PREFECT_SERVER_API_AUTH_STRING"):
        kept["PREFECT_API_AUTH_STRING"] = password  # what the server asks, its worker and flows must say
    address = f"http://{HOST}:{port}/api"
    return kept | {
        "PREFECT_HOME": str(home / "prefect"), "PREFECT_API_URL": address, "PREFECT_UI_API_URL": address,
        "PREFECT_SERVER_API_HOST": HOST, "PREFECT_SERVER_API_PORT": str(port), "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1", "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180", "PREFECT_LOGGING_EXTRA_LOGGERS": "",
        # history of runs goes after 90 days (facts are in our ledger); a lease that a power cut left is given back
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        "RECOUVREMENT_HOME": str(home),
    }  # fmt: skip


@contextmanager
def only_one(folder: Path) -> Iterator[TextIO]:
    """Hold the lock of this home; raises BlockingIOError when it is being served already."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "serve.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield lock


@contextmanager
def running(name: str, arguments: list[str], folder: Path, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A part of Prefect as a process of its own group, its words in a log; it ends with us."""
    with (folder / f"{name}.log").open("ab") as log:
        command = [sys.executable, "-m", "prefect", *arguments]
        process = subprocess.Popen(command, env=env, stdout=log, stderr=log, start_new_session=True)
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask, wait, then insist: the whole group goes, flows under way included (the ledger bears it)."""
    for word, patience in ((signal.SIGTERM, 15), (signal.SIGKILL, 5)):
        if process.poll() is not None:
            break
        os.killpg(process.pid, word)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            continue


def own_server(stack: ExitStack, home: Path) -> tuple[dict[str, str], subprocess.Popen[bytes]]:
    """Start the server on the first port that it gets for itself; the environment of the parts, and its process."""
    for port in free_ports():
        env = environment(home, port)
        with ExitStack() as trying:
            server = trying.enter_context(running("server", ["server", "start"], home / "prefect", env))
            if wait_for_own(env, server):
                stack.push(trying.pop_all())
                return env, server
    raise NotStarted("another server was faster at every port")


def serve(home: Path) -> None:
    """Start all parts and stay until a signal."""
    folder = home / "prefect"
    with ExitStack() as stack:
        try:
            lock = stack.enter_context(only_one(folder))
        except BlockingIOError:
            print(f"Being served already: {(folder / 'serve.address').read_text('utf-8')}", flush=True)
            return
        print("Starting the Prefect server (a first start takes up to a minute)…", flush=True)
        env, server = own_server(stack, home)
        address = env["PREFECT_API_URL"].removesuffix("/api")
        subprocess.run([sys.executable, "-m", "flows.deploying"], env=env, check=True, stdout=subprocess.DEVNULL)
        worker_ = ["worker", "start", "--pool", "recouvrement", "--type", "process", "--name", "this-machine"]
        worker = stack.enter_context(running("worker", worker_, folder, env))
        (folder / "serve.address").write_text(address, "utf-8")
        print(f"Prefect UI: {address}\nLogs: {folder}\nCtrl-C stops the server and the worker.", flush=True)
        _stay(lock, server, worker)


def _stay(_lock: TextIO, *parts: subprocess.Popen[bytes]) -> None:
    while all(part.poll() is None for part in parts):
        time.sleep(0.5)
    raise NotStarted("a part ended by itself")


def main() -> int:
    """Serve until Ctrl-C; 1 when a part fails, with the place of the logs."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for word in (signal.SIGTERM, signal.SIGINT):  # a shell's background jobs ignore the latter
        signal.signal(word, stop)
    home = Path(os.environ.get("RECOUVREMENT_HOME", "var")).expanduser().resolve()
    try:
        serve(home)
    except KeyboardInterrupt:
        print("Stopped.", flush=True)
    except (NotStarted, subprocess.CalledProcessError) as error:
        print(f"recouvrement: {error}. See the logs in {home / 'prefect'}", file=sys.stderr, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

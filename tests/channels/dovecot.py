"""A real Dovecot on a loopback port, in a folder of its own, as root or not."""

import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

USER, PASSWORD = "compta@creancier.example", "Mot de passe"

CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
first_valid_uid = 1
mail_location = maildir:{folder}/mail
mail_fsync = never
auth_failure_delay = 0
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
passdb {{
  driver = passwd-file
  args = scheme=plain {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
"""


@dataclass(frozen=True)
class Dovecot:
    port: int
    folder: Path

    def flags(self) -> set[str]:
        """The flags that messages of the inbox have on disk, as letters after `:2,`."""
        files = [path.name for part in ("new", "cur") for path in (self.folder / "mail" / part).glob("*")]
        return set("".join(name.partition(":2,")[2] for name in files))


def _owner() -> pwd.struct_passwd:
    """Who owns the mail: never root, which Dovecot refuses."""
    return pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())


def _settings(folder: Path, port: int) -> str:
    owner = _owner()
    root = os.getuid() == 0
    return CONFIG.format(
        folder=folder,
        port=port,
        internal="dovecot" if root else owner.pw_name,
        internal_group="dovecot" if root else grp.getgrgid(owner.pw_gid).gr_name,
        login="dovenull" if root else owner.pw_name,
        uid=owner.pw_uid,
        gid=owner.pw_gid,
    )


@pytest.fixture(name="server", scope="module")
def imap_server() -> Iterator[Dovecot]:
    """A Dovecot for the tests of a module; they skip, with the reason, where there is none."""
    with running() as started:
        if isinstance(started, str):
            pytest.skip(started)
        yield started


@contextmanager
def running() -> Iterator[Dovecot | str]:
    """A Dovecot, or the reason why there is none."""
    binary = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if binary is None:
        yield "dovecot is not installed (Debian: dovecot-imapd)"
        return
    folder = Path(tempfile.mkdtemp(prefix="dc-", dir="/tmp"))
    folder.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for name in ("mail", "home"):
        (folder / name).mkdir()
        os.chown(folder / name, _owner().pw_uid, _owner().pw_gid)
    (folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}::::::\n", encoding="utf-8")
    (folder / "dovecot.conf").write_text(_settings(folder, port), encoding="utf-8")
    server = subprocess.Popen(
        [binary, "-F", "-c", str(folder / "dovecot.conf")],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=(folder / "stderr").open("w"),
    )
    try:
        yield Dovecot(port, folder) if _answers(port, server) else f"dovecot did not start: {_told(folder)}"
    finally:
        server.terminate()
        server.wait(timeout=10)
        shutil.rmtree(folder, ignore_errors=True)


def _answers(port: int, server: subprocess.Popen[bytes]) -> bool:
    while server.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as tried:
                return tried.recv(4) == b"* OK"
        except ConnectionRefusedError:
            continue
    return False


def _told(folder: Path) -> str:
    return " ".join(
        path.read_text(encoding="utf-8")[-300:] for name in ("stderr", "log") if (path := folder / name).exists()
    )

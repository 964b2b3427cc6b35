"""The two servers as processes of their own, as the demo and the kill tests start them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from recouvrement.channels.catcher import Catcher
from recouvrement.channels.maildir import deliver, messages
from tests.channels.messages import BODY, account, outgoing, sent

FAULTS = Path(__file__).with_name("faults.py")


@contextmanager
def started(*command: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    with subprocess.Popen([sys.executable, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline()), process
        finally:
            process.kill()


@pytest.mark.parametrize(
    "command", [("-m", "recouvrement.channels.catcher"), (str(FAULTS),)], ids=["catcher", "faults"]
)
def test_a_server_prints_its_port_keeps_exact_bytes_and_ends_with_its_parent(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    with started(*command, str(tmp_path / "mail")) as (port, process):
        _, end = sent(account(port), [outgoing(str(n)) for n in range(5)])
        assert end.counts == {"Accepted": 5}
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=20) == 0
    assert [octets for _, octets, _ in messages(tmp_path / "mail")] == [BODY] * 5


def test_the_catcher_tells_who_a_message_was_for(tmp_path: Path) -> None:
    with Catcher(tmp_path) as catcher:
        sent(account(catcher.port), [outgoing(recipient="jérôme@client.example")])
        (envelope,) = catcher.envelopes()
    assert (envelope["mail_from"], envelope["rcpt_tos"]) == ("compta@creancier.example", ["jérôme@client.example"])
    assert (tmp_path / "new" / envelope["file"]).read_bytes() == BODY
    assert json.loads((tmp_path / "envelopes.jsonl").read_text(encoding="utf-8")) == envelope


def test_the_catcher_takes_a_port_it_is_given(tmp_path: Path) -> None:
    with Catcher(tmp_path) as first:
        port = first.port
    with Catcher(tmp_path, port) as second:
        assert second.port == port


def test_a_maildir_never_shows_half_a_message(tmp_path: Path) -> None:
    stored = deliver(tmp_path, BODY)
    (tmp_path / "tmp" / "being-written").write_bytes(BODY[:10])
    assert [(name, octets) for name, octets, _ in messages(tmp_path)] == [(stored.name, BODY)]

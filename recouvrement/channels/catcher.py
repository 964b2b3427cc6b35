"""An embedded SMTP server on this machine that stores what arrives as a Maildir: for the demo, trials and tests."""

import argparse
import asyncio
import json
import ssl
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from aiosmtpd.smtp import SMTP as SmtpProtocol  # noqa: N811 (an acronym twice over)
from aiosmtpd.smtp import AuthResult, LoginPassword

from recouvrement.channels.maildir import deliver, messages

LOOPBACK: Final = "127.0.0.1"
ENVELOPES: Final = "envelopes.jsonl"
SIZE_LIMIT: Final = 50_000_000  # octets


class LoopbackServer:
    """An asyncio server on a loopback port, in a thread of its own; `port` 0 lets the system choose."""

    def __init__(self, protocol: Callable[[], asyncio.BaseProtocol], port: int = 0) -> None:
        self._protocol, self.port = protocol, port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self) -> asyncio.Server:
        return await self._loop.create_server(self._protocol, LOOPBACK, self.port)

    async def _close(self) -> None:
        self._server.close()
        under_way = asyncio.all_tasks() - {asyncio.current_task()}
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)


class Keeper:
    """The aiosmtpd handler: exact bytes into the Maildir, the envelope as a JSON line beside it.

    Not a dataclass with slots: aiosmtpd lists its members, which fails on those in Python 3.11.2 (Debian 12).
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802, ARG002 (aiosmtpd's name)
        """Keep one message and answer with its name, as a relay does with its queue id."""
        stored = deliver(self.folder, envelope.original_content)
        line = {"file": stored.name, "mail_from": envelope.mail_from, "rcpt_tos": envelope.rcpt_tos}
        with (self.folder / ENVELOPES).open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(line, ensure_ascii=False) + "\n")
        return f"250 2.0.0 Ok: queued as {stored.name.partition('.')[0]}"


class Catcher(LoopbackServer):
    """A catcher in this process: `with Catcher(folder) as catcher: … catcher.port`.

    With `tls` it offers STARTTLS; with `password` it wants AUTH of any user with that password (inside TLS if any).
    """

    def __init__(
        self, folder: Path, port: int = 0, *, tls: ssl.SSLContext | None = None, password: str | None = None
    ) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

        def right(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:  # noqa: ARG001
            ok = isinstance(given, LoginPassword) and given.password == (password or "").encode()
            return AuthResult(success=ok, handled=False)

        def protocol() -> asyncio.BaseProtocol:
            return SmtpProtocol(
                Keeper(folder),
                data_size_limit=SIZE_LIMIT,
                enable_SMTPUTF8=True,
                hostname="catcher.invalid",
                ident="catcher",
                tls_context=tls,
                auth_required=password is not None,
                auth_require_tls=tls is not None,
                authenticator=right,
                loop=self._loop,
            )

        super().__init__(protocol, port)

    def messages(self) -> list[bytes]:
        """What has arrived, in no particular order."""
        return [octets for _, octets, _ in messages(self.folder)]

    def envelopes(self) -> list[dict[str, Any]]:
        """The envelopes in the order of arrival: `file`, `mail_from`, `rcpt_tos`."""
        path = self.folder / ENVELOPES
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def main(arguments: Sequence[str] | None = None) -> None:
    """`python -m recouvrement.channels.catcher DIR [--port N]`: print the port, run until standard input closes.

    A child whose parent dies must not stay behind, so the pipe to the parent is its life line; from a terminal,
    Ctrl-D or Ctrl-C ends it.
    """
    parser = argparse.ArgumentParser(description="Catch mail on this machine into a Maildir.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=0)
    given = parser.parse_args(arguments)
    with Catcher(given.folder, given.port) as catcher:
        print(catcher.port, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()

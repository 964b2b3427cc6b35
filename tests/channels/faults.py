"""An SMTP server that fails on purpose: every row of the exception table, and a seeded mix for kill tests.

In a test: `with FaultServer(Fault("rcpt", reply="450 4.2.0 later")) as server: … server.port`.
As a process: `python tests/channels/faults.py MAILDIR --seed 1 --before 0.02 --after 0.02 --later 0.02` prints its
port and runs until standard input closes; what it accepted or stored is in MAILDIR, once per storing.
"""

import argparse
import asyncio
import random
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from recouvrement.channels.catcher import LoopbackServer
from recouvrement.channels.maildir import deliver

EXTENSIONS = ("8BITMIME", "SIZE 50000000", "SMTPUTF8", "ENHANCEDSTATUSCODES")
ANSWERS = {
    "greeting": "220 faults.invalid ESMTP",
    "starttls": "454 4.7.0 TLS not available",
    "auth": "235 2.7.0 Authentication successful",
    "mail": "250 2.1.0 Ok",
    "rcpt": "250 2.1.5 Ok",
    "data": "354 End data with <CR><LF>.<CR><LF>",
    "body": "250 2.0.0 Ok: queued as 4F3A",
    "rset": "250 2.0.0 Ok",
    "quit": "221 2.0.0 Bye",
}


@dataclass(frozen=True)
class Fault:
    """What happens at one point: greeting, ehlo, helo, starttls, auth, mail, rcpt, data, mid_body, body, rset, quit.

    Several points may be named, with spaces between.

    A `reply` replaces the good one; `drop` closes after it (or at once without one); `silent` never answers.
    `store` keeps the message although the sender is told otherwise or nothing.
    """

    at: str
    reply: str | None = None
    drop: bool = False
    silent: bool = False
    store: bool = False


FaultOf = Callable[[int], Fault | None]


class FaultServer(LoopbackServer):
    """The server; `fault_of(n)` gives the fault of the n-th connection or transaction (0 first), or None."""

    def __init__(
        self,
        fault: Fault | FaultOf | None = None,
        *,
        maildir: Path | None = None,
        extensions: tuple[str, ...] = EXTENSIONS,
        port: int = 0,
    ) -> None:
        self.fault_of: FaultOf = fault if callable(fault) else lambda _: fault
        self.maildir, self.extensions = maildir, extensions
        self.commands: list[str] = []
        self.stored: list[bytes] = []
        self.connections = self.transactions = 0
        super().__init__(self._protocol_of_one, port)

    def _protocol_of_one(self) -> asyncio.StreamReaderProtocol:
        reader = asyncio.StreamReader(loop=self._loop, limit=1 << 20)
        return asyncio.StreamReaderProtocol(reader, self._converse, loop=self._loop)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await Conversation(self, reader, writer).run()
        writer.close()


class HangupError(ConnectionError):
    """The server closes, as the fault wants."""


@dataclass
class Conversation:
    """One connection: commands read and answered, with the fault in force."""

    server: FaultServer
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    fault: Fault | None = field(init=False)

    def __post_init__(self) -> None:
        self.fault = self.server.fault_of(self.server.transactions)

    async def run(self) -> None:
        await self.say("greeting")
        while line := await self.reader.readline():
            command = line.decode("utf-8", "replace").rstrip("\r\n")
            self.server.commands.append(command)
            await self.obey(command.split(" ")[0].split(":")[0].lower(), command)

    async def obey(self, verb: str, command: str) -> None:
        if verb in {"ehlo", "helo"}:
            await self.say(verb, self.hello(verb))
        elif verb == "auth" and command.upper().startswith("AUTH LOGIN"):
            await self.ask_password()
        elif verb == "data":
            await self.say("data")
            if self.wrong("data") is None or (self.wrong("data").reply or "").startswith("354"):
                await self.take_body()
        elif verb in ANSWERS:
            if verb == "mail":
                self.fault = self.server.fault_of(self.server.transactions)
                self.server.transactions += 1
            await self.say(verb)
            if verb == "quit":
                raise HangupError
        else:
            await self.send("500 5.5.2 What?")

    def hello(self, verb: str) -> str:
        *others, last = ["faults.invalid", *(self.server.extensions if verb == "ehlo" else ())]
        return "\r\n".join([*(f"250-{line}" for line in others), f"250 {last}"])

    async def ask_password(self) -> None:
        await self.send("334 UGFzc3dvcmQ6")
        await self.reader.readline()
        await self.say("auth")

    async def take_body(self) -> None:
        if self.wrong("mid_body"):
            await self.reader.readexactly(10)
            raise HangupError
        lines = []
        while (line := await self.reader.readline()) != b".\r\n":
            if not line:
                return
            lines.append(line[1:] if line.startswith(b".") else line)
        if self.wrong("body") is None or self.wrong("body").store:
            self.keep(b"".join(lines))
        await self.say("body")

    def keep(self, message: bytes) -> None:
        self.server.stored.append(message)
        if self.server.maildir is not None:
            deliver(self.server.maildir, message)

    def wrong(self, at: str) -> Fault | None:
        return self.fault if self.fault is not None and at in self.fault.at.split() else None

    async def say(self, at: str, usual: str | None = None) -> None:
        fault = self.wrong(at)
        if fault is None:
            await self.send(usual or ANSWERS[at])
            return
        if fault.silent:
            await self.reader.read()  # until the other side gives up
            raise HangupError
        if fault.reply is not None:
            await self.send(fault.reply)
        if fault.drop:
            raise HangupError

    async def send(self, text: str) -> None:
        self.writer.write(text.encode("utf-8", "surrogateescape") + b"\r\n")
        await self.writer.drain()


def mixed(seed: int, *, before: float, after: float, later: float) -> FaultOf:
    """Faults by chance, each transaction on its own: lost before storing, after storing, or answered 451.

    The chances are shares of 1; the same seed gives the n-th transaction the same fate in every run.
    """

    def fault_of(number: int) -> Fault | None:
        drawn = random.Random(f"{seed}/{number}").random()
        if drawn < before:
            return Fault("body", drop=True)
        if drawn < before + after:
            return Fault("body", drop=True, store=True)
        if drawn < before + after + later:
            return Fault("rcpt", reply="451 4.3.0 later")
        return None

    return fault_of


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("maildir", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    for chance in ("before", "after", "later"):
        parser.add_argument(f"--{chance}", type=float, default=0.0)
    given = parser.parse_args()
    fate = mixed(given.seed, before=given.before, after=given.after, later=given.later)
    with FaultServer(fate, maildir=given.maildir) as server:
        print(server.port, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()

"""Messages and accounts that the SMTP tests share."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from recouvrement.channels.outcomes import Outcome
from recouvrement.channels.smtp import BatchEnd, Outgoing, Security, SmtpAccount, send_batch

BODY = b"Subject: Facture FA-1\r\nMessage-ID: <dun.1@example.fr>\r\n\r\nBonjour,\r\n.suite\r\n"
RECIPIENT = "debiteur.nomme@client.example"


def account(port: int, **changes: object) -> SmtpAccount:
    usual = {
        "name": "test",
        "host": "127.0.0.1",
        "port": port,
        "security": Security.NONE,
        "local_hostname": "localhost",
    }
    return SmtpAccount(**(usual | {"command_timeout": 5.0, "body_timeout": 5.0} | changes))  # type: ignore[arg-type]


def outgoing(key: str = "1", message: bytes = BODY, recipient: str = RECIPIENT, **changes: object) -> Outgoing:
    usual = {"sender": "compta@creancier.example", "on_data": lambda: True}
    return Outgoing(key=key, message=message, recipient=recipient, **(usual | changes))  # type: ignore[arg-type]


@dataclass
class Recorder:
    """A caller: gives jobs one at a time, keeps what was reported."""

    jobs: list[Outgoing]
    reported: list[tuple[str, Outcome]] = field(default_factory=list)

    def pull(self) -> Outgoing | None:
        return self.jobs.pop(0) if self.jobs else None

    def report(self, job: Outgoing, outcome: Outcome) -> None:
        self.reported.append((job.key, outcome))

    def outcome(self, key: str = "1") -> Outcome:
        return dict(self.reported)[key]


def sent(to: SmtpAccount, jobs: Iterable[Outgoing]) -> tuple[Recorder, BatchEnd]:
    recorder = Recorder(list(jobs))
    end = asyncio.run(send_batch(to, recorder.pull, recorder.report))
    return recorder, end

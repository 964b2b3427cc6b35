"""CPU per e-mail in the sender: 85 kB messages over reused connections, the sink in another process.

`python -m benchmarks.smtp [--messages 2000] [--connections 3] [--sink aiosmtpd|raw]` prints one JSON object. The raw
sink reads and forgets, so that the sender is what is measured; `aiosmtpd` is the catcher of the demo. CPU is this
process's own (user and system), so the figure holds on a shared machine; `floor` is the same bytes through
`aiosmtplib.SMTP.sendmail` on one connection in the same run.
"""

import argparse
import asyncio
import json
import resource
import sys
import tempfile
import time
from contextlib import AbstractContextManager
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from pathlib import Path

import aiosmtplib

from benchmarks.children import served
from recouvrement.channels.account import Outgoing, Security, SmtpAccount
from recouvrement.channels.smtp import send_batch

RAW_SINK = """
import asyncio
async def one(reader, writer):
    writer.write(b"220 sink ESMTP\\r\\n")
    while line := await reader.readline():
        verb = line[:4].upper()
        if verb == b"EHLO": writer.write(b"250-sink\\r\\n250-8BITMIME\\r\\n250 SIZE 99999999\\r\\n")
        elif verb == b"DATA":
            writer.write(b"354 go\\r\\n")
            await reader.readuntil(b"\\r\\n.\\r\\n")
            writer.write(b"250 2.0.0 ok\\r\\n")
        elif verb == b"QUIT": writer.write(b"221 bye\\r\\n"); break
        else: writer.write(b"250 ok\\r\\n")
    writer.close()
async def main():
    server = await asyncio.start_server(one, "127.0.0.1", 0, limit=1 << 24)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, __import__("sys").stdin.read)
    server.close()
asyncio.run(main())
"""


def sink(kind: str, folder: str) -> AbstractContextManager[int]:
    raw = [sys.executable, "-c", RAW_SINK]
    command = raw if kind == "raw" else [sys.executable, "-m", "recouvrement.channels.catcher", folder]
    return served(command)


def frozen() -> bytes:
    message = EmailMessage(policy=SMTP_POLICY)
    message["Subject"], message["From"], message["To"] = "Facture FA-1", "compta@creancier.example", "a@client.example"
    message["Message-ID"] = "<dun.1@creancier.example>"
    message.set_content("Bonjour,\n" + "Texte de la relance, assez long pour compter.\n" * 12)
    message.add_alternative("<p>Bonjour,</p>" + "<p>Texte de la relance.</p>" * 20, subtype="html")
    message.add_attachment(bytes(range(256)) * 236, maintype="application", subtype="pdf", filename="lettre.pdf")
    return message.as_bytes()


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def ours(port: int, octets: bytes, messages: int, connections: int) -> dict[str, int]:
    account = SmtpAccount(
        "bench", "127.0.0.1", port, Security.NONE, connections=connections, local_hostname="bench", body_timeout=60
    )
    left = iter(range(messages))

    def pull() -> Outgoing | None:
        number = next(left, None)
        to = f"debiteur{number}@client.example"
        return None if number is None else Outgoing(str(number), "c@creancier.example", to, octets, lambda: True)

    end = await send_batch(account, pull, lambda _job, _outcome: None)
    return end.counts


async def floor(port: int, octets: bytes, messages: int) -> None:
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False, local_hostname="bench") as client:
        for number in range(messages):
            await client.sendmail("c@creancier.example", f"debiteur{number}@client.example", octets)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--connections", type=int, default=3)
    parser.add_argument("--sink", choices=("raw", "aiosmtpd"), default="raw")
    given = parser.parse_args()
    octets = frozen()
    with tempfile.TemporaryDirectory() as folder, sink(given.sink, str(Path(folder) / "mail")) as port:
        asyncio.run(ours(port, octets, 50, given.connections))  # imports, first TLS-less connection, warm caches
        peak_before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        spent, wall = cpu(), time.perf_counter()
        counts = asyncio.run(ours(port, octets, given.messages, given.connections))
        spent, wall = cpu() - spent, time.perf_counter() - wall
        floor_messages = min(given.messages, 500)
        floor_spent = cpu()
        asyncio.run(floor(port, octets, floor_messages))
        floor_spent = cpu() - floor_spent
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    told = {
        "octets": len(octets),
        "counts": counts,
        "cpu_ms_per_message": round(1000 * spent / given.messages, 2),
        "floor_cpu_ms_per_message": round(1000 * floor_spent / floor_messages, 2),
        "messages_per_second_wall": round(given.messages / wall, 1),
        "peak_mb": peak // 1024,
        "peak_growth_mb": (peak - peak_before) // 1024,
        "sink": given.sink,
        "connections": given.connections,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()

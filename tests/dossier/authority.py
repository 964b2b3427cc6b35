"""A time-stamping authority of this machine: `openssl ts` behind HTTP, made for tests and thrown away."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@contextmanager
def served(folder: Path, *, answers: list[bytes] | None = None) -> Iterator[str]:
    """Serve the authority in a folder (see `test_timestamp.py`) on a free port; yields its address.

    `answers` are given first, as they are, before the authority itself answers.
    """
    waiting = list(answers or [])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            body = waiting.pop(0) if waiting else _signed(folder, asked)
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsa"
    finally:
        server.shutdown()
        server.server_close()


def _signed(folder: Path, asked: bytes) -> bytes:
    (folder / "asked.tsq").write_bytes(asked)
    command = ["openssl", "ts", "-reply", "-config", "settings", "-queryfile", "asked.tsq", "-inkey", "tsa.key"]
    command += ["-signer", "tsa.pem", "-out", "answer.tsr"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return (folder / "answer.tsr").read_bytes()

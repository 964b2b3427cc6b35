"""RFC 3161 over HTTP: a query for the hash of a sheet, the authority's answer kept as raw bytes, and its check."""

import secrets
import subprocess
import tempfile
import urllib.error
import urllib.request
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

QUERY_TYPE = "application/timestamp-query"
REPLY_TYPE = "application/timestamp-reply"
SHA256_OID = bytes.fromhex("0609608648016503040201")
LARGEST = 200_000  # bytes; tokens with a chain of certificates are under 20 kB
STAMPED = "Time stamp: "
GRANTED = (0, 1)  # granted, granted with modifications (RFC 3161 §2.4.2)


@dataclass(frozen=True, slots=True)
class NoToken:
    """Why there is no token, as a code."""

    code: str


def query(data: bytes, nonce: int) -> bytes:
    """The DER of a TimeStampReq for the SHA-256 of some bytes, asking for the authority's certificate.

    >>> query(b"", 1)[:5].hex(), len(query(b"", 1))
    ('303c020101', 62)
    """
    imprint = _tag(0x30, _tag(0x30, SHA256_OID + b"\x05\x00") + _tag(0x04, sha256(data).digest()))
    return _tag(0x30, b"\x02\x01\x01" + imprint + _whole(nonce) + b"\x01\x01\xff")


def _tag(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x80 | (size.bit_length() + 7) // 8]) + _big(size)
    return bytes([tag]) + length + content


def _big(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8 or 1, "big")


def _whole(number: int) -> bytes:
    raw = _big(number)
    return _tag(0x02, b"\0" + raw if raw[0] & 0x80 else raw)


def ask(url: str, data: bytes, *, timeout: float = 20.0) -> bytes | NoToken:
    """The authority's answer for some bytes, when it says granted and holds their hash and our nonce.

    Nothing of the bytes leaves but their hash. The signature is checked apart (`token_fault`), by openssl.
    """
    if urlsplit(url).scheme not in {"http", "https"}:
        return NoToken("tsa_url_not_http")
    nonce = secrets.randbits(63) | 1 << 62
    asked = urllib.request.Request(url, query(data, nonce), {"Content-Type": QUERY_TYPE, "Accept": REPLY_TYPE})  # noqa: S310
    try:
        with urllib.request.urlopen(asked, timeout=timeout) as reply:  # noqa: S310 (http or https, checked above)
            answer: bytes = reply.read(LARGEST + 1)
    except (urllib.error.URLError, TimeoutError, OSError):
        return NoToken("tsa_unreachable")
    if len(answer) > LARGEST or not _is_granted(answer):
        return NoToken("tsa_refused")
    if sha256(data).digest() not in answer or _whole(nonce) not in answer:
        return NoToken("tsa_answers_something_else")
    return answer


def _is_granted(answer: bytes) -> bool:
    """Whether the PKIStatus at the head of a TimeStampResp says granted."""
    outer = _content(answer, 0x30)
    info = _content(outer, 0x30) if outer else None
    status = _content(info, 0x02) if info else None
    return status is not None and len(status) == 1 and status[0] in GRANTED


def _content(der: bytes, tag: int) -> bytes | None:
    """The content of the element at the head of some DER, or None when it is not of that tag."""
    if len(der) < 2 or der[0] != tag:
        return None
    size, start = der[1], 2
    if size & 0x80:
        start = 2 + (size & 0x7F)
        size = int.from_bytes(der[2:start], "big")
    return der[start : start + size] if len(der) >= start + size else None


def token_moment(token: bytes) -> str:
    """When the authority says it gave a token, as openssl prints it ("Nov 20 21:00:02 2026 GMT"); empty when unreadable."""
    done = _openssl(["-reply", "-in", "token", "-text"], {"token": token})
    lines = done.stdout.decode("ascii", "replace").splitlines() if done and done.returncode == 0 else []
    return next((line.removeprefix(STAMPED) for line in lines if line.startswith(STAMPED)), "")


def token_fault(data: bytes, token: bytes, authority: Path) -> str | None:
    """Why an RFC 3161 token does not vouch for some bytes, in French, or None; `openssl ts -verify` is the reference."""
    command = ["-verify", "-data", "sheet", "-in", "token", "-CAfile", str(authority.absolute())]
    done = _openssl(command, {"sheet": data, "token": token})
    if done is None:
        return "horodatage non contrôlé : la commande openssl ne répond pas"
    return None if done.returncode == 0 else "horodatage refusé"


def _openssl(command: list[str], files: dict[str, bytes]) -> subprocess.CompletedProcess[bytes] | None:
    """`openssl ts` in a folder that holds these files; None when it is not there or does not answer."""
    with tempfile.TemporaryDirectory(prefix="horodatage-") as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        try:
            return subprocess.run(["openssl", "ts", *command], cwd=folder, capture_output=True, check=False, timeout=60)
        except (OSError, subprocess.TimeoutExpired):
            return None

"""Asks the BODACC portal for notices about known firms; the pages go through the same reader as files.

The one part of intake that speaks to a network: it is called by a task, never by a reader. API: Opendatasoft Explore v2.1,
dataset annonces-commerciales.
"""

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from datetime import date

from recouvrement.intake import bodacc
from recouvrement.intake.limits import MEGABYTE

ADDRESS = "https://bodacc-datadila.opendatasoft.com/api/explore/v2.1"
DATASET = "annonces-commerciales"
PAGE = 100
LAST_RECORD = 10_000  # the portal serves no offset beyond
SIRENS_AT_ONCE = 20
ANSWER_BYTES = 20 * MEGABYTE


class BodaccUnavailableError(Exception):
    """The portal did not answer as documented; trying again later may help."""


def pages(
    sirens: Sequence[str], since: date, *, address: str = ADDRESS, timeout: float = 20.0
) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each answer about these firms, published on `since` or later; outages raise.

    The bytes are what the portal sent: keep them as evidence and give them to `reading.read`.
    """
    if urllib.parse.urlsplit(address).scheme not in {"http", "https"}:
        raise ValueError("the address of the portal is neither http nor https")
    for start in range(0, len(sirens), SIRENS_AT_ONCE):
        batch = sirens[start : start + SIRENS_AT_ONCE]
        offset, total = 0, 1
        while offset < min(total, LAST_RECORD):
            body = _answer(f"{address.rstrip('/')}/{query(batch, since, offset)}", timeout)
            total, count = _counts(body)
            if count:
                yield f"bodacc-{since.isoformat()}-{start}-{offset}.json", body
            offset += PAGE
            if count < PAGE:
                break


def query(sirens: Sequence[str], since: date, offset: int) -> str:
    """The path and parameters of one page.

    >>> query(["732829320"], date(2026, 3, 1), 0).startswith("catalog/datasets/annonces-commerciales/records?")
    True
    """
    if not all(siren.isascii() and siren.isdigit() for siren in sirens):
        raise ValueError("a SIREN holds digits only")
    firms = " or ".join(f'registre like "{siren}"' for siren in sirens)
    where = f"familleavis=\"collective\" and dateparution>=date'{since.isoformat()}' and ({firms})"
    parameters = {"where": where, "order_by": "dateparution,id", "limit": str(PAGE), "offset": str(offset)}
    return f"catalog/datasets/{DATASET}/records?{urllib.parse.urlencode(parameters)}"


def _answer(url: str, timeout: float) -> bytes:
    request = urllib.request.Request(url, headers={"Accept": "application/json"})  # noqa: S310  scheme checked above
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:  # noqa: S310
            body: bytes = response.read(ANSWER_BYTES + 1)
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise BodaccUnavailableError(f"the portal did not answer ({type(error).__name__})") from error
    if len(body) > ANSWER_BYTES:
        raise BodaccUnavailableError("the answer of the portal is larger than any should be")
    return body


def _counts(body: bytes) -> tuple[int, int]:
    """Records in all, records in this page."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        raise BodaccUnavailableError("the answer of the portal is not JSON") from None
    found = bodacc.announcements(answer)
    total = answer.get("total_count") if isinstance(answer, dict) else None
    if found is None or not isinstance(total, int):
        raise BodaccUnavailableError("the answer of the portal has another shape than documented")
    return total, len(found)

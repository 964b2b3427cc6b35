"""Registered letters through Maileva (registered_mail/v4).

Written from the published API and tested against a local server that speaks it; NEVER run against the real service or
its sandbox. Try the sandbox before relying on it.
"""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

import httpx

from recouvrement.channels import maileva_codes
from recouvrement.channels.maileva_http import MailevaAccount, MailevaHttp, as_object
from recouvrement.channels.postal import (
    Capabilities,
    LetterProblem,
    PostalLetter,
    PostalStatus,
    Proof,
    ProofKind,
    StatusEvent,
    address_problem,
)

LAST_LINE: Final = re.compile(r"\d{5} .+")
REFUSED: Final = 400
GONE: Final = 404
MIDDLE_LINES: Final = {0: "", 1: "4", 2: "34", 3: "234", 4: "2345"}  # the street stands on line 4 (NF Z 10-011)
PROOFS: Final = (
    (ProofKind.DEPOSIT, "deposit_proof_url", "download_deposit_proof"),
    (ProofKind.ACKNOWLEDGEMENT, "acknowledgement_of_receipt_url", "download_acknowledgement_of_receipt"),
)


class Maileva:
    """A `PostalConnector`: one letter is one sending with one recipient, found again by its `custom_id`."""

    capabilities = Capabilities(registered=True, acknowledgement=True, max_octets=20_000_000, max_pages=90)

    def __init__(self, account: MailevaAccount, client: httpx.Client) -> None:
        """`client` carries the time limits and is closed by the caller."""
        self._account, self._http = account, MailevaHttp(account, client)

    def prepare(self, letter: PostalLetter) -> str | LetterProblem:
        """A draft with the letter and its recipient; what an earlier attempt left half done is completed.

        A sending of this key that is no longer a draft was submitted: its id comes back and nothing is touched.
        """
        problem = self._problem(letter)
        if problem is not None:
            return problem
        sending = self._found(letter.key) or self._created(letter)
        if isinstance(sending, LetterProblem):
            return sending
        external_id = str(sending["id"])
        if sending.get("status") != "DRAFT":
            return external_id
        return self._with_document(external_id, letter) or self._with_recipient(external_id, letter) or external_id

    def submit(self, external_id: str) -> PostalStatus:
        """Submit a draft. The service takes a sending only once, so after any doubt its own status decides."""
        status = self._status(external_id)
        if status is not PostalStatus.PREPARED:
            return status
        answer = self._http.call("POST", f"{_path(external_id)}/submit", expected={REFUSED})
        status = self._status(external_id)
        if status is not PostalStatus.PREPARED:
            return status
        return PostalStatus.ERROR if answer.status_code == REFUSED else PostalStatus.SUBMITTED

    def poll(self, external_ids: Iterable[str], since: datetime) -> Iterator[StatusEvent]:
        """What the service and La Poste say of these sendings from the aware moment `since` on, each oldest first.

        A sending that the service no longer knows is an error dated `since`.
        """
        for external_id in external_ids:
            answer = self._http.call("GET", _path(external_id), expected={GONE})
            if answer.status_code == GONE:
                yield StatusEvent(external_id, PostalStatus.ERROR, "NOT_FOUND", since)
                continue
            events = list(maileva_codes.events_of_sending(external_id, as_object(answer)))
            for recipient in self._recipients(external_id):
                events.extend(maileva_codes.events_of_recipient(external_id, recipient))
            yield from sorted((event for event in events if event.at >= since), key=lambda event: event.at)

    def fetch_proofs(self, external_id: str) -> Iterator[Proof]:
        """The deposit proof and the acknowledgement, each once the service says it is there."""
        for recipient in self._recipients(external_id):
            path = f"{_path(external_id)}/recipients/{quote(str(recipient['id']), safe='')}"
            for kind, sign, name in PROOFS:
                if recipient.get(sign):
                    yield Proof(kind, external_id, self._http.call("GET", f"{path}/{name}").content)

    def _problem(self, letter: PostalLetter) -> LetterProblem | None:
        problem = address_problem(letter.address)
        if problem is not None:
            return problem
        if not letter.registered or letter.country != "FR":
            return LetterProblem.REFUSED_BY_SERVICE
        if len(letter.address) < 2 or not LAST_LINE.fullmatch(letter.address[-1]):
            return LetterProblem.NO_POSTCODE_LINE
        return LetterProblem.TOO_BIG if len(letter.pdf) > self.capabilities.max_octets else None

    def _found(self, key: str) -> dict[str, Any] | None:
        """The sending of this key, one already submitted before any draft.

        The filter is asked for and not believed: a service may ignore one that it does not know, and the first sending
        of another letter would then be taken for this one.
        """
        found = [one for one in self._http.pages("/sendings", "sendings", custom_id=key) if one.get("custom_id") == key]
        return min(
            found, key=lambda one: (one.get("status") == "DRAFT", str(one.get("creation_date", ""))), default=None
        )

    def _created(self, letter: PostalLetter) -> dict[str, Any] | LetterProblem:
        body = {
            "name": letter.key,
            "custom_id": letter.key,
            "acknowledgement_of_receipt": True,
            "color_printing": self._account.color,
            "duplex_printing": self._account.both_sides,
            "optional_address_sheet": False,
            "archiving_duration": self._account.archive_years,
            "sender_country_code": "FR",
            **_lines("sender_address_line", self._account.sender),
        }
        answer = self._http.call("POST", "/sendings", json=body, expected={REFUSED})
        return LetterProblem.REFUSED_BY_SERVICE if answer.status_code == REFUSED else as_object(answer)

    def _with_document(self, external_id: str, letter: PostalLetter) -> LetterProblem | None:
        path = f"{_path(external_id)}/documents"
        sizes = [one.get("size") for one in self._http.pages(path, "documents", page=30)]
        if sizes:
            return None if sizes == [len(letter.pdf)] else LetterProblem.REFUSED_BY_SERVICE
        name = f"{letter.key}.pdf"
        files = {
            "document": (name, letter.pdf, "application/pdf"),
            "metadata": ("metadata", json.dumps({"priority": 1, "name": name}).encode(), "application/json"),
        }
        answer = self._http.call("POST", path, files=files, expected={REFUSED})
        return LetterProblem.REFUSED_BY_SERVICE if answer.status_code == REFUSED else None

    def _with_recipient(self, external_id: str, letter: PostalLetter) -> LetterProblem | None:
        if next(self._recipients(external_id), None) is not None:
            return None
        body = {"custom_id": letter.key, "country_code": "FR", **_lines("address_line", letter.address)}
        answer = self._http.call("POST", f"{_path(external_id)}/recipients", json=body, expected={REFUSED})
        return LetterProblem.REFUSED_BY_SERVICE if answer.status_code == REFUSED else None

    def _status(self, external_id: str) -> PostalStatus:
        return maileva_codes.of_sending(str(self._http.json("GET", _path(external_id)).get("status")))

    def _recipients(self, external_id: str) -> Iterator[dict[str, Any]]:
        return self._http.pages(f"{_path(external_id)}/recipients", "recipients")


def _path(external_id: str) -> str:
    return f"/sendings/{quote(external_id, safe='')}"


def _lines(prefix: str, address: tuple[str, ...]) -> dict[str, str]:
    """An address as the service's six lines: the name on line 1, postcode and town on line 6, the street on line 4.

    >>> _lines("l", ("SARL DUPONT", "1 rue du Port", "44000 NANTES"))
    {'l_1': 'SARL DUPONT', 'l_4': '1 rue du Port', 'l_6': '44000 NANTES'}
    """
    first, *middle, last = address
    numbered = zip(MIDDLE_LINES[len(middle)], middle, strict=True)
    return {f"{prefix}_1": first, **{f"{prefix}_{number}": line for number, line in numbered}, f"{prefix}_6": last}

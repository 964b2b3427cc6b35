"""BODACC open data as JSON, in every shape that the portal gives: API answers and exports."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from recouvrement.domain.records import InsolvencyNotice, Problem, Severity
from recouvrement.intake import identifiers, insolvency_words, values
from recouvrement.intake.encodings import decoded
from recouvrement.intake.reasons import Reason
from recouvrement.intake.refusals import FileRefusedError, problem
from recouvrement.intake.source import Source

DEPTH = 40


def read(source: Source) -> Iterator[InsolvencyNotice | Problem]:
    """A notice per announcement; one without any readable SIREN is kept as information, with a note."""
    text = decoded(source.whole(source.limits.document_bytes))[0]
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        raise FileRefusedError(Reason.UNREADABLE, "not well-formed JSON") from None
    records = announcements(answer)
    if records is None:
        raise FileRefusedError(Reason.UNKNOWN_FORMAT, "JSON that is not a list of BODACC announcements")
    for ordinal, record in enumerate(records, start=1):
        if not isinstance(record, dict) or not (record.get("id") or record.get("dateparution")):
            yield _strange(source.name, ordinal)
            continue
        found = notice_of(record, ordinal)
        if found.siren is None:
            message = "the announcement names no registered firm: information only"
            yield problem(
                source.name, Reason.INVALID_IDENTIFIER, message, line=ordinal, element="record", severity=Severity.NOTE
            )
        yield found


def announcements(answer: Any) -> list[Any] | None:
    """The records of an API answer (v1, v2.0, v2.1) or export, or None.

    >>> announcements({"results": [{"id": "A1"}]}), announcements({"records": [{"fields": {"id": "A2"}}]})
    ([{'id': 'A1'}], [{'id': 'A2'}])
    """
    if isinstance(answer, list):
        return answer
    if not isinstance(answer, dict):
        return None
    found = answer.get("results", answer.get("records"))
    if not isinstance(found, list):
        return [answer] if "dateparution" in answer else None
    return [_fields(record) for record in found]


def _fields(record: Any) -> Any:
    for _ in range(2):
        if isinstance(record, dict):
            record = record.get("record", record.get("fields", record))
    return record


def notice_of(record: dict[str, Any], ordinal: int) -> InsolvencyNotice:
    """The notice in one announcement."""
    judgment = object_in(record.get("jugement"))
    kind = _text(record.get("typeavis_lib")) or _text(record.get("typeavis"))
    nature = _text(judgment.get("nature")) or _text(judgment.get("famille"))
    return insolvency_words.notice(
        notice_id=_text(record.get("id")),
        siren=first_siren(record.get("registre")),
        debtor_name=_text(record.get("commercant")),
        nature=f"Annulation : {nature}" if "annul" in kind.casefold() else nature,
        detail=_text(judgment.get("complementJugement")),
        family=_text(record.get("familleavis_lib")) or _text(record.get("familleavis")),
        judgment_on=day_or_none(judgment.get("date")),
        published_on=day_or_none(record.get("dateparution")),
        court=_text(record.get("tribunal")),
        line=ordinal,
    )


def object_in(value: Any) -> dict[str, Any]:
    """A JSON object given as such or as its text; {} otherwise.

    >>> object_in('{"nature": "Jugement"}'), object_in(None), object_in("[")
    ({'nature': 'Jugement'}, {}, {})
    """
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return value if isinstance(value, dict) else {}


def first_siren(value: Any) -> str | None:
    """The first valid SIREN of a list or a comma-separated text.

    >>> first_siren("732 829 320,732829320"), first_siren(["000", "732829320"]), first_siren(None)
    ('732829320', '732829320', None)
    """
    stated = value if isinstance(value, list) else _text(value).split(",")
    return next((valid for one in stated if (valid := identifiers.siren(_text(one)))), None)


def day_or_none(value: Any) -> date | None:
    """A date in ISO or French form, or None."""
    try:
        return values.day(_text(value))
    except ValueError:
        return None


def _text(value: Any) -> str:
    return str(value).strip() if isinstance(value, str | int) else ""


def _strange(file: str, ordinal: int) -> Problem:
    return problem(
        file,
        Reason.UNKNOWN_FORMAT,
        "not a BODACC announcement",
        line=ordinal,
        element="record",
        value_class="record",
        severity=Severity.SET_ASIDE,
    )

"""The journal: chained lines that nobody can alter unseen, and the daily anchor sheets that hold their heads.

Formats (design.md §5), all plain ASCII so that `sha256sum`, `grep` and `cut` are enough to check them:

- a line is `<sha256 of the previous line with its line feed> <canonical JSON object>` and ends with one line feed; the
  first line names GENESIS as its previous one; `chain` and `seq` (1, 2, 3…) stand in every object;
- a salt is 64 lowercase hexadecimal characters and is hashed as that text: a payload is referred to as
  sha256(salt ‖ bytes), a chain's head on an anchor sheet as sha256(salt ‖ head in hexadecimal);
- an anchor sheet is `ancre-YYYY-MM-DD.txt`: line 1 the sha256 of the sheet before (GENESIS at the start), then the
  blinded heads of the chains that moved, sorted, one per line.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

GENESIS = "0" * 64
HASH = re.compile(r"[0-9a-f]{64}")
SHEET_NAME = re.compile(r"ancre-\d{4}-\d{2}-\d{2}\.txt")

FOREIGN = "a journal event holds text, whole numbers, booleans, null, lists and objects; no float"


@dataclass(frozen=True, slots=True)
class Intact:
    """Everything holds: `count` lines (or sheets), the last of which hashes to `head` (GENESIS when there is none)."""

    count: int
    head: str
    ok: bool = True


@dataclass(frozen=True, slots=True)
class Broken:
    """The first fault met: at line (or sheet) number `seq`, counted from 1, for `reason`."""

    seq: int
    reason: str
    ok: bool = False


Verdict = Intact | Broken


def canonical(value: object) -> str:
    r"""The one JSON text of a value: keys sorted, no spaces, ASCII only; TypeError on a float or a foreign type.

    >>> canonical({"b": [1, None, True], "a": "é"})
    '{"a":"\\u00e9","b":[1,null,true]}'
    >>> canonical({"a": 1.5})
    Traceback (most recent call last):
    ...
    TypeError: a journal event holds text, whole numbers, booleans, null, lists and objects; no float
    """
    _refuse_foreign(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _refuse_foreign(value: object) -> None:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError(FOREIGN)
            _refuse_foreign(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_foreign(inner)
    elif not (value is None or isinstance(value, str | int)):
        raise TypeError(FOREIGN)


def digest(content: str | bytes) -> str:
    """SHA-256 of text (as UTF-8) or bytes, in lowercase hexadecimal.

    >>> digest("")[:8]
    'e3b0c442'
    """
    return sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def append(previous_line: str | None, event: Mapping[str, object]) -> str:
    """The line that comes after `previous_line` (None at the start of a chain), ending with a line feed.

    `event` names its `chain`; `seq` is set here (1 at the start) and, when the event carries one, must agree.
    ValueError when the chain or the number disagrees; TypeError on a value that JSON keeps inexactly.

    >>> first = append(None, {"chain": "D1", "kind": "opened"})
    >>> first == GENESIS + ' {"chain":"D1","kind":"opened","seq":1}' + chr(10)
    True
    >>> append(first, {"chain": "D1", "kind": "sent"})[:64] == digest(first)
    True
    """
    before = _object_of(previous_line) if previous_line is not None else {"chain": event.get("chain"), "seq": 0}
    if before is None:
        raise ValueError("the previous line is not a journal line")
    if not isinstance(event.get("chain"), str) or event["chain"] != before["chain"]:
        raise ValueError("an event names its chain, the same as the line before")
    seq = int(str(before["seq"])) + 1
    if event.get("seq", seq) != seq:
        raise ValueError(f"the next number of this chain is {seq}")
    link = digest(previous_line) if previous_line is not None else GENESIS
    return f"{link} {canonical({**event, 'seq': seq})}\n"


def _object_of(line: str) -> dict[str, object] | None:
    """The JSON object of a line, or None when the line has not the shape of one."""
    if len(line) < 66 or line[64] != " " or not line.endswith("\n") or not HASH.match(line):
        return None
    try:
        found = json.loads(line[65:-1])
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not isinstance(found.get("chain"), str) or type(found.get("seq")) is not int:
        return None
    return found


def event_of(line: str) -> dict[str, object]:
    """The event that a line holds; ValueError when it is not a journal line.

    >>> event_of(append(None, {"chain": "D1", "kind": "opened"}))["kind"]
    'opened'
    """
    found = _object_of(line)
    if found is None:
        raise ValueError("not a journal line")
    return found


def verify_chain(lines: Iterable[str], *, after: str | None = None) -> Verdict:
    """Check the lines of one chain in order: links, numbers without gap, one chain, canonical JSON.

    `after` is the line already verified before the first of `lines` (None: they begin the chain). Lines keep their
    line feed. Linear: about 10 µs a line.

    >>> one = append(None, {"chain": "D1", "kind": "opened"})
    >>> two = append(one, {"chain": "D1", "kind": "sent"})
    >>> verify_chain([one, two]) == Intact(2, digest(two))
    True
    >>> verify_chain([one.replace("opened", "closed"), two])
    Broken(seq=2, reason='the link does not match the line before', ok=False)
    """
    before = event_of(after) if after is not None else None
    chain = before["chain"] if before else None
    seq = int(str(before["seq"])) if before else 0
    link = digest(after) if after is not None else GENESIS
    for line in lines:
        seq += 1
        found = _object_of(line)
        if found is None:
            return Broken(seq, "not a journal line")
        if line[:64] != link:
            return Broken(seq, "the link does not match the line before")
        if found["seq"] != seq:
            return Broken(seq, "the number does not follow")
        if chain is not None and found["chain"] != chain:
            return Broken(seq, "a line of another chain")
        if json.dumps(found, sort_keys=True, separators=(",", ":")) != line[65:-1]:
            return Broken(seq, "not the canonical writing")
        chain = found["chain"]
        link = sha256(line.encode()).hexdigest()
    return Intact(seq, link)


def _checked_salt(salt: str) -> bytes:
    if not HASH.fullmatch(salt):
        raise ValueError("a salt is 64 lowercase hexadecimal characters")
    return salt.encode()


def payload_hash(salt: str, payload: bytes) -> str:
    """How the journal refers to bytes: sha256(salt ‖ bytes); once the salt is erased nothing can be guessed from it.

    ValueError when the salt is not 64 lowercase hexadecimal characters (`secrets.token_hex(32)`).

    >>> payload_hash("0" * 64, b"") == digest("0" * 64)
    True
    """
    return sha256(_checked_salt(salt) + payload).hexdigest()


def blinded_head(salt: str, head: str) -> str:
    """How an anchor sheet holds the head of a chain: sha256(salt ‖ head), so that other debtors read nothing in it.

    >>> blinded_head("0" * 64, digest("line")) == digest("0" * 64 + digest("line"))
    True
    """
    if not HASH.fullmatch(head):
        raise ValueError("a head is 64 lowercase hexadecimal characters")
    return sha256(_checked_salt(salt) + head.encode()).hexdigest()


def sheet_name(on: date) -> str:
    """The file name of a day's anchor sheet.

    >>> sheet_name(date(2026, 3, 9))
    'ancre-2026-03-09.txt'
    """
    return f"ancre-{on.isoformat()}.txt"


def anchor_sheet(previous_sheet: bytes | None, blinded: Iterable[str]) -> bytes:
    """The bytes of a day's sheet after `previous_sheet` (None for the very first one).

    >>> anchor_sheet(None, ["b" * 64, "a" * 64]).decode().split() == [GENESIS, "a" * 64, "b" * 64]
    True
    """
    heads = sorted(blinded)
    if not all(HASH.fullmatch(head) for head in heads):
        raise ValueError("a blinded head is 64 lowercase hexadecimal characters")
    first = digest(previous_sheet) if previous_sheet is not None else GENESIS
    return "".join(f"{line}\n" for line in [first, *heads]).encode()


def sheet_lines(sheet: bytes) -> list[str] | None:
    """The lines of a well-formed sheet (link first), or None when it is not one."""
    text = sheet.decode("ascii", errors="replace")
    lines = text.split("\n")
    if lines.pop() != "" or not lines or not all(HASH.fullmatch(line) for line in lines):
        return None
    return lines if lines[1:] == sorted(lines[1:]) else None


def verify_sheets(sheets: Sequence[tuple[str, bytes]]) -> Verdict:
    """Check named sheets in the order of their days: each links to the one before; the first one's link is taken as is.

    >>> one = anchor_sheet(None, [])
    >>> two = anchor_sheet(one, ["a" * 64])
    >>> verify_sheets([("ancre-2026-01-01.txt", one), ("ancre-2026-01-02.txt", two)]).ok
    True
    >>> verify_sheets([("ancre-2026-01-01.txt", one + b"x"), ("ancre-2026-01-02.txt", two)])
    Broken(seq=1, reason='not an anchor sheet', ok=False)
    """
    link, name_before = None, ""
    for number, (name, sheet) in enumerate(sheets, start=1):
        lines = sheet_lines(sheet)
        if lines is None or not SHEET_NAME.fullmatch(name):
            return Broken(number, "not an anchor sheet")
        if name <= name_before:
            return Broken(number, "sheets out of order")
        if link is not None and lines[0] != link:
            return Broken(number, "the sheet does not link to the one before")
        link, name_before = digest(sheet), name
    return Intact(len(sheets), link or GENESIS)

"""The ZIP: fixed dates and attributes, stored bytes, safe names, and the manifest over them."""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping

from recouvrement.domain.journal import digest

MANIFEST = "SHA256SUMS"
SAFE_NAME = re.compile(r"(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*")
FIXED_DATE = (1980, 1, 1, 0, 0, 0)


def manifest_of(members: Mapping[str, bytes]) -> bytes:
    """The lines of `sha256sum`, sorted by name, for every member.

    >>> manifest_of({"b": b"", "a": b""}).decode().splitlines()[0][-4:]
    '5  a'
    """
    return "".join(f"{digest(content)}  {name}\n" for name, content in sorted(members.items())).encode()


def packed(members: Iterable[tuple[str, bytes]]) -> bytes:
    """A ZIP of the members in the order given; same members, same bytes on any machine.

    Bytes are stored, not compressed: compressors differ between versions, and exhibits are compressed already.
    ValueError on a name that could leave the folder it is unpacked in, or that comes twice.
    """
    out = io.BytesIO()
    seen: set[str] = set()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members:
            if not SAFE_NAME.fullmatch(name) or name in seen:
                raise ValueError("a member of a dossier has an unsafe or repeated name")
            seen.add(name)
            entry = zipfile.ZipInfo(name, FIXED_DATE)
            entry.create_system = 3
            entry.external_attr = (0o100755 if name.endswith(".sh") else 0o100644) << 16
            archive.writestr(entry, content)
    return out.getvalue()

"""A file to read: bytes in memory or a path on disk, hashed and probed in one flat pass."""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from recouvrement.intake.encodings import EncodingProbe
from recouvrement.intake.limits import Limits
from recouvrement.intake.reasons import Reason
from recouvrement.intake.refusals import FileRefusedError

PIECE = 1024 * 1024


@dataclass(frozen=True)
class Source:
    """The name of a file and where its bytes are; nothing is opened before it is asked for."""

    name: str
    data: bytes | Path
    limits: Limits = field(default_factory=Limits)

    @cached_property
    def size(self) -> int:
        """Bytes."""
        return self.data.stat().st_size if isinstance(self.data, Path) else len(self.data)

    def opened(self) -> BinaryIO:
        """A fresh binary stream; the last one given tells how far the reading is."""
        stream: BinaryIO = self.data.open("rb") if isinstance(self.data, Path) else io.BytesIO(self.data)
        self.__dict__["_stream"] = stream
        return stream

    @property
    def fraction_read(self) -> float:
        """How much of the file has gone by, from 0 to 1, for a progress bar."""
        stream: BinaryIO | None = self.__dict__.get("_stream")
        if stream is None or not self.size:
            return 0.0
        return 1.0 if stream.closed else min(1.0, stream.tell() / self.size)

    def head(self, length: int = 8192) -> bytes:
        """The first bytes."""
        with self.opened() as stream:
            return stream.read(length)

    def tail(self, length: int = 200) -> bytes:
        """The last bytes."""
        with self.opened() as stream:
            stream.seek(max(0, self.size - length))
            return stream.read()

    @cached_property
    def _probe(self) -> tuple[str, str]:
        digest, probe = hashlib.sha256(), EncodingProbe()
        with self.opened() as stream:
            while piece := stream.read(PIECE):
                digest.update(piece)
                probe.feed(piece)
        return digest.hexdigest(), probe.encoding()

    @property
    def sha256(self) -> str:
        """Hexadecimal digest of the whole file."""
        return self._probe[0]

    @property
    def encoding(self) -> str:
        """The codec that the chain of encodings.py finds."""
        return self._probe[1]

    def whole(self, limit: int) -> bytes:
        """All the bytes; FileRefusedError above `limit`, before anything is read."""
        if self.size > limit:
            raise FileRefusedError(Reason.TOO_LARGE, f"{self.size} bytes, more than the {limit} accepted")
        return self.data.read_bytes() if isinstance(self.data, Path) else self.data

    def lines(self, newline: str | None = "", encoding: str | None = None) -> Iterator[tuple[int, str]]:
        """Number and text of each physical line, its end included; FileRefusedError on an endless one."""
        if self.size > self.limits.stream_bytes:
            limit = self.limits.stream_bytes
            raise FileRefusedError(Reason.TOO_LARGE, f"{self.size} bytes, more than the {limit} accepted")
        longest = self.limits.line_characters
        codec = encoding or self.encoding
        with io.TextIOWrapper(self.opened(), encoding=codec, errors="replace", newline=newline) as text:
            number = 0
            while line := text.readline(longest):
                number += 1
                if len(line) == longest and not line.endswith(("\n", "\r")):
                    raise FileRefusedError(Reason.UNREADABLE, f"line {number} is longer than {longest} characters")
                yield number, line

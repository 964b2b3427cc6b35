"""A process apart that typesets strangers' files: Typst aborts its whole process on some damaged PDFs.

Run by path, in isolated mode: FOLDER TIMESTAMP FONTS. The folder holds `main.typ`, `input.json` and the files they name;
`out.pdf` is written there. Exit 0, or anything else when it could not be done.
"""

import resource
import sys
from contextlib import suppress
from pathlib import Path

import typst

MEMORY = 4_000_000_000
SECONDS = 120


def main(folder: str, timestamp: str, fonts: str) -> None:
    """Typeset one folder within bounds of memory and time."""
    for what, limit in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_CORE, 0)):
        with suppress(ValueError, OSError):  # some systems refuse one of them; the caller's time limit stays
            resource.setrlimit(what, (limit, limit))
    root = Path(folder)
    pdf = typst.compile(
        str(root / "main.typ"),
        root=folder,
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts]),
        ignore_system_fonts=True,
        sys_inputs={"input": (root / "input.json").read_text("utf-8")},
        timestamp=int(timestamp),
        pdf_tags=False,
    )
    # Typst ends with %%EOF and no newline; every PDF of the house ends with one.
    (root / "out.pdf").write_bytes(bytes(pdf) + b"\n")


if __name__ == "__main__":
    main(*sys.argv[1:4])

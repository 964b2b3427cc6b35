"""A process apart that typesets strangers' files: Typst aborts its whole process on some damaged PDFs.

Run by path, in isolated mode, with the folder of fonts. Each line of its input is a job, `TIMESTAMP FOLDER`: the folder
holds `main.typ`, `input.json` and the files they name, and `out.pdf` is written there. Each job is done by a fork of this
process, which starts at once with Typst and the fonts loaded and may die alone; the answer is `done` or `not done`.
"""

import os
import resource
import sys
from contextlib import suppress
from pathlib import Path

import typst

MEMORY = 4_000_000_000
SECONDS = 120


def main(fonts_folder: str) -> None:
    """Do the jobs of the standard input until it ends."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts_folder])
    for line in sys.stdin:
        timestamp, _, folder = line.rstrip("\n").partition(" ")
        child = os.fork()
        if child == 0:
            _job(folder, int(timestamp), fonts)
        _, status = os.waitpid(child, 0)
        sys.stdout.write("done\n" if status == 0 else "not done\n")
        sys.stdout.flush()


def _job(folder: str, timestamp: int, fonts: typst.Fonts) -> None:
    """Typeset one folder within bounds of memory and time, and end this process."""
    code = 1
    try:
        for what, limit in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_CORE, 0)):
            with suppress(ValueError, OSError):  # some systems refuse one of them; the caller's time limit stays
                resource.setrlimit(what, (limit, limit))
        root = Path(folder)
        pdf = typst.compile(
            str(root / "main.typ"),
            root=folder,
            font_paths=fonts,
            ignore_system_fonts=True,
            sys_inputs={"input": (root / "input.json").read_text("utf-8")},
            timestamp=timestamp,
            pdf_tags=False,
        )
        # Typst ends with %%EOF and no newline; every PDF of the house ends with one.
        (root / "out.pdf").write_bytes(bytes(pdf) + b"\n")
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1])

"""Reading a text: Jinja2 in a sandbox, values fenced so that they never act as markup, then paragraphs.

A text is what a non-developer edits: front matter between `---` lines (subject, stage), then paragraphs separated by
blank lines. `**bold**`, `- item`, `## heading`, `~ small print`, and a line `@name` where a table or block goes.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, TemplateError, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from recouvrement.letters.blocks import Paragraph, Span, Style
from recouvrement.letters.words import TextFault, typographic
from recouvrement.typesetting import TEMPLATES, presentable

OPEN, CLOSE = "\ue000", "\ue001"
FENCED = re.compile(f"{OPEN}([^{CLOSE}]*){CLOSE}")
MARKERS = frozenset({"lines", "information", "credits", "totals", "penalties", "payment", "signature"})
STYLES = {"## ": Style.HEADING, "- ": Style.ITEM, "~ ": Style.SMALL}


@dataclass(frozen=True, slots=True)
class Marker:
    """The place of a block in the text."""

    name: str


@dataclass(frozen=True, slots=True)
class Written:
    """A text filled in: subject and stage as plain lines, then paragraphs and the places of blocks."""

    subject: str
    stage: str
    parts: tuple[Paragraph | Marker, ...]


def written(code: str, language: str, values: Mapping[str, object], templates: Path = TEMPLATES) -> Written:
    """Fill in the text of that code and language.

    Raises:
        TextFault: the text is missing, is not well formed, or uses a value that does not exist or is empty.
    """
    where = f"{language}/{code}.md.j2"
    try:
        filled = _template(code, language, templates).render(values)
    except (TemplateError, TypeError, ValueError) as fault:
        raise TextFault(f"{where}: {type(fault).__name__}: {fault}") from fault
    head, body = _split(filled, where)
    return Written(
        _heading(head, "subject", language, where),
        _heading(head, "stage", language, where),
        tuple(_parts(body, language, where)),
    )


TAGS_ALONE = re.compile(r"^[ \t]*((?:\{%[^\n]*?%\}[ \t]*)*\{%[^\n]*?)%\}[ \t]*\n", re.MULTILINE)


class _Texts(FileSystemLoader):
    """Files in which a line holding only tags leaves nothing behind, while a tag inside a line keeps its line end."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        source, name, fresh = super().get_source(environment, template)
        # The line end moves inside the tag, so that lines keep their numbers in messages.
        return TAGS_ALONE.sub("\\1\n%}", source), name, fresh


@cache
def _template(code: str, language: str, templates: Path) -> Template:
    return _environment(templates / language).get_template(f"{code}.md.j2")


@cache
def _environment(folder: Path) -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=_Texts(folder),
        undefined=StrictUndefined,
        finalize=_fenced,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
    )


def _fenced(value: object) -> str:
    if isinstance(value, Undefined):
        return str(value)  # raises, with the name of what is missing
    if value is None or isinstance(value, (float, Mapping, list, tuple)):
        raise ValueError(f"a text prints words, whole numbers and dates already written, not {type(value).__name__}")
    return f"{OPEN}{presentable(str(value))}{CLOSE}"


def _split(filled: str, where: str) -> tuple[dict[str, str], str]:
    lines = filled.splitlines()
    marks = [rank for rank, line in enumerate(lines) if line.strip() == "---"][:2]
    if len(marks) != 2 or any(line.strip() for line in lines[: marks[0]]):
        raise TextFault(f"{where}: front matter between two lines --- is missing")
    pairs = (line.partition(":") for line in lines[marks[0] + 1 : marks[1]] if line.strip())
    return {key.strip(): value.strip() for key, _, value in pairs}, "\n".join(lines[marks[1] + 1 :])


def _heading(head: Mapping[str, str], key: str, language: str, where: str) -> str:
    if not head.get(key):
        raise TextFault(f"{where}: the front matter has no {key}")
    return "".join(span.text for span in _spans(head[key], language, where))


def _parts(body: str, language: str, where: str) -> Iterator[Paragraph | Marker]:
    for chunk in re.split(r"\n\s*\n", body):
        gathered: list[str] = []
        for line in filter(None, (line.strip() for line in chunk.splitlines())):
            if line.startswith(("@", *STYLES)):
                yield from _paragraph(gathered, language, where)
                gathered = []
            if line.startswith("@"):
                yield _marker(line[1:].strip(), where)
            else:
                gathered.append(line)
        yield from _paragraph(gathered, language, where)


def _marker(name: str, where: str) -> Marker:
    if name not in MARKERS:
        raise TextFault(f"{where}: no block is called @{name}; there are {', '.join(sorted(MARKERS))}")
    return Marker(name)


def _paragraph(lines: list[str], language: str, where: str) -> Iterator[Paragraph]:
    if not lines:
        return
    text = " ".join(lines)
    for sign, style in STYLES.items():
        if text.startswith(sign):
            yield Paragraph(_spans(text.removeprefix(sign), language, where), style)
            return
    yield Paragraph(_spans(text, language, where))


def _spans(text: str, language: str, where: str) -> tuple[Span, ...]:
    """Split on `**` outside values; values come out as they are, the text around them typographically right."""
    spans: list[Span] = []
    bold = False
    for rank, piece in enumerate(FENCED.split(text)):
        if rank % 2:
            spans.append(Span(piece, bold))
            continue
        for turn, words_ in enumerate(typographic(piece, language).split("**")):
            bold ^= turn > 0
            spans.append(Span(words_, bold))
    if bold:
        raise TextFault(f"{where}: ** is opened and not closed")
    return _merged(spans)


def _merged(spans: list[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for span in spans:
        if merged and merged[-1].bold == span.bold:
            merged[-1] = Span(merged[-1].text + span.text, span.bold)
        elif span.text:
            merged.append(span)
    return tuple(merged)

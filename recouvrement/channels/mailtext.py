"""Reading strangers' messages: headers, Message-IDs, and the words that are new in a reply."""

import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from html.parser import HTMLParser
from typing import Final

MESSAGE_ID: Final = re.compile(r"<[^<>\s]{3,250}>")
MAX_WORDS: Final = 100_000  # characters of a body that are looked at
ATTRIBUTION: Final = re.compile(  # "Le 2 mars 2026 à 10:00, … a écrit :", on one line or folded on two
    r"^[ \t]*(le|on|el|am|il) [^\n]{4,200}(\n[^\n]{0,100})?\b(a écrit|wrote|écrit|escribió|schrieb( [^\n]{1,150})?|ha scritto)\s*:?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
REST_IS_QUOTED: Final = re.compile(
    r"^\s*(-{2,}\s*(message (d.origine|transféré|original)|original message|forwarded message|ursprüngliche).*|"
    r"-{2,}\s*(le|on|el|am|il) .{4,200}-{2,}|_{10,}|\*?(de|from|von)\s*:\*?\s.{3,})\s*$",
    re.IGNORECASE,
)


def header(message: Message, name: str) -> str:
    """A header as text on one line, "" when absent; undecodable words stay as they are, raw octets are UTF-8 or Latin."""
    value = next((text for key, text in message.raw_items() if key.lower() == name.lower()), None)
    if value is None:
        return ""
    raw = _legible(str(value))
    try:
        text = str(make_header(decode_header(raw)))
    except (HeaderParseError, LookupError, ValueError):
        text = raw
    return " ".join(text.replace("\ufffd", " ").split())


def _legible(raw: str) -> str:
    """A header whose octets over 127 came as surrogates (email.policy), as text."""
    octets = raw.encode("utf-8", "surrogateescape")
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("cp1252", "replace")


def message_ids(text: str) -> tuple[str, ...]:
    """The Message-IDs in a text, with their angle brackets, in order, each once.

    >>> message_ids("<a@x> (note) <b@y>  <a@x>")
    ('<a@x>', '<b@y>')
    """
    return tuple(dict.fromkeys(MESSAGE_ID.findall(text)))


def new_words(message: Message) -> str:
    """What the writer of a reply wrote: plain text if there is some, else the HTML's, without what is quoted.

    Our own letters say "already paid" and "contest"; without the cut every quoting reply would.
    """
    plain = next((text for text in _texts(message, "text/plain") if text.strip()), None)
    if plain is not None:
        return _unquoted(plain)
    shown = next((text for text in _texts(message, "text/html") if text.strip()), "")
    reader = _Words()
    reader.feed(shown[:MAX_WORDS])
    reader.close()
    return _unquoted("".join(reader.words))


def decoded(part: Message) -> str:
    """The text of one part in whatever charset it claims, or in UTF-8; bytes that do not fit are replaced."""
    payload = part.get_payload(decode=True)
    octets = payload[:MAX_WORDS] if isinstance(payload, bytes) else b""
    try:
        text = octets.decode(part.get_content_charset() or "utf-8", "replace")
    except (LookupError, ValueError):
        text = octets.decode("utf-8", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _texts(message: Message, content_type: str) -> list[str]:
    parts = (part for part in message.walk() if part.get_content_type() == content_type)
    return [decoded(part) for part in parts if part.get_content_disposition() != "attachment"]


def _unquoted(text: str) -> str:
    kept: list[str] = []
    for line in _without_attribution(text).splitlines():
        if REST_IS_QUOTED.match(line):
            break
        if not line.lstrip().startswith((">", "|")):
            kept.append(line.rstrip())
    return "\n".join(kept).strip()


def _without_attribution(text: str) -> str:
    """The text without "On … wrote:"; what follows it goes too, unless the quotation is marked by `>` line by line."""
    found = ATTRIBUTION.search(text)
    if found is None:
        return text
    rest = text[found.end() :]
    marked = any(line.lstrip().startswith(">") for line in rest.splitlines())
    return text[: found.start()] + (rest if marked else "")


class _Words(HTMLParser):
    """The text of an HTML mail outside quotations, scripts and styles, with line ends where blocks end."""

    SILENT: Final = frozenset({"blockquote", "script", "style", "head", "title"})
    BLOCKS: Final = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.silent = 0
        self.over = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.over = self.over or any("gmail_quote" in (value or "") for name, value in attrs if name == "class")
        self.silent += tag in self.SILENT
        if tag in self.BLOCKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.silent = max(0, self.silent - (tag in self.SILENT))
        if tag in self.BLOCKS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent and not self.over:
            self.words.append(" ".join(data.split("\n")))

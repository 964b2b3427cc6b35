"""A stored e-mail as a person reads it: headers, text, list of attachments; the exact bytes stay beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.errors import MessageError
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from html.parser import HTMLParser

from recouvrement.domain.journal import digest

SHOWN_HEADERS = (
    ("From", "De"),
    ("To", "À"),
    ("Cc", "Copie à"),
    ("Date", "Date"),
    ("Subject", "Objet"),
    ("Message-ID", "Identifiant"),
    ("In-Reply-To", "En réponse à"),
)
UNREADABLE = (ValueError, LookupError, AttributeError, TypeError, RecursionError, MessageError)
"""What the standard library's parser has been seen to raise on hostile headers and charsets."""

MAX_PARTS = 100


@dataclass(frozen=True, slots=True)
class ReadableEmail:
    """Headers as (label, value), the text, and the attachments as (name, media type, bytes)."""

    headers: tuple[tuple[str, str], ...]
    text: str
    attachments: tuple[tuple[str, str, bytes], ...]


def read_email(content: bytes) -> ReadableEmail | None:
    """What a person should see of a message, or None when it cannot be parsed as one.

    The text is the plain part, else the words of the HTML part; nothing is fetched, no script or style is kept.
    """
    try:
        message = BytesParser(policy=policy.default).parsebytes(content)
        headers = tuple((label, value) for name, label in SHOWN_HEADERS if (value := _header(message, name)))
        text, attachments = _split(message)
    except UNREADABLE:
        return None
    return ReadableEmail(headers, text, attachments) if headers else None


def _header(message: EmailMessage, name: str) -> str:
    return " ".join(str(value) for value in message.get_all(name, []))


def _split(message: EmailMessage) -> tuple[str, tuple[tuple[str, str, bytes], ...]]:
    plain: list[str] = []
    html: list[str] = []
    attachments: list[tuple[str, str, bytes]] = []
    for rank, part in enumerate(_leaves(message)):
        if rank >= MAX_PARTS:
            break
        content = _bytes_of(part)
        kind = part.get_content_type()
        shown_inline = part.get_content_disposition() != "attachment" and not part.get_filename()
        if shown_inline and kind == "text/plain":
            plain.append(_decoded(content, part))
        elif shown_inline and kind == "text/html":
            html.append(words_of_html(_decoded(content, part)))
        else:
            attachments.append((part.get_filename() or kind, kind, content))
    return "\n".join(plain or html), tuple(attachments)


def _leaves(message: MIMEPart) -> Iterator[MIMEPart]:
    """The parts that hold content; an attached message or delivery report is one leaf, not opened."""
    if message.get_content_maintype() == "multipart" and message.is_multipart():
        for part in message.iter_parts():
            yield from _leaves(part)
    else:
        yield message


def _bytes_of(part: MIMEPart) -> bytes:
    payload = part.get_payload(decode=True)
    if isinstance(payload, bytes):
        return payload
    return b"\n".join(inner.as_bytes() for inner in part.get_payload() if isinstance(inner, EmailMessage))


def _decoded(content: bytes, part: MIMEPart) -> str:
    return decoded(content, part.get_content_charset())


def decoded(content: bytes, charset: str | None = None) -> str:
    """Bytes as text: the charset named, else UTF-8, else Windows-1252; never an error.

    >>> decoded("é".encode("cp1252")), decoded("é".encode()), decoded(b"a", "no-such-charset")
    ('é', 'é', 'a')
    """
    for candidate in (charset, "utf-8-sig"):
        try:
            return content.decode(candidate or "ascii")
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    return content.decode("cp1252", errors="replace")


def attachment_line(name: str, media_type: str, content: bytes) -> str:
    """How an attachment is listed in the reading copy."""
    return f"{name} ({media_type}, {len(content)} octets, SHA-256 {digest(content)})"


class _Words(HTMLParser):
    BLOCKS = frozenset({"p", "div", "br", "tr", "li", "table", "h1", "h2", "h3", "h4", "ul", "ol", "blockquote"})
    SILENT = frozenset({"script", "style", "head", "title"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.silenced = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.silenced += tag in self.SILENT
        if tag in self.BLOCKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.silenced -= tag in self.SILENT and self.silenced > 0
        if tag in self.BLOCKS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silenced:
            self.words.append(" ".join(data.split()) + " " if data.strip() else "")


def words_of_html(html: str) -> str:
    r"""The words of an HTML text, one line per block.

    >>> words_of_html("<p>Bonjour <b>vous</b></p><style>x{}</style><script>1</script><p>Fin &amp; suite</p>")
    'Bonjour vous\nFin & suite'
    """
    reader = _Words()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.words).split("\n"))
    return "\n".join(line for line in lines if line)

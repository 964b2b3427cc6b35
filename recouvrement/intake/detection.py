"""What a file is, told by its content; its name only chooses between mappings."""

import re

from recouvrement.intake.encodings import decoded
from recouvrement.intake.reasons import Reason
from recouvrement.intake.refusals import FileRefusedError
from recouvrement.intake.safe_xml import refuse_declarations
from recouvrement.intake.source import Source

HEAD = 65536
ROOT = re.compile(r"<(?:([A-Za-z_][\w.\-]*):)?([A-Za-z_][\w.\-]*)([^<>]*)")
CFONB120 = re.compile(r"01[0-9A-Z]{5}.{4}[0-9A-Z ]{5}.{18}\d{6}", re.IGNORECASE)
CFONB240 = re.compile(r"3[14]\d{5}\d{1,8}.{200,}")
OPENING_TAG = re.compile(r"(?m)^[^:\w]{0,3}:20:")
MT940 = re.compile(r"(?m)^:(?:25|28C?|60[FM]):")
FEC = re.compile(r"\W{0,3}journalcode\W*[\t|;]\W*journallib", re.IGNORECASE)
XML_ROOTS = {
    "CrossIndustryInvoice": "cii",
    "CrossIndustryDocument": "cii",
    "Invoice": "ubl",
    "CreditNote": "ubl",
    "CrossDomainAcknowledgementAndResponse": "cdar",
    "OFX": "ofx",
}
CAMT_BODIES = {"BkToCstmrAcctRpt": "camt.052", "BkToCstmrStmt": "camt.053", "BkToCstmrDbtCdtNtfctn": "camt.054"}


def kind_of(source: Source) -> str:
    """camt.05x, cfonb120, mt940, ofx, facturx, cii, ubl, cdar, fec, bodacc, sheet or table; else FileRefusedError."""
    if source.size == 0:
        raise FileRefusedError(Reason.EMPTY_FILE, "the file is empty")
    head = source.head(HEAD)
    if b"%PDF-" in head[:1024]:
        return "facturx"
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
        return "sheet"
    text = decoded(head[: HEAD - 4])[0].lstrip("\ufeff \t\r\n")
    if not text.strip("\0 \t\r\n"):
        raise FileRefusedError(Reason.EMPTY_FILE, "the file holds only white space")
    if text.startswith("<"):
        return _xml_kind(text, head)
    return _text_kind(text)


def _xml_kind(text: str, head: bytes) -> str:
    if re.search(r"<(?:OFX)\b", text[:2000]) and "<!" not in text[:2000]:
        return "ofx"
    refuse_declarations(head)
    plain = from_root(text)
    found = ROOT.match(plain)
    name = found[2] if found else ""
    if name in XML_ROOTS:
        return XML_ROOTS[name]
    if name in {"Document", "BizMsg", "BusMsg", "RequestPayload"} or "camt.05" in plain[:4000]:
        for body, kind in CAMT_BODIES.items():
            if re.search(rf"<(?:[\w.\-]+:)?{body}(?:V\d+)?[\s>/]", plain):
                return kind
    raise FileRefusedError(Reason.UNKNOWN_FORMAT, "XML that is neither a bank statement nor an invoice")


def from_root(text: str) -> str:
    """The text from its root element on: past white space, instructions and comments, in one pass.

    >>> from_root("<?xml version='1.0'?> <!-- <x> --><root/>")
    '<root/>'
    """
    at = 0
    while True:
        at = next((place for place in range(at, len(text)) if not text[place].isspace()), len(text))
        end = next((mark for start, mark in (("<?", "?>"), ("<!--", "-->")) if text.startswith(start, at)), "")
        close = text.find(end, at) if end else -1
        if close < 0:
            return text[at:]
        at = close + len(end)


def _text_kind(text: str) -> str:
    if text.startswith("OFXHEADER") or re.match(r"[\s\S]{0,2000}?<OFX>", text):
        return "ofx"
    if text[0] in "{[" and re.match(r"[\[{]\s*(?:[\"\]{}]|$)", text):
        return "bodacc"
    if FEC.match(text):
        return "fec"
    if CFONB120.match(text):
        return "cfonb120"
    if CFONB240.match(text):
        message = "CFONB 240 (transfers to come), not the CFONB 120 statement of an account"
        raise FileRefusedError(Reason.NOT_A_STATEMENT, message)
    return "mt940" if MT940.search(text) and not text.startswith(('{"', "[")) else "table"

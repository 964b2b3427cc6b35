"""Papers that lie in a folder per invoice, or whose names begin with its number, told apart by the words of the name."""

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import PurePosixPath

from recouvrement.domain.records import DocumentRecord
from recouvrement.intake.mapping import plain_heading
from recouvrement.intake.other_rows import is_inside

ROLE_WORDS = (
    ("delivery_note", re.compile(r"\b(bon de livraison|livraison|bl|delivery note|delivery)\b")),
    ("proof_of_deposit", re.compile(r"\b(preuve de depot|depot)\b")),
    ("completion_certificate", re.compile(r"\b(pv|proces verbal|reception|completion)\b")),
    ("order", re.compile(r"\b(bon de commande|commande|bc|order|po)\b")),
    ("quote", re.compile(r"\b(devis|quote|offre)\b")),
    ("terms", re.compile(r"\b(cgv|conditions generales|terms)\b")),
    ("contract", re.compile(r"\b(contrat|contract)\b")),
    ("correspondence", re.compile(r"\b(courrier|correspondance|mail|email|lettre|letter|echange)\b")),
    ("guarantee", re.compile(r"\b(caution|garantie|guarantee)\b")),
    ("invoice", re.compile(r"\b(facture|invoice|fac)\b")),
)


def role_of(name: str) -> str:
    """What a file name says the paper is, 'other' when it says nothing.

    >>> [role_of(name) for name in ("FA-12_bon-de-livraison.pdf", "CGV 2026.pdf", "devis signé.pdf", "scan001.pdf")]
    ['delivery_note', 'terms', 'quote', 'other']
    """
    plain = plain_heading(PurePosixPath(name).stem)
    return next((role for role, words in ROLE_WORDS if words.search(plain)), "other")


def discovered(paths: Iterable[str], numbers: Collection[str]) -> Iterator[DocumentRecord]:
    """Documents of known invoices among relative paths: by folder name, else by the longest number that begins the name.

    >>> [(d.invoice_number, d.role) for d in discovered(["FA-1/devis.pdf", "FA-12 BL.pdf", "x.pdf"], ["FA-1", "FA-12"])]
    [('FA-1', 'quote'), ('FA-12', 'delivery_note')]
    """
    known = {_plain(number): number for number in numbers if _plain(number)}
    for stated in paths:
        path = stated.replace("\\", "/")
        parts = PurePosixPath(path)
        if not is_inside(path):
            continue
        number = next((known[_plain(folder)] for folder in parts.parts[:-1] if _plain(folder) in known), None)
        number = number or _beginning(parts.stem, known)
        if number:
            yield DocumentRecord(path=path, role=role_of(parts.name), invoice_number=number, title=parts.name)


def _plain(number: str) -> str:
    return plain_heading(number).replace(" ", "-")


def _beginning(stem: str, known: dict[str, str]) -> str | None:
    words = _plain(stem).split("-")
    for length in range(len(words), 0, -1):
        if (candidate := "-".join(words[:length])) in known:
            return known[candidate]
    return None

"""Life-cycle statuses of French e-invoicing (XP Z12-012) and what each one means to a collector."""

from recouvrement.intake.mapping import plain_heading

NAMES: dict[str, str] = {
    "200": "Déposée",
    "201": "Émise",
    "202": "Reçue",
    "203": "Mise à disposition",
    "204": "Prise en charge",
    "205": "Approuvée",
    "206": "Approuvée partiellement",
    "207": "En litige",
    "208": "Suspendue",
    "209": "Complétée",
    "210": "Refusée",
    "211": "Paiement transmis",
    "212": "Encaissée",
    "213": "Rejetée",
    "501": "Irrecevable",
}
NOT_RECEIVED_AS_DUE, DISPUTE, DOCUMENTS_MISSING = "not_received_as_due", "dispute", "documents_missing"
ACCEPTED, ACCEPTED_IN_PART, EXPECTED, RECEIVED = "accepted", "accepted_in_part", "payment_expected", "payment_received"
MEANINGS = {
    "205": ACCEPTED,
    "206": ACCEPTED_IN_PART,
    "207": DISPUTE,
    "208": DOCUMENTS_MISSING,
    "209": "documents_completed",
    "210": NOT_RECEIVED_AS_DUE,
    "211": EXPECTED,
    "212": RECEIVED,
    "213": NOT_RECEIVED_AS_DUE,
    "501": NOT_RECEIVED_AS_DUE,
}
BY_NAME = {plain_heading(name): code for code, name in NAMES.items()} | {
    "irrecevable": "501",
    "litige": "207",
    "encaissee": "212",
}


def code_of(text: str) -> str | None:
    """The three digits for a status written as number or French word, or None.

    >>> code_of("212"), code_of("fr:207"), code_of("refusée"), code_of("999")
    ('212', '207', '210', None)
    """
    stated = text.strip().rpartition(":")[2]
    return stated if stated in NAMES else BY_NAME.get(plain_heading(text))


def meaning(code: str) -> str:
    """What the status makes of the invoice (legal.md §12): a fact's name, or 'information'.

    >>> meaning("213"), meaning("207"), meaning("203")
    ('not_received_as_due', 'dispute', 'information')
    """
    return MEANINGS.get(code, "information")

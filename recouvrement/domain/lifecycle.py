"""Life-cycle statuses of French e-invoicing (XP Z12-012) and what each one means to a collector."""

APPROVED, APPROVED_IN_PART, DISPUTED, SUSPENDED, COMPLETED = "205", "206", "207", "208", "209"
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
NOT_RECEIVED_AS_DUE, DOCUMENTS_MISSING = "not_received_as_due", "documents_missing"
MEANINGS = {
    APPROVED: "accepted",
    APPROVED_IN_PART: "accepted_in_part",
    DISPUTED: "dispute",
    SUSPENDED: DOCUMENTS_MISSING,
    COMPLETED: "documents_completed",
    "210": NOT_RECEIVED_AS_DUE,
    "211": "payment_expected",
    "212": "payment_received",
    "213": NOT_RECEIVED_AS_DUE,
    "501": NOT_RECEIVED_AS_DUE,
}
NOT_RECEIVED = frozenset(code for code, meant in MEANINGS.items() if meant == NOT_RECEIVED_AS_DUE)


def meaning(code: str) -> str:
    """What the status makes of the invoice (legal.md §12): a fact's name, or 'information'.

    >>> meaning("213"), meaning("207"), meaning("203")
    ('not_received_as_due', 'dispute', 'information')
    """
    return MEANINGS.get(code, "information")

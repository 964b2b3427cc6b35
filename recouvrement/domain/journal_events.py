"""The events that the journal knows, one enumeration."""

from enum import StrEnum

HOUSE = "house"


class JournalEvent(StrEnum):
    """What a journal line can say; values never change, new ones are added."""

    LEDGER_OPENED = "ledger_opened"
    FILE_TAKEN_IN = "file_taken_in"
    FACTS_RECORDED = "facts_recorded"
    INVOICE_CORRECTED = "invoice_corrected"
    MONEY_ALLOCATED = "money_allocated"
    ALLOCATION_UNDONE = "allocation_undone"
    FACT_RECORDED = "fact_recorded"
    FACT_CLOSED = "fact_closed"
    DOCUMENT_ATTACHED = "document_attached"
    CONTACT_PLANNED = "contact_planned"
    CONTACT_FROZEN = "contact_frozen"
    CONTACT_APPROVED = "contact_approved"
    CONTACT_REFUSED = "contact_refused"
    CONTACT_MOVED = "contact_moved"
    CONTACT_SETTLED = "contact_settled"
    HISTORY_IMPORTED = "history_imported"
    POSTAL_PROOF = "postal_proof"
    CALL_NOTED = "call_noted"
    STEP_WAIVED = "step_waived"
    CASE_PROPOSED = "case_proposed"
    CASE_MOVED = "case_moved"
    DOSSIER_SEALED = "dossier_sealed"
    RUN_COMPLETED = "run_completed"
    LEDGER_PAUSED = "ledger_paused"
    LEDGER_RESUMED = "ledger_resumed"
    WENT_LIVE = "went_live"
    ANCHORED = "anchored"
    PERSON_ERASED = "person_erased"
    IBAN_CHANGED = "iban_changed"

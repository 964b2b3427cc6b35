"""What a person learns about a debtor: insolvency, a status that forbids chasing, its kind, a direct debit mandate."""

from datetime import date

from recouvrement.day.acts_base import Done, Refusal, debtor_named, perform, refuse_when
from recouvrement.day.house import House
from recouvrement.domain.parties import DebtorKind
from recouvrement.ledger.book import Act
from recouvrement.ledger.debtor_versions import change_debtor
from recouvrement.ledger.facts import open_facts, record_fact

PROCEDURES = (
    "safeguard",
    "receivership",
    "liquidation",
)  # sauvegarde, redressement, liquidation (C. com. L620-1, L631-1, L640-1)
STATUSES = ("over_indebted", "deceased", "protected_adult", "struck_off")
SOURCES = ("bodacc", "letter", "court", "registry", "family", "other")


def mark_insolvent(
    house: House, debtor: str, *, procedure: str, judgment_on: date, source: str, on: date, operator: str,
    published_on: date | None = None,
) -> Done:  # fmt: skip
    """Record insolvency proceedings that a person learned of: every reminder stops; claims are to be declared.

    The judgment's day splits claims by their delivery date (C. com. L622-24, L622-17); the day of publication in BODACC,
    where it is known, makes the limit to declare run (R622-24).
    """

    def write(act: Act) -> str:
        refuse_when(procedure not in PROCEDURES, "unknown_kind")
        refuse_when(source not in SOURCES, "unknown_source")
        refuse_when(judgment_on > on or (published_on or on) > on, "day_is_to_come")
        refuse_when(published_on is not None and published_on < judgment_on, "published_before_its_judgment")
        debtor_id = debtor_named(act, house, debtor)
        refuse_when(open_facts(act.connection, "insolvency", debtor_id), "recorded_already")
        told = {
            "kind": procedure,
            "judgment_on": judgment_on,
            "published_on": published_on,
            "source": f"person:{source}",
        }
        return record_fact(act, "insolvency", debtor_id, effective_on=on, **told)

    return perform(house, "insolvent", operator, write)


def set_party_status(house: House, debtor: str, *, status: str, source: str, on: date, operator: str) -> Done:
    """Record that a debtor is over-indebted, deceased, a protected adult or struck off: nobody is contacted, a person decides."""

    def write(act: Act) -> str:
        refuse_when(status not in STATUSES, "unknown_kind")
        refuse_when(source not in SOURCES, "unknown_source")
        debtor_id = debtor_named(act, house, debtor)
        refuse_when(
            any(r.status == status for r in open_facts(act.connection, "party_status", debtor_id)), "recorded_already"
        )
        return record_fact(act, "party_status", debtor_id, effective_on=on, status=status, source=source)

    return perform(house, "party_status", operator, write)


def set_kind(house: House, debtor: str, *, kind: str, on: date, operator: str) -> Done:
    """Say what a debtor is in law; it decides penalties, the 40 € and courts. A later file that names another kind changes it."""

    def write(act: Act) -> str:
        refuse_when(kind not in set(DebtorKind) - {DebtorKind.UNKNOWN}, "unknown_kind")
        return _new_version(act, debtor_named(act, house, debtor), {"kind": kind}, on)

    return perform(house, "debtor_kind", operator, write)


def set_direct_debit(house: House, debtor: str, *, mandate: bool, on: date, operator: str) -> Done:
    """Say whether a debtor pays by direct debit: while it does nobody is reminded; a debit that fails is told by ending it."""

    def write(act: Act) -> str:
        return _new_version(act, debtor_named(act, house, debtor), {"pays_by_direct_debit": int(mandate)}, on)

    return perform(house, "direct_debit", operator, write)


def _new_version(act: Act, debtor_id: str, changes: dict[str, object], on: date) -> str:
    version_id = change_debtor(act, debtor_id, changes, on=on)
    if version_id is None:
        raise Refusal("nothing_changes")
    return version_id

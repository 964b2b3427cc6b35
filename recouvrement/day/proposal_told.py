"""A proposal in the words of a dossier: facts for the drafts, missing papers, routes with their conditions, lines to read."""

from datetime import date

from recouvrement.day.proposal import Proposal
from recouvrement.domain.case_answers import YES_OR_NO
from recouvrement.domain.completeness import Bringer, Standing
from recouvrement.domain.facts import State
from recouvrement.domain.routes import RouteOption
from recouvrement.dossier.proposal_words import BRINGERS, CAUSES, FACTS, INSOLVENCY, LIMITS, REQUIREMENTS, YES_NO
from recouvrement.dossier.types import MissingPiece
from recouvrement.dossier.wording import DEBTOR_KIND_NAMES, day, euros
from recouvrement.settings import Settings


def missing_pieces(found: Proposal) -> tuple[MissingPiece, ...]:
    """The lines of the checklist that lack or were waived, per invoice, with who must bring them."""
    return tuple(
        MissingPiece(
            REQUIREMENTS[line.requirement],
            one.invoice,
            BRINGERS[line.bringer or Bringer.CREDIT_CONTROL],
            line.reason if line.standing is Standing.WAIVED else "",
        )
        for one in found.checklists
        for line in one.lines
        if line.standing is not Standing.PRESENT
    )


def route_rows(found: Proposal) -> tuple[dict[str, str], ...]:
    """The possible routes as rows of text, those of the situation first: open or not, conditions by state, cost, delay."""
    return tuple(_route(option, found.route) for option in (*found.options.options, *found.others))


def _route(option: RouteOption, chosen: str) -> dict[str, str]:
    route = option.route
    by_state = {
        state: " ; ".join(one.condition.text for one in option.answers if one.state is state) for state in State
    }
    return {
        "key": route.key,
        "name": route.name,
        "open": "non" if not option.is_open else "oui" if option.state is State.MET else "à vérifier",
        "chosen": "oui" if route.key == chosen else "",
        "met": by_state[State.MET],
        "missed": by_state[State.MISSED] or route.disabled,
        "unknown": by_state[State.UNKNOWN],
        "court": route.court,
        "cost": route.cost,
        "delay": route.delay,
        "article": route.provenance.article,
    }


def facts_told(found: Proposal, settings: Settings) -> dict[str, str]:
    """What the drafts of the routes print, by the names of their fields: recorded facts only, in French."""
    insolvency = found.insolvency
    told = {
        "contestation": f"oui : {_cause(found)}" if found.contested else "aucune enregistrée",
        "undisputed": "" if found.contested else euros(found.amounts.total, found.amounts.currency),
        "insolvency": _insolvency(found),
        "judgment_on": _day(insolvency.judgment_on if insolvency else None),
        "bodacc_on": _day(insolvency.published_on if insolvency else None),
        "declaration_deadline": _day(found.declaration_on),
        "insurer_deadline": _day(found.insurer_on),
        "insurer": settings.insurer,
        "evidence_score": f"{found.score} sur 1000",
        "cause": _cause(found),
        "interest_terms": "pénalités de l'article L441-10 du code de commerce, arrêtées à l'ouverture (L622-28)"
        if insolvency
        else "",
    }
    answers = {fact: YES_NO.get(value, value) for fact, value in found.answers.items() if fact != "court"}
    return {name: value for name, value in (told | answers).items() if value}


def _day(on: date | None) -> str:
    return day(on) if on else ""


def _cause(found: Proposal) -> str:
    return CAUSES.get(found.cause, found.cause.replace("_", " "))


def _insolvency(found: Proposal) -> str:
    if found.insolvency is not None:
        return INSOLVENCY.get(found.insolvency.kind, str(found.insolvency.kind))
    return "aucune au contrôle joint" if found.facts["insolvency_open"] is False else ""


def proposal_lines(found: Proposal, on: date) -> list[tuple[str, str]]:
    """The proposal in lines (label, value) for the page that a person reads before choosing."""
    age = (on - found.oldest_due).days
    limitation = found.limitation
    lines = [
        ("Débiteur", DEBTOR_KIND_NAMES[found.kind]),
        ("Âge de la plus ancienne échéance", f"{age} jours ({day(found.oldest_due)})"),
        ("Cause entendue", _cause(found) or "aucune"),
        ("Contestation", "oui" if found.contested else "aucune enregistrée"),
        ("Procédure collective", _insolvency(found) or "non contrôlée"),
        ("Prescription, date prudente", day(limitation.prudent_end) if limitation else day(None)),
        ("Preuves", f"{found.score} sur 1000 (facture la plus faible)"),
        ("Assureur-crédit : déclarer avant le", day(found.insurer_on) if found.insurer_on else "sans objet"),
        ("Juridiction", found.court or "à confirmer par le greffe"),
    ]
    if found.declaration_on:
        lines.append(("Déclaration de créance avant le", day(found.declaration_on)))
    lines += [(f"{LIMITS[clock.key]} ({clock.article})", day(clock.keep_on)) for clock in found.clocks]
    unknown = ", ".join(_asked(fact) for fact in found.options.unknown_facts)
    return [*lines, ("Faits que personne n'a renseignés", unknown or "aucun")]


def _asked(fact: str) -> str:
    """An unknown fact in French, with the key by which a person answers it (`recouvrement case-fact`)."""
    return f"{FACTS[fact]} [{fact}]" if fact in YES_OR_NO else FACTS[fact]


def situation_of(found: Proposal) -> str:
    """The row of the table that the facts give, and whether unknown facts make it an assumption."""
    row = found.options.situation
    if row is None:
        return ""
    return f"n° {row.situation.number}, {row.situation.title}" + (", à confirmer" if found.options.assumed else "")

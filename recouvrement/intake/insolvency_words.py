"""BODACC notices told apart by the words of the clerk: opening, conversion, plan, closure, other."""

import re
from datetime import date

from recouvrement.domain.records import InsolvencyNotice
from recouvrement.intake.mapping import plain_heading

PROCEDURES = (
    ("liquidation_judiciaire", re.compile(r"liquidation judiciaire")),
    ("redressement_judiciaire", re.compile(r"redressement judiciaire")),
    ("sauvegarde", re.compile(r"sauvegarde")),
    ("retablissement_professionnel", re.compile(r"retablissement professionnel")),
)
# The first rule that fits wins: a closure that names the opened procedure is a closure.
EVENTS = (
    ("other", re.compile(r"retractation|annul|rectificat|infirm|interdiction de gerer|faillite personnelle")),
    ("closure", re.compile(r"cloture|fin de la procedure|mettant fin|extinction du passif|insuffisance d actif")),
    (
        "conversion",
        re.compile(r"conver(sion|ti)|resolution du plan|prononcant la liquidation|en cours de procedure.*liquid"),
    ),
    ("plan", re.compile(r"\bplan\b|plan de (redressement|sauvegarde|continuation|cession)|arretant le plan")),
    (
        "other",
        re.compile(r"depot de l etat|etat des creances|liste des creances|projet de repartition|vente|cession|prolong"),
    ),
    ("other", re.compile(r"modifi|remplac|designation|report de la date|extension de delai|poursuite")),
    ("opening", re.compile(r"ouvert(ure|e)?\b|ouvrant|jugement (de|prononcant)|extension")),
)
OFFICER = re.compile(
    r"(?:mandataire|liquidateur)s? judiciaires?\s*:?\s*([^.;]+)|liquidateur\s*:?\s*([^.;]+)", re.IGNORECASE
)


def event_of(nature: str, detail: str = "") -> str:
    """What kind of notice this is; the nature decides, the detail only where the nature says nothing.

    >>> event_of("Jugement d'ouverture de liquidation judiciaire"), event_of("Jugement arrêtant le plan de redressement")
    ('opening', 'plan')
    >>> event_of("Jugement de conversion en liquidation judiciaire"), event_of("Clôture pour insuffisance d'actif")
    ('conversion', 'closure')
    >>> event_of("Dépôt de l'état des créances"), event_of("", "Bonjour")
    ('other', 'other')
    """
    for text in (plain_heading(nature), plain_heading(detail)):
        if not text:
            continue
        for event, rule in EVENTS:
            if rule.search(text):
                return (
                    event if event not in {"opening", "conversion"} or procedure_of(f"{nature} {detail}") else "other"
                )
    return "other"


def procedure_of(text: str) -> str:
    """The procedure that the words name, '' when none; of several, the gravest.

    >>> procedure_of("Jugement de conversion du redressement judiciaire en liquidation judiciaire")
    'liquidation_judiciaire'
    """
    plain = plain_heading(text)
    return next((name for name, rule in PROCEDURES if rule.search(plain)), "")


def officer_of(text: str) -> str:
    """The mandataire or liquidator that the notice names, '' when it does not.

    >>> officer_of("Ouverture. Liquidateur : SELARL Durand, 1 rue de la Paix. Les créances sont à déclarer")
    'SELARL Durand, 1 rue de la Paix'
    """
    found = OFFICER.search(text)
    return (found[1] or found[2]).strip(" :") if found else ""


def notice(
    *,
    notice_id: str,
    siren: str | None,
    debtor_name: str,
    nature: str,
    detail: str,
    family: str,
    judgment_on: date | None,
    published_on: date | None,
    court: str,
    line: int | None = None,
) -> InsolvencyNotice:
    """A classified notice; families other than collective procedures are 'other'."""
    collective = not family or "collectiv" in plain_heading(family) or family == "collective"
    return InsolvencyNotice(
        notice_id=notice_id,
        siren=siren,
        debtor_name=debtor_name,
        event=event_of(nature, detail) if collective else "other",
        procedure=procedure_of(f"{nature} {detail}"),
        judgment_on=judgment_on,
        published_on=published_on,
        court=court,
        nature=nature or detail[:200],
        officer=officer_of(detail),
        line=line,
    )

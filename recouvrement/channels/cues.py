"""Words in a reply that suggest what a person should look at first; they decide nothing."""

import re
from enum import StrEnum
from typing import Final


class Cue(StrEnum):
    """What a reply may be saying."""

    ALREADY_PAID = "already_paid"
    CONTESTED = "contested"
    PROMISE = "promise"


SENTENCE: Final = re.compile(r"[.!?;\n]+")
DENIED: Final = re.compile(
    r"\b(pas encore|pas pu|pas (pay|r[ée]gl|vir)|rien (pay|r[ée]gl)|jamais (pay|r[ée]gl)|ne contest|not contest|"
    r"not (yet )?(been )?paid|n.t (yet )?paid|not disput|without disput|sans contest)",
    re.IGNORECASE,
)
PATTERNS: Final = {
    Cue.ALREADY_PAID: re.compile(
        r"d[ée]j[àa] (été )?(pay|r[ée]gl|vir[ée]|sold|acquitt)|(a|ont|avons|ai|ayant|[ée]t[ée]) (bien )?(été )?"
        r"(pay[ée]|r[ée]gl[ée]|vir[ée]|acquitt[ée]|sold[ée])|(virement|paiement|r[èe]glement|ch[èe]que)s? "
        r"(est |a |ont |a été |ont été |a bien été )?(effectu|fait|parti|envoy|[ée]mis|pass|encaiss|ex[ée]cut)|"
        r"already (been )?(paid|settled)|(have|has|was|were|been|we) (already )?(paid|settled)|"
        r"payment (was|has been|is) (made|sent|done|issued)|paid (this|it|the invoice|on|by|in full)",
        re.IGNORECASE,
    ),
    Cue.CONTESTED: re.compile(
        r"contest(e|ons|er|ation|é)|\blitige|d[ée]saccord|pas d.accord|(erreur|anomalie)s? (de|sur|dans)|non conforme|"
        r"(jamais|pas) (été )?(reçu|livr|command)|factur[ée]e? (à tort|par erreur|deux fois)|d[ée]fectueu|malfaçon|"
        r"\bdisput(e|ed|ing)\b|disagree|(incorrect|wrong) (invoice|amount|price|quantity)|"
        r"(never|not) (been )?(received|delivered|ordered)|defective|overcharged|billed twice",
        re.IGNORECASE,
    ),
    Cue.PROMISE: re.compile(
        r"(je|nous|on) (vais|allons|va) (vous )?(pay|r[ée]gl|vir)|(pay|pai|r[ée]gl|r[èe]gl|vir)(erai|erons|era)\b|"
        r"(paiement|virement|r[èe]glement) (est )?(prévu|programm|planifi)|sera (pay|r[ée]gl|vir)|"
        r"(will|shall|going to) (be )?(pay|paid|settle)|payment (is )?(scheduled|planned)",
        re.IGNORECASE,
    ),
}


def cues_in(text: str) -> frozenset[Cue]:
    """The cues in the new words of a reply, sentence by sentence; a sentence that denies gives none.

    >>> sorted(cues_in("Bonjour, cette facture a été réglée le 3 mars par virement."))
    [<Cue.ALREADY_PAID: 'already_paid'>]
    >>> sorted(cues_in("Nous n'avons pas encore payé. Nous ne contestons pas la somme."))
    []
    """
    sentences = [sentence for sentence in SENTENCE.split(text) if not DENIED.search(sentence)]
    return frozenset(cue for cue, pattern in PATTERNS.items() if any(pattern.search(one) for one in sentences))

"""The words of a policy simulation, in French and English."""

WORDS: dict[str, tuple[str, str]] = {
    "title": ("Simulation de la politique « {candidate} »", "Simulation of the policy \u201c{candidate}\u201d"),
    "told": (
        "Du {start} au {end}, {days} jours ouvrés, à côté de « {current} ». Empreinte de la candidate : {sha}.",
        "From {start} to {end}, {days} working days, beside \u201c{current}\u201d. Digest of the candidate: {sha}.",
    ),
    "assumed": ("Ce que la simulation suppose", "What the simulation assumes"),
    "assumed_told": (
        (
            "Les deux politiques sont rejouées de la même façon sur l'histoire de la maison, telle qu'on la connaît aujourd'hui : "
            "paiements, contestations, promesses, réponses, adresses et pièces sont ce qu'ils furent, à leur date. Chaque message "
            "simulé compte pour les décisions suivantes de la même politique. Les appels sont faits le jour même, les accords "
            "donnés le jour même, les recommandés remis. Le comportement des clients est supposé inchangé : rien ici ne dit que la "
            "candidate ferait payer plus tôt ou davantage. Pour le mesurer, il faut un groupe témoin (commande « recouvrement hold-"
            "out »)."
        ),
        (
            "Both policies are replayed in the same way over the firm's history as it is known today: payments, disputes, promises,"
            " replies, addresses and documents are what they were, on their day. Each simulated message counts for the later "
            "decisions of the same policy. Calls are made and approvals given on the same day, registered letters are delivered. "
            "The behaviour of debtors is taken as unchanged: nothing here says that the candidate would make anybody pay sooner or "
            "more. To measure that, hold out a group (command \u201crecouvrement hold-out\u201d)."
        ),
    ),
    "contacts": ("Contacts", "Contacts"),
    "contacts_by": ("Contacts par étape et canal", "Contacts by step and channel"),
    "contacts_told": (
        "« Envoyé » : ce qui est vraiment parti. Les deux autres colonnes sont simulées, donc comparables entre elles.",
        "\u201cSent\u201d: what really left. The two other columns are simulated, hence comparable with each other.",
    ),
    "sent_really": ("{n} vraiment partis", "{n} really left"),
    "cost": ("Coût", "Cost"),
    "work": ("Travail des personnes", "Work for people"),
    "of_debtors": ("clients", "debtors"),
    "approvals": ("Accords à donner", "Approvals to give"),
    "hand_offs": ("Dossiers à confier", "Cases to hand over"),
    "step": ("Étape", "Step"),
    "channel": ("Canal", "Channel"),
    "sent": ("Envoyé", "Sent"),
    "ours": ("en vigueur", "in force"),
    "theirs": ("candidate", "candidate"),
    "contacts_ours": ("Contacts (en vigueur)", "Contacts (in force)"),
    "contacts_theirs": ("Contacts (candidate)", "Contacts (candidate)"),
    "differences": ("Différences à valider", "Differences to sign off"),
    "differences_told": (
        "Chaque client que la candidate aurait traité autrement : premier jour de chaque étape, en vigueur → candidate.",
        "Every debtor whom the candidate would have treated otherwise: first day of each stage, in force → candidate.",
    ),
    "debtor": ("Client", "Debtor"),
    "code": ("Code", "Code"),
    "name": ("Nom", "Name"),
    "verdict": ("Escalade", "Escalation"),
    "earlier": ("plus tôt", "earlier"),
    "later": ("plus tard", "later"),
    "only_current": ("seulement en vigueur", "in force only"),
    "only_candidate": ("seulement candidate", "candidate only"),
    "escalated_earlier": ("Escaladés plus tôt", "Escalated earlier"),
    "escalated_later": ("Escaladés plus tard", "Escalated later"),
    "same": ("inchangée", "unchanged"),
    "signed_off": ("Validé par, le", "Signed off by, on"),
    "nothing": ("Aucune différence.", "No difference."),
    "differences_count": ("Clients traités autrement", "Debtors treated otherwise"),
    "figure": ("Chiffre", "Figure"),
}


def say(key: str, language: str, **values: object) -> str:
    """A word or a sentence of a simulation, with its values filled in.

    >>> say("later", "fr"), say("sent_really", "en", n=3)
    ('plus tard', '3 really left')
    """
    return WORDS[key][0 if language == "fr" else 1].format(**values)

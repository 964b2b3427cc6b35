"""French for what left for a case and for calls: titles of exhibits and of lines of the chronology."""

from typing import Any

from recouvrement.domain.ladder import Channel, StepCode

TITLES: dict[str, str] = {
    StepCode.COURTESY: "Message avant échéance",
    StepCode.FRIENDLY_REMINDER: "Première relance",
    StepCode.FIRM_REMINDER: "Relance ferme",
    StepCode.LAST_REMINDER: "Dernière relance",
    StepCode.MISE_EN_DEMEURE: "Mise en demeure",
    "call_in_writing": "Relance écrite au lieu d'un appel",
    "statement": "Relevé de compte",
    "withdrawal": "Retrait d'une mise en demeure",
    "receipt_in_doubt": "Question sur un encaissement non attribué",
}
SENT_BY = {
    Channel.EMAIL: "par courriel",
    Channel.LETTER: "par courrier",
    Channel.REGISTERED_LETTER: "par lettre recommandée",
    Channel.CALL: "par téléphone",
    Channel.SMS: "par SMS",
}
CALLS = {
    "promised": "promesse de paiement",
    "paid_already": "dit avoir déjà payé",
    "disputed": "conteste",
    "asks_document": "demande une pièce",
    "cash_trouble": "difficultés de trésorerie",
    "refuses": "refuse de payer",
    "call_back": "à rappeler",
    "no_answer": "sans réponse",
    "message_left": "message laissé",
    "wrong_number": "mauvais numéro",
}
OUTCOMES = {
    "deposited": "Dépôt du recommandé",
    "delivered": "Recommandé remis",
    "refused": "Recommandé refusé",
    "unclaimed": "Recommandé non réclamé",
    "undeliverable": "Recommandé : destinataire inconnu à l'adresse",
}


def title_of(c: Any) -> str:
    """What a contact was, in the words of its text (a call made in writing is a reminder) and its channel."""
    return f"{TITLES.get(c.template, c.template)} {SENT_BY[Channel(c.channel)]}"

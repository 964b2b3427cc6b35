"""French for the proposal: lines of the checklist, who brings what, states of conditions, causes, coded facts, limits."""

from recouvrement.domain.completeness import Bringer, Requirement
from recouvrement.domain.facts import State

REQUIREMENTS = {
    Requirement.COMMITMENT: "Devis, commande ou contrat accepté",
    Requirement.ACCEPTED_TERMS: "Conditions générales acceptées",
    Requirement.DELIVERY: "Preuve de livraison ou d'exécution",
    Requirement.INVOICE: "Facture",
    Requirement.INVOICE_MENTIONS: "Mentions obligatoires de la facture",
    Requirement.STATEMENT: "Relevé de compte",
    Requirement.REMINDERS: "Relances et preuves d'envoi",
    Requirement.FORMAL_NOTICE: "Mise en demeure",
    Requirement.NOTICE_PROOF: "Preuve de dépôt et de distribution de la mise en demeure",
    Requirement.REPLIES: "Réponses du débiteur lues",
    Requirement.IDENTITY: "Identité du débiteur (extrait de registre du jour)",
    Requirement.INSOLVENCY_CHECK: "Contrôle de procédure collective (BODACC du jour)",
}
BRINGERS = {
    Bringer.SALES: "le service commercial",
    Bringer.DELIVERY_STAFF: "la livraison",
    Bringer.ACCOUNTS: "la comptabilité",
    Bringer.CREDIT_CONTROL: "le recouvrement",
    Bringer.SOFTWARE: "le logiciel",
}
STATES = {State.MET: "remplie", State.MISSED: "non remplie", State.UNKNOWN: "inconnue"}
CAUSES = {
    "oversight": "oubli",
    "bad_faith": "mauvaise foi",
    "dispute_quality": "qualité contestée",
    "dispute_quantity": "quantité contestée",
    "dispute_price": "prix contesté",
    "dispute_delivery": "livraison contestée",
    "quality": "qualité contestée",
    "quantity": "quantité contestée",
    "price": "prix contesté",
    "delivery": "livraison contestée",
    "administrative": "motif administratif",
    "cash_trouble": "difficultés de trésorerie",
    "promised": "a promis de payer",
    "paid_already": "dit avoir déjà payé",
    "disputed": "conteste",
    "asks_document": "demande une pièce",
    "refuses": "refuse de payer",
}
INSOLVENCY = {
    "safeguard": "sauvegarde",
    "receivership": "redressement judiciaire",
    "liquidation": "liquidation judiciaire",
}
YES_NO = {"yes": "oui", "no": "non"}
EVENTS = {
    "proposed": "Dossier proposé",
    "chosen": "Voie choisie",
    "sent": "Dossier transmis",
    "acknowledged": "Transmission confirmée",
    "order_obtained": "Ordonnance obtenue",
    "served": "Ordonnance signifiée",
    "opposed": "Opposition du débiteur",
    "enforceable": "Titre exécutoire",
    "enforcement": "Exécution en cours",
    "paid": "Dossier soldé",
    "settled": "Transaction",
    "lost": "Dossier clos sans paiement",
    "taken_back": "Dossier repris",
}
FACTS = {
    "amount_cents": "montant",
    "claim_is_invoiced": "créance facturée",
    "contested": "contestation",
    "creditor_is_trader": "créancier commerçant",
    "debtor_is_trader": "débiteur commerçant",
    "debtor_kind": "nature du débiteur",
    "debtor_location": "pays du débiteur",
    "enforceable_title": "titre exécutoire",
    "evidence_complete": "preuves complètes",
    "goods_under_retention_of_title": "réserve de propriété",
    "guarantor": "garant",
    "insolvency_open": "procédure collective (contrôle BODACC à joindre)",
    "limitation_months_left": "délai de prescription",
    "local_authority": "collectivité territoriale",
    "opposition_likely": "opposition probable",
    "recovery_threatened": "recouvrement menacé",
    "worth_pursuing": "montant au-dessus des frais",
}
LIMITS = {
    "answer_to_challenge": "Répondre à la contestation du mandataire",
    "declaration_of_claim": "Déclarer la créance",
    "declaration_of_claim_abroad": "Déclarer la créance (créancier hors du territoire)",
    "electronic_letter_acceptance": "Acceptation de la lettre électronique",
    "european_opposition": "Opposition du débiteur (européenne)",
    "ip_court_fee": "Consigner les frais de greffe",
    "ip_lawyer": "Constituer avocat",
    "ip_no_opposition_notice": "Attendre un avis d'opposition",
    "ip_opposition": "Opposition du débiteur",
    "ip_opposition_costs": "Consigner les frais d'opposition",
    "ip_service": "Faire signifier l'ordonnance",
    "l125_reply": "Réponse du débiteur (procédure simplifiée)",
    "l126_reply": "Réponse du débiteur au commandement",
    "l126_service": "Faire signifier le titre",
    "l126_wait": "Attendre avant le procès-verbal de non-contestation",
    "public_judgment_payment": "Paiement après jugement",
    "public_mandate": "Mandatement par le préfet",
    "releve_de_forclusion": "Demander un relevé de forclusion",
    "retention_of_title": "Revendiquer les marchandises",
}
